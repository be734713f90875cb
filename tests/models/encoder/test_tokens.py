"""Token ids and offsets of long and odd texts."""

import pytest

from models.encoder.tokens import MAX_TOKENS, TextEncoder, pad
from models.encoder.trunk import batches
from models.encoder.vocabulary import BOS, EOS


def test_offsets_leave_the_prefix_out(encoder: TextEncoder) -> None:
    text = "退货 please"
    encoded = encoder.encode(text, prefix="query: ")
    assert encoded.ids[0] == BOS
    assert encoded.ids[-1] == EOS
    assert [text[start:end].strip() for start, end in encoded.offsets if end] == ["退", "货", "please"]


@pytest.mark.parametrize("text", ["", " ", "\x00\x01\x02", "😀👍🏽", "\ud800", "\n\n", "a" * 100_000, "退" * 100_000])
def test_any_text_has_tokens_within_the_cap(encoder: TextEncoder, text: str) -> None:
    encoded = encoder.encode(text, prefix="query: ")
    assert 2 <= len(encoded.ids) <= MAX_TOKENS
    assert len(encoded.ids) == len(encoded.offsets)
    assert all(0 <= start <= end <= len(text) for start, end in encoded.offsets)


def test_a_long_text_keeps_head_and_tail(encoder: TextEncoder) -> None:
    text = "开头订单号" + "，啦啦啦" * 3000 + "结尾退款"
    encoded = encoder.encode(text, prefix="query: ")
    told = "".join(text[start:end] for start, end in encoded.offsets)
    assert told.startswith("开头订单号")
    assert told.endswith("结尾退款")


def test_pad_and_batches(encoder: TextEncoder) -> None:
    rows = [encoder.encode(text, prefix="") for text in ("短", "a somewhat longer text", "短短")]
    ids, mask = pad(rows)
    assert ids.shape == mask.shape
    assert mask.sum(axis=1).tolist() == [len(row.ids) for row in rows]
    assert sorted(index for batch in batches([9, 512, 3, 3, 512], rows=2, tokens=600) for index in batch) == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert batches([9, 512, 3, 3, 512], rows=2, tokens=600)[-1] == [4]
