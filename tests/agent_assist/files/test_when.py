from datetime import UTC, datetime, timedelta, timezone

import pytest

from agent_assist.files.when import parse_when

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02T09:30:00Z", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("2026-11-02T09:30:00+08:00", datetime(2026, 11, 2, 9, 30, tzinfo=CHINA)),
        ("Mon, 02 Nov 2026 09:30:00 +0800", datetime(2026, 11, 2, 9, 30, tzinfo=CHINA)),
        ("1793583000", datetime(2026, 11, 2, 1, 30, tzinfo=UTC)),
        (1793583000000, datetime(2026, 11, 2, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_with_a_zone_keep_their_moment(text: object, expected: datetime) -> None:
    assert parse_when(text) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-11-02 9:30", "2026/11/2 9:30", "2026年11月2日 9时30分", "11/2/2026 9:30 AM", datetime(2026, 11, 2, 9, 30)],
)
def test_naive_times_are_local_and_become_aware(text: object) -> None:
    when = parse_when(text)
    assert when.tzinfo is not None
    assert when == datetime(2026, 11, 2, 9, 30).astimezone()


def test_day_first_where_month_first_is_no_date() -> None:
    assert parse_when("25/12/2026").date() == datetime(2026, 12, 25).date()


@pytest.mark.parametrize("text", ["soon", "2026-13-45", "", "明天", float("inf"), 10**30])
def test_what_is_no_time_raises_value_error(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_when(text)
