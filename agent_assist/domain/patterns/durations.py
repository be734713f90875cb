"""Lengths of time: 七天, 7 days, one week, 半个月, 3-5个工作日, 24 hours, in units that can be compared."""

import re
from dataclasses import dataclass
from decimal import Decimal

from agent_assist.domain.patterns.numbers import DIGITS, ENGLISH, HAN, parse_number
from agent_assist.domain.patterns.spans import Candidate, Rank, fold

_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_UNIT_OF = {
    "分钟": "minute", "小时": "hour", "钟头": "hour", "天": "day", "日": "day", "工作日": "day", "自然日": "day",
    "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter", "年": "year",
    "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "yr": "year", "yrs": "year",
}  # fmt: skip
_ZH_UNIT = (
    r"(?:个?(?P<zb>工作日|自然日)|(?P<zu>分钟|天|周(?![一二三四五六日天年])|年(?![0-9前底初级轻代货份度味终货纪])))"
)
_ZH_COUNTED = r"个?(?:多)?(?P<zc>小时|钟头|(?:星期|礼拜)(?![一二三四五六日天])|季度)|(?:个多?|(?<=个半))(?P<zm>月)"
_EN_UNIT = (
    r"(?:\s?-?\s?)(?P<eb>(?:business|working|calendar|natural) )?"
    r"(?P<eu>minutes?|mins?|hours?|hrs?|days?|weeks?|months?|quarters?|years?|yrs?)\b"
)
_ONE = rf"(?:{DIGITS}|{HAN}|{ENGLISH}(?: couple of)?)"
_RANGE = rf"(?:(?P<low>{DIGITS}|{HAN}|{ENGLISH})\s?(?:-|~|到|至|to|—)\s?)?"
_PATTERN = re.compile(
    rf"(?<![0-9.,第]){_RANGE}(?P<n>{_ONE})(?P<half>个半(?=小时|月|钟头|星期)|(?: and)? a half)?\s?"
    rf"(?:{_ZH_UNIT}|{_ZH_COUNTED}|{_EN_UNIT})(?P<tail>半(?!价|折)| and a half)?"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time.

    Exactly one of `minutes` (minutes, hours, days, weeks) and `months` (months, quarters, years) is set: a month has
    no fixed number of days. `business` is True where working days are meant. A range gives two durations.
    """

    start: int
    end: int
    text: str
    minutes: Decimal | None = None
    months: Decimal | None = None
    business: bool = False

    @property
    def iso(self) -> str:
        """As ISO 8601 writes it ("P7D", "PT36H", "P3M"); working days with a word behind ("P3D business")."""
        if self.months is not None:
            written = f"P{_plain(self.months)}M"
        elif (minutes := self.minutes or Decimal(0)) % _MINUTES["day"] == 0:
            written = f"P{_plain(minutes / _MINUTES['day'])}D"
        elif minutes % _MINUTES["hour"] == 0:
            written = f"PT{_plain(minutes / _MINUTES['hour'])}H"
        else:
            written = f"PT{_plain(minutes)}M"
        return f"{written} business" if self.business else written

    def same_length(self, other: "Duration") -> bool:
        """True for 七天 and one week; working days are not calendar days."""
        return (self.minutes, self.months, self.business) == (other.minutes, other.months, other.business)


def find_durations(text: str) -> list[Duration]:
    """All lengths of time of `text`, in order."""
    folded = fold(text)
    found: list[Duration] = []
    for match in _PATTERN.finditer(folded):
        start, end = match.span()
        if _is_calendar(folded, match):
            continue
        low = parse_number(match["low"]) if match["low"] else None
        values = (value for value in (low, _value(match)) if value is not None)
        found += [_duration(text, start, end, value, match) for value in values]
    return found


def duration_candidates(text: str) -> list[Candidate]:
    """Lengths of time as entities; a range is one, of its longer end."""
    longest = {(one.start, one.end): one for one in find_durations(text)}
    return [Candidate("duration", *span, Rank.DURATION, value=one.iso) for span, one in longest.items()]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _value(match: re.Match[str]) -> Decimal | None:
    written = match["n"].removesuffix(" couple of")
    value = Decimal(2) if written != match["n"] else parse_number(written)
    if (value is None and len(written) == 2) or (
        value is not None
        and len(written) == 2
        and written[0] in "一二两三四五六七八"
        and written[1] in "二三四五六七八九"
    ):  # 两三天: the larger one
        value = parse_number(written[1])
    if value is not None and (match["half"] or match["tail"]):
        value += Decimal("0.5")
    return value


def _is_calendar(folded: str, match: re.Match[str]) -> bool:
    """2026年, 11月3日 and 二零二六年 are dates."""
    unit = match["zu"] or ""
    return unit == "年" and (parse_number(match["n"]) or Decimal(0)) > 100


def _duration(text: str, start: int, end: int, value: Decimal, match: re.Match[str]) -> Duration:
    written = match["zb"] or match["zu"] or match["zc"] or match["zm"] or match["eu"]
    unit = _UNIT_OF.get(written) or written.rstrip("s")
    business = written == "工作日" or (match["eb"] or "").strip() in {"business", "working"}
    if unit in _MONTHS:
        return Duration(start, end, text[start:end], months=value * _MONTHS[unit], business=business)
    return Duration(start, end, text[start:end], minutes=value * _MINUTES[unit], business=business)
