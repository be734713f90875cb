"""Times of day and days of the week: 17:00, 下午五点, 5 p.m.; 周一至周五, Monday to Friday."""

import re
from collections.abc import Iterator

from agent_assist.domain.patterns.numbers import parse_number

_HOUR_HAN = r"(?:十[一二]?|[一二两三四五六七八九]|[01]?[0-9]|2[0-4])"
_PART = r"(?:(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里|半夜)\s?)?"
_CLOCK = re.compile(
    rf"{_PART}(?<![0-9:.])(?P<h>[01]?[0-9]|2[0-4]):(?P<m>[0-5][0-9])(?![0-9:])\s?(?P<ap>[ap]\.?m\b\.?)?"
)
_ZH = re.compile(
    rf"{_PART}(?<![0-9.第零〇一二两三四五六七八九十百千])(?P<h>{_HOUR_HAN})\s?(?:点钟?|时(?=前|后|整|至|到|-|~|"
    rf"之前|之后))"
    r"(?P<half>半)?(?:(?P<m>[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?)分)?(?![的击赞评儿心])"
)
_EN = re.compile(r"(?<![0-9:.])(?P<h>1[0-2]|0?[1-9])\s?(?P<ap>[ap]\.?m\b\.?)")
_NAMED = re.compile(r"\b(?P<w>noon|midnight|midday)\b|(?P<zh>正午|午夜)")
_LATE = {"下午", "傍晚", "晚上", "晚"}
# 一点 is "a bit" at least as often.
_BIT = re.compile(r"(?:一|有|早|晚|快|慢|多|少|大|小|好|差)一?点$")
_DAYS_ZH = {char: index for index, char in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_WEEKDAY_ZH = re.compile(r"(?:周|星期|礼拜)(?P<d>[一二三四五六日天])(?![0-9])")
_DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_EN = re.compile(
    r"\b(?P<d>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thurs?|thu|fri|sat|sun)s?\b\.?"
)
_NOT_DAYS = re.compile(r"\b(?:sun|sat|wed|mon)\b(?! ?(?:-|to|and|through|&|,|\.|\)|until|by|at))")
_WEEKEND = re.compile(r"周末|\bweekends?\b")
_TO_ZH = re.compile(r"\s?(?:至|到|-|~)\s?$")

Time = tuple[int, int, frozenset[str], str]


def find_times(folded: str) -> Iterator[Time]:
    """(start, end, keys, group) of each, the group "clock" or "weekday"."""
    for match in _CLOCK.finditer(folded):
        yield _clock(match, int(match["h"]), int(match["m"]), match["part"], match["ap"])
    if "点" in folded or "时" in folded:
        yield from _chinese(folded)
    for match in _EN.finditer(folded):
        yield _clock(match, int(match["h"]), 0, None, match["ap"])
    for match in _NAMED.finditer(folded):
        minutes = 0 if match["w"] == "midnight" or match["zh"] == "午夜" else 720
        yield match.start(), match.end(), frozenset({f"at{minutes}"}), "clock"
    for match in _WEEKDAY_ZH.finditer(folded):
        yield match.start(), match.end(), frozenset({f"day{_DAYS_ZH[match['d']]}"}), "weekday"
    for match in _WEEKDAY_EN.finditer(folded):
        if not _NOT_DAYS.match(folded, match.start()):
            index = next(i for i, name in enumerate(_DAYS_EN) if name.startswith(match["d"][:3]))
            yield match.start(), match.end(), frozenset({f"day{index}"}), "weekday"
    for match in _WEEKEND.finditer(folded):
        yield match.start(), match.end(), frozenset({"weekend"}), "weekday"


def _chinese(folded: str) -> Iterator[Time]:
    for match in _ZH.finditer(folded):
        hour = parse_number(match["h"])
        plainly = match["part"] or match["half"] or match["m"] or match["h"].isdigit()
        if match["h"] == "一" and match["part"] in {"早", "晚"}:
            continue
        if hour is None or hour > 24 or (not plainly and (hour == 1 or _BIT.search(match[0]) or hour < 6)):
            continue
        minutes = 30 if match["half"] else int(parse_number(match["m"]) or 0) if match["m"] else 0
        yield _clock(match, int(hour), minutes, match["part"], None)


def _clock(match: re.Match[str], hour: int, minute: int, part: str | None, half: str | None) -> Time:
    """A key that ends in ~ may be morning or afternoon: nothing tells which."""
    late = part in _LATE or (half or "").startswith("p") or (part == "中午" and hour < 6)
    if late and hour < 12:
        hour += 12
    elif (half or "").startswith("a") and hour == 12:
        hour = 0
    either = "~" if hour <= 12 and not part and not half else ""
    return match.start(), match.end(), frozenset({f"at{hour % 24 * 60 + minute}{either}"}), "clock"
