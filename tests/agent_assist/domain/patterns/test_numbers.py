"""Numbers, durations and shares in their comparable forms."""

from decimal import Decimal

import pytest

from agent_assist.domain.patterns import (
    find_durations,
    find_numbers,
    find_percentages,
    normalise_number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,299.50", "1299.5"),
        ("１２", "12"),
        ("1.2万", "12000"),
        ("十五", "15"),
        ("三百二十", "320"),
        ("一百零五", "105"),
        ("两千五", "2500"),
        ("三万二", "32000"),
        ("一万零五百", "10500"),
        ("二零二六", "2026"),
        ("半", "0.5"),
        ("两半", "2.5"),
        ("twenty-five", "25"),
        ("two hundred and fifty", "250"),
        ("千万", ""),
        ("万一", ""),
        ("abc", ""),
        ("", ""),
    ],
)
def test_normalise_number(text: str, value: str) -> None:
    assert normalise_number(text) == value


def test_find_numbers_leaves_words_and_codes_alone() -> None:
    text = "一直没到，十分着急，GF2611020017，这件三百二，two of them, this one，3个"
    assert [(n.text, n.value) for n in find_numbers(text)] == [
        ("三百二", Decimal(320)),
        ("two", Decimal(2)),
        ("3", Decimal(3)),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("七天", "7 days"),
        ("七天", "one week"),
        ("24小时", "1 day"),
        ("半年", "six months"),
        ("两年", "24 months"),
        ("5个工作日", "five business days"),
        ("一天半", "36 hours"),
        ("一个半月", "1.5 months"),
    ],
)
def test_durations_of_one_length_are_the_same(one: str, other: str) -> None:
    (a,), (b,) = find_durations(one), find_durations(other)
    assert a.same_length(b)


def test_working_days_are_not_calendar_days() -> None:
    (a,), (b,) = find_durations("7天"), find_durations("7个工作日")
    assert not a.same_length(b)


def test_a_range_gives_both_ends_and_years_are_no_durations() -> None:
    assert [d.minutes for d in find_durations("3-5个工作日")] == [3 * 1440, 5 * 1440]
    assert find_durations("2026年11月3日") == []


@pytest.mark.parametrize(
    ("text", "value", "discount"),
    [
        ("15%", 15, False),
        ("百分之十五", 15, False),
        ("fifteen percent", 15, False),
        ("20% off", 20, True),
        ("八折", 20, True),
        ("85折", 15, True),
        ("8.5折", 15, True),
    ],
)
def test_percentages(text: str, value: int, discount: bool) -> None:
    (one,) = find_percentages(text)
    assert (one.value, one.discount) == (value, discount)
