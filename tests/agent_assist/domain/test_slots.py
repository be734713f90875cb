"""Slots of reviewed texts."""

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.slots import NAMES, fill_slots, find_slots

VALUES = {"customer_name": "李雷", "order_number": "GF2611020017"}


def test_slots_are_filled_under_chinese_and_english_names() -> None:
    found = fill_slots("{客户姓名}您好，订单{订单号} / {order_number} / {Order_Number}", VALUES)
    assert found.text == "李雷您好，订单GF2611020017 / GF2611020017 / GF2611020017"
    assert not found.open
    assert [found.text[one.start : one.end] for one in found.filled] == ["李雷", *["GF2611020017"] * 3]


def test_what_nothing_fills_stays_and_is_told() -> None:
    found = fill_slots("{carrier}: {colour} {订单号}", VALUES | {"carrier": "  "})
    assert found.text == "{carrier}: {colour} GF2611020017"
    assert [(found.text[one.start : one.end], one.name) for one in found.open] == [
        ("{carrier}", "carrier"),
        ("{colour}", ""),
    ]
    assert found.open_words == ("carrier", "colour")


def test_braces_that_are_no_slots_are_text() -> None:
    text = '{} { order_number } {1} {"order_number": 1} {{}} {a b} {订 单} {a-b} }{'
    assert find_slots(text) == []
    assert fill_slots(text, VALUES).text == text


def test_a_value_with_braces_is_not_filled_again() -> None:
    found = fill_slots("{customer_name}{product}", {"customer_name": "{product}", "product": "X"})
    assert found.text == "{product}X"


@given(st.text(alphabet=st.sampled_from("{}ab_订单号 1"), max_size=40))
def test_nothing_else_changes(text: str) -> None:
    found = fill_slots(text, {})
    assert found.text == text
    assert [(one.start, one.end) for one in found.open] == [(one.start, one.end) for one in find_slots(text)]


def test_no_word_means_two_slots() -> None:
    words = [word for name, others in NAMES.items() for word in (name, *others)]
    assert len(words) == len(set(words))
    assert all(len(find_slots(f"{{{word}}}")) == 1 for word in words)
