"""Until when to snooze: the usual choices by the shop's hours, and times as people write them in both languages."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from agent_assist.domain.deadlines import WorkingHours

MORNING = 9 * 60
EVENING = 18 * 60
LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)


class SnoozePreset(StrEnum):
    """A usual choice."""

    HALF_HOUR = "half_hour"
    TWO_HOURS = "two_hours"
    EVENING = "evening"
    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """A usual choice with the moment that it means now (timezone-aware)."""

    preset: SnoozePreset
    until: datetime


def snooze_choices(now: datetime, hours: WorkingHours) -> list[SnoozeChoice]:
    """The choices that make sense `now`, soonest first; days begin when the shop opens, or at nine."""
    today, zone, opens = now.astimezone(hours.zone).date(), hours.zone, hours.opens or MORNING
    days = {
        SnoozePreset.TOMORROW: _working_day(today + _DAY, hours),
        SnoozePreset.MONDAY: today + (7 - today.weekday()) * _DAY,
        SnoozePreset.WEEK: _working_day(today + 7 * _DAY, hours),
    }
    choices = [
        SnoozeChoice(SnoozePreset.HALF_HOUR, now + timedelta(minutes=30)),
        SnoozeChoice(SnoozePreset.TWO_HOURS, now + timedelta(hours=2)),
        SnoozeChoice(SnoozePreset.EVENING, _at(today, EVENING, zone)),
        *(SnoozeChoice(preset, _at(day, opens, zone)) for preset, day in days.items()),
    ]
    kept: dict[datetime, SnoozeChoice] = {}
    for choice in choices:
        if choice.until > now:
            kept.setdefault(choice.until, choice)
    return sorted(kept.values(), key=lambda choice: choice.until)


def parse_until(text: str, now: datetime, *, zone: tzinfo | None = None, opens: int = MORNING) -> datetime | None:
    """The moment that `text` means, seen from `now`; None where it is no time, has gone by or is over a year away.

    "45m", "2 h", "in 3 days", 两小时后, "14:30", "5pm", 下午3点, "tomorrow 9:00", 下周五, "12-24 10:00", ISO 8601. A
    day without a clock time means `opens` (minutes after midnight), a clock time that is over today is tomorrow's.
    `zone` None is the machine's own.
    """
    said = " ".join(text.casefold().split()).translate(_DIGITS)
    today = now.astimezone(zone)
    found = _span(said, now) or _iso(text.strip(), zone) or _moment(said, today, zone, opens)
    return found if found is not None and now < found <= now + LONGEST else None


_DIGITS = str.maketrans("一两二三四五六七八九：", "1223456789:")
_UNITS = {
    "minutes": "m min mins minute minutes 分 分钟 分鐘",
    "hours": "h hr hrs hour hours 小时 小時 钟头",
    "days": "d day days 天 日",
    "weeks": "w wk week weeks 周 星期 週",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SPAN = re.compile(r"(?:in )?(?P<n>\d{1,4}(?:\.\d)?|半) ?个?(?P<unit>[a-z]+|[^\W\da-z]+?)(?:后|後|以后|之后)?")
_CLOCK = re.compile(
    r"(?:at )?(?P<part>早上|上午|中午|下午|晚上|晚)? ?(?P<h>[01]?\d|2[0-4])"
    r"(?::(?P<m>[0-5]\d)|[点點](?:(?P<half>半)|(?P<zm>[0-5]?\d)分?)?|(?= ?[ap]m)) ?(?P<ap>[ap]m)?"
)
_DATE = re.compile(r"(?:(?P<y>20\d\d)[-/年])?(?P<m>1[0-2]|0?[1-9])[-/月](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)[日号]?")
_NEAR = {
    name: ahead
    for ahead, names in enumerate(("today 今天 今日", "tomorrow tmr 明天 明日", "后天 後天"))
    for name in names.split()
}
_NEAR["明早"] = 1
_WEEKDAYS = {
    name.translate(_DIGITS): day
    for day, names in enumerate(
        (
            "mon monday 周一 星期一 礼拜一",
            "tue tues tuesday 周二 星期二 礼拜二",
            "wed wednesday 周三 星期三 礼拜三",
            "thu thur thurs thursday 周四 星期四 礼拜四",
            "fri friday 周五 星期五 礼拜五",
            "sat saturday 周六 星期六 礼拜六",
            "sun sunday 周日 星期日 礼拜日 周天 星期天 礼拜天",
        )
    )
    for name in names.split()
}
_NAMES = "|".join(sorted([*_NEAR, *_WEEKDAYS], key=len, reverse=True))
_NAMED = re.compile(rf"(?P<next>next |下个?)?(?P<name>{_NAMES})(?![a-z])")


def _span(said: str, now: datetime) -> datetime | None:
    match = _SPAN.fullmatch(said)
    unit = _UNIT_OF.get(match["unit"]) if match else None
    if match is None or unit is None:
        return None
    return now + timedelta(**{unit: 0.5 if match["n"] == "半" else float(match["n"])})


def _iso(text: str, zone: tzinfo | None) -> datetime | None:
    if len(text) <= len("2026-12-24"):  # a bare date means the morning, not midnight
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else _in_zone(found, zone)


def _moment(said: str, today: datetime, zone: tzinfo | None, opens: int) -> datetime | None:
    """A day, a clock time, or both."""
    named, dated = _NAMED.match(said), _DATE.match(said)
    match = named or dated
    rest = (said[match.end() :] if match else said).strip(" ,，")
    minutes = _minutes(rest)
    if minutes is None and (rest or match is None):
        return None
    if match is None:
        found = _at(today.date(), minutes or 0, zone)
        return found if found > today else _at(today.date() + _DAY, minutes or 0, zone)
    day = _named_day(named, today.date()) if named else _dated_day(match, today.date())
    return None if day is None else _at(day, opens if minutes is None else minutes, zone)


def _named_day(match: re.Match[str], today: date) -> date:
    name = match["name"]
    if name in _NEAR:
        return today + _NEAR[name] * _DAY
    if match["next"]:
        return today + (7 - today.weekday() + _WEEKDAYS[name]) * _DAY
    return today + ((_WEEKDAYS[name] - today.weekday()) % 7 or 7) * _DAY


def _dated_day(match: re.Match[str], today: date) -> date | None:
    try:
        day = date(int(match["y"] or today.year), int(match["m"]), int(match["d"]))
        return day if match["y"] or day >= today else day.replace(year=day.year + 1)
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    """Minutes after midnight of a clock time."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match["h"]), int(match["m"] or match["zm"] or (30 if match["half"] else 0))
    afternoon = match["ap"] == "pm" or match["part"] in {"下午", "晚上", "晚"}
    if (afternoon or (match["part"] == "中午" and hour < 3)) and hour < 12:
        hour += 12
    if match["ap"] == "am" and hour == 12:
        hour = 0
    return hour * 60 + minute if hour < 24 or not minute else None


def _working_day(day: date, hours: WorkingHours) -> date:
    """`day`, or the next one on which somebody works."""
    return next((one for one in (day + ahead * _DAY for ahead in range(7)) if one.weekday() in hours.days), day)


def _at(day: date, minutes: int, zone: tzinfo | None) -> datetime:
    return _in_zone(datetime.combine(day, time.min) + timedelta(minutes=minutes), zone)


def _in_zone(wall: datetime, zone: tzinfo | None) -> datetime:
    return wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
