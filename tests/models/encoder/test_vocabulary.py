"""The cut vocabulary keeps Chinese and English texts as they were."""

from pathlib import Path

import numpy as np
import pytest

from models.encoder.packed import PackedEncoder, SourceFormatError
from models.encoder.tokens import TextEncoder
from models.encoder.vocabulary import build_tokenizer, is_kept, kept_pieces

TEXTS = [
    "你好，我的订单GF2611020017什么时候能到？已经等了三天了！",
    "這件外套有沒有L碼，顏色是黑色的嗎",
    "Hi, where's my parcel? It was due on Nov 3rd & I've paid $29.99.",
    "iPhone 15 Pro 256GB 多少钱 😡😡 快点！！",
    "Ｆｕｌｌ－ｗｉｄｔｈ　ｔｅｘｔ，全角１２３",
    "line one\nline two\twith tab\r\n   and   spaces",
    "退款……到底退不退？？（第3次问）【急】",
    "email: li.na@mail.example.cn, tel +86 138-0013-8000; 1Z999AA10123456784",
]


def test_the_cut_tokenizer_gives_the_same_pieces(packed: PackedEncoder) -> None:
    kept = kept_pieces(packed.vocabulary)
    whole = build_tokenizer(packed.vocabulary, np.arange(len(packed.vocabulary.pieces)))
    cut = build_tokenizer(packed.vocabulary, kept)
    for text in TEXTS:
        assert cut.encode("query: " + text).tokens == whole.encode("query: " + text).tokens
        ids = cut.encode("query: " + text).ids
        assert [int(kept[i]) for i in ids] == whole.encode("query: " + text).ids


def test_offsets_count_characters_of_the_text(encoder: TextEncoder) -> None:
    text = "我要退 ＡＢＣ 两件"
    covered = {i for start, end in encoder.encode(text, prefix="").offsets for i in range(start, end)}
    assert {i for i, char in enumerate(text) if char != " "} <= covered


@pytest.mark.parametrize("piece", ["▁the", "订单", "！", "3", "😀", "é", "の"])
def test_kept(piece: str) -> None:
    assert is_kept(piece)


@pytest.mark.parametrize("piece", ["▁привет", "안녕", "ありがとう", "▁ciência", "ไทย"])
def test_cut(piece: str) -> None:
    assert not is_kept(piece)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"E5Q4" + b"\x00" * 200)
    with pytest.raises(SourceFormatError):
        PackedEncoder(path)
