"""The usual times to snooze until, and times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent_assist.domain.deadlines import WorkingHours
from agent_assist.domain.snoozing import SnoozePreset, parse_until, snooze_choices

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
# A Wednesday, 15:20 in Shanghai.
NOW = datetime(2026, 11, 25, 7, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("45m", "11-25 16:05"),
        ("in 45 min", "11-25 16:05"),
        ("1.5h", "11-25 16:50"),
        ("2 hours", "11-25 17:20"),
        ("半小时", "11-25 15:50"),
        ("半个小时后", "11-25 15:50"),
        ("两小时后", "11-25 17:20"),
        ("3天", "11-28 15:20"),
        ("2周后", "12-09 15:20"),
        ("18:30", "11-25 18:30"),
        ("18：30", "11-25 18:30"),
        ("5pm", "11-25 17:00"),
        ("at 5 pm", "11-25 17:00"),
        ("9:00", "11-26 09:00"),
        ("12am", "11-26 00:00"),
        ("24:00", "11-26 00:00"),
        ("下午3点半", "11-25 15:30"),
        ("晚上8点", "11-25 20:00"),
        ("中午12点", "11-26 12:00"),
        ("tomorrow", "11-26 09:00"),
        ("Tomorrow 14:00", "11-26 14:00"),
        ("明天", "11-26 09:00"),
        ("明天下午3点", "11-26 15:00"),
        ("后天 10:15", "11-27 10:15"),
        ("fri", "11-27 09:00"),
        ("wed 8:00", "12-02 08:00"),
        ("周五", "11-27 09:00"),
        ("下周五 9点", "12-04 09:00"),
        ("next monday", "11-30 09:00"),
        ("星期天", "11-29 09:00"),
        ("12-24 10:00", "12-24 10:00"),
        ("12月24日", "12-24 09:00"),
        ("12月24号 下午2点15分", "12-24 14:15"),
        ("2026-12-24", "12-24 09:00"),
        ("2026-12-24 10:00", "12-24 10:00"),
        ("2026-12-24T10:00+01:00", "12-24 17:00"),
        ("3-8 9:00", "03-08 09:00"),
    ],
)
def test_times_are_read(text: str, meant: str) -> None:
    found = parse_until(text, NOW, zone=SHANGHAI)
    assert found is not None
    assert f"{found.astimezone(SHANGHAI):%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "text",
    ["", "soon", "0m", "99:00", "25:10", "today 9:00", "2020-01-01", "13-40", "2-30", "2029-01-01", "5 apples", "9"],
)
def test_what_is_no_time_to_come_is_none(text: str) -> None:
    assert parse_until(text, NOW, zone=SHANGHAI) is None


def test_a_day_begins_when_the_shop_opens() -> None:
    found = parse_until("明天", NOW, zone=SHANGHAI, opens=600)
    assert found == datetime(2026, 11, 26, 10, tzinfo=SHANGHAI)


def test_a_wall_time_is_the_same_across_a_change_of_clocks() -> None:
    friday = datetime(2026, 10, 23, 12, tzinfo=BERLIN)
    found = parse_until("monday", friday, zone=BERLIN)
    assert found is not None
    assert (found.hour, found - friday) == (9, timedelta(days=2, hours=21))  # of the zone's wall clock
    assert found.astimezone(UTC).hour == 8


def test_the_usual_choices_are_in_order_and_lie_ahead() -> None:
    hours = WorkingHours(opens=600, closes=1200, days=frozenset(range(5)), zone=SHANGHAI)
    found = {one.preset: f"{one.until.astimezone(SHANGHAI):%a %d %H:%M}" for one in snooze_choices(NOW, hours)}
    assert found == {
        SnoozePreset.HALF_HOUR: "Wed 25 15:50",
        SnoozePreset.TWO_HOURS: "Wed 25 17:20",
        SnoozePreset.EVENING: "Wed 25 18:00",
        SnoozePreset.TOMORROW: "Thu 26 10:00",
        SnoozePreset.MONDAY: "Mon 30 10:00",
        SnoozePreset.WEEK: "Wed 02 10:00",
    }


def test_a_choice_that_is_over_or_means_the_same_as_another_is_left_out() -> None:
    hours = WorkingHours(opens=600, closes=1200, days=frozenset(range(5)), zone=SHANGHAI)
    friday_night = datetime(2026, 11, 27, 21, tzinfo=SHANGHAI)
    found = [one.preset for one in snooze_choices(friday_night, hours)]
    assert SnoozePreset.EVENING not in found
    # Tomorrow is no working day: the next one is Monday.
    assert [one for one in found if one in (SnoozePreset.TOMORROW, SnoozePreset.MONDAY)] == [SnoozePreset.TOMORROW]
