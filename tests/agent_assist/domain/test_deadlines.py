"""When a waiting ticket is due."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from agent_assist.domain.deadlines import Deadline, Targets, WorkingHours, deadline
from agent_assist.domain.tickets import Channel, TicketRow, TicketState

SHANGHAI = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai
OFFICE = WorkingHours(opens=9 * 60, closes=18 * 60, days=frozenset(range(5)), zone=SHANGHAI)
NIGHT = WorkingHours(opens=20 * 60, closes=2 * 60, zone=UTC)


def row(channel: Channel, *, answered_before: bool = False) -> TicketRow:
    return TicketRow(
        id="T",
        customer="",
        subject="",
        preview="",
        channel=channel,
        state=TicketState.WAITING,
        waiting_since=MONDAY,
        version=1,
        answered_before=answered_before,
    )


@pytest.mark.parametrize(
    ("channel", "answered_before", "target"),
    [
        (Channel.CHAT, False, timedelta(seconds=30)),
        (Channel.CHAT, True, timedelta(minutes=3)),
        (Channel.EMAIL, False, timedelta(hours=24)),
        (Channel.EMAIL, True, timedelta(hours=24)),
        (Channel.OTHER, False, timedelta(hours=24)),
    ],
)
def test_each_channel_has_its_target(channel: Channel, answered_before: bool, target: timedelta) -> None:
    due = deadline(row(channel, answered_before=answered_before), targets=Targets(), hours=WorkingHours())
    assert due == Deadline(due=MONDAY + target)


def test_time_left_and_overdue() -> None:
    due = Deadline(due=MONDAY)
    assert due.left(MONDAY - timedelta(seconds=5)) == timedelta(seconds=5)
    assert not due.overdue(MONDAY)
    assert due.overdue(MONDAY + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("hours", "since", "span", "due"),
    [
        # Monday 20:00 is after hours: the half minute begins on Tuesday at nine.
        (OFFICE, MONDAY, timedelta(seconds=30), datetime(2026, 11, 3, 9, 0, 30, tzinfo=SHANGHAI)),
        # Friday 17:00 and four hours: one on Friday, three on Monday.
        (
            OFFICE,
            datetime(2026, 11, 6, 17, 0, tzinfo=SHANGHAI),
            timedelta(hours=4),
            datetime(2026, 11, 9, 12, 0, tzinfo=SHANGHAI),
        ),
        # 24 working hours are two days of nine and six hours of a third.
        (
            OFFICE,
            datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI),
            timedelta(hours=24),
            datetime(2026, 11, 4, 15, 0, tzinfo=SHANGHAI),
        ),
        # Exactly the closing time is still in time.
        (
            OFFICE,
            datetime(2026, 11, 2, 17, 0, tzinfo=SHANGHAI),
            timedelta(hours=1),
            datetime(2026, 11, 2, 18, 0, tzinfo=SHANGHAI),
        ),
        # Past midnight the evening's hours go on.
        (
            NIGHT,
            datetime(2026, 11, 3, 1, 30, tzinfo=UTC),
            timedelta(hours=1),
            datetime(2026, 11, 3, 20, 30, tzinfo=UTC),
        ),
        (NIGHT, datetime(2026, 11, 2, 23, 0, tzinfo=UTC), timedelta(hours=2), datetime(2026, 11, 3, 1, 0, tzinfo=UTC)),
    ],
)
def test_only_working_time_counts(hours: WorkingHours, since: datetime, span: timedelta, due: datetime) -> None:
    assert hours.after(since, span) == due


def test_the_clocks_going_back_costs_nobody_an_hour() -> None:
    berlin = WorkingHours(opens=9 * 60, closes=17 * 60, zone=ZoneInfo("Europe/Berlin"))
    saturday = datetime(2026, 10, 24, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    due = berlin.after(saturday, timedelta(hours=2)).astimezone(berlin.zone)
    assert (due.day, due.hour) == (25, 10)
