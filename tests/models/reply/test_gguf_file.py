"""Heads of GGUF files: read as the `gguf` package reads them, broken ones refused in a sentence, adapters compared."""

import struct
from pathlib import Path

import gguf
import pytest

from models.reply.gguf_file import BrokenGgufError, check_adapter, read_head
from tests.helpers.models import models_dir
from tests.helpers.tiny_gguf import make_adapter, make_gguf


def test_it_reads_what_the_gguf_package_reads(tmp_path: Path) -> None:
    path = make_gguf(tmp_path / "model.gguf", template="{{ messages }}")
    head, reader = read_head(path), gguf.GGUFReader(path)
    for key, field in reader.fields.items():
        if not key.startswith("GGUF."):
            content = field.contents()
            assert head.fields[key] == (tuple(content) if isinstance(content, list) else content), key
    assert {name: (one.shape, one.type, one.size) for name, one in head.tensors.items()} == {
        one.name: (tuple(map(int, one.shape)), one.tensor_type.name, one.n_bytes) for one in reader.tensors
    }
    assert head.lists["tokenizer.ggml.tokens"] == 260
    assert head.number("attention.head_count_kv") == 1


@pytest.mark.models
def test_a_real_model_is_read() -> None:
    head = read_head(models_dir() / "reply" / "gemma3-270m" / "model.gguf")
    assert (head.architecture, head.number("block_count"), head.number("context_length")) == ("gemma3", 18, 32768)
    assert head.lists["tokenizer.ggml.tokens"] == 262144
    assert len(head.tensors) == 236


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_ends_too_early_is_noticed_wherever_it_ends(tmp_path: Path, part: float) -> None:
    whole = make_gguf(tmp_path / "model.gguf").read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(BrokenGgufError, match=r"copy it again"):
        read_head(cut)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"no model at all", "not a GGUF"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(64), "byte order"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "damaged"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 62), "copy it again"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2) + b"\xff\xfe" + bytes(64), "damaged"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99) + bytes(64), "damaged"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + struct.pack("<Q", 1) + b"t" + struct.pack("<I", 999), "damaged"),
    ],
)
def test_what_is_no_gguf_is_told_from_what_is_broken(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(BrokenGgufError, match=told):
        read_head(path)


def test_an_adapter_that_fits_passes(tmp_path: Path) -> None:
    base = read_head(make_gguf(tmp_path / "base" / "model.gguf"))
    check_adapter(read_head(make_adapter(tmp_path / "a.gguf")), base)


@pytest.mark.models
def test_the_shipped_adapter_fits_the_starter() -> None:
    root = Path(__file__).parents[3]
    base = read_head(models_dir() / "reply" / "gemma3-270m" / "model.gguf")
    check_adapter(read_head(root / "resources/adapters/reply-starter/adapter.gguf"), base)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"architecture": "gemma3"}, "an adapter for gemma3"),
        ({"layers": 3}, "does not have"),
        ({"width": 48}, "another size"),
        ({"halves": "a"}, "one half"),
        ({"halves": ""}, "no LoRA"),
    ],
)
def test_an_adapter_for_another_base_is_refused_with_what_differs(
    tmp_path: Path, fields: dict[str, str | int], told: str
) -> None:
    base = read_head(make_gguf(tmp_path / "base" / "model.gguf"))
    with pytest.raises(BrokenGgufError, match=told):
        check_adapter(read_head(make_adapter(tmp_path / "a.gguf", **fields)), base)  # type: ignore[arg-type]
