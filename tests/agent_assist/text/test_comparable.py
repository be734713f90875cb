"""Texts that read the same have one key, texts that do not have two."""

import pytest

from agent_assist.text.comparable import comparison_key


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("我要退貨", "我要退货"),
        ("ＡＢＣ１２３", "abc123"),
        ("Where is my order?", "where is  my order"),
        ("到了吗？？😀", "到了吗"),
        ("订单 12 345", "订单12345"),
        ("a_b\ud800", "ab?"),
        ("👍🏽 thanks", "Thanks!"),
        ("", " \n"),
    ],
)
def test_what_reads_the_same_has_one_key(first: str, second: str) -> None:
    assert comparison_key(first) == comparison_key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("1.5 kg", "15 kg"), ("？", "👍"), ("能退货", "不能退货"), ("I can", "I can't"), ("?", "")],
)
def test_what_does_not_has_two(first: str, second: str) -> None:
    assert comparison_key(first) != comparison_key(second)


def test_signs_at_the_end_of_numbers_go() -> None:
    assert comparison_key("共3.5元。2件, 4.") == "共3.5元2件4"
