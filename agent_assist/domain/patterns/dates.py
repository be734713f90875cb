"""Dates: 2026-11-02, 11月3号, 昨天, 上周五, Nov 3, last Friday, 双十一, three days ago.

Values: "2026-11-02" where the day is known, "2026-11" for a month, "2026-W45" for a week, "--11-03" (ISO 8601 month and
day) where neither text nor `today` tells the year, "" where nothing can be said without `today`.
"""

import re
from collections.abc import Iterator
from datetime import date

from agent_assist.domain.patterns.numbers import parse_number
from agent_assist.domain.patterns.relative_dates import find_relative
from agent_assist.domain.patterns.spans import Candidate, Rank

_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_HAN_DAY = r"(?:三十一|三十|二十[一二三四五六七八九]|二十|十[一二三四五六七八九]|十|[一二三四五六七八九])"
_HAN_MONTH = r"(?:十[一二]|十|[一二三四五六七八九])"
_YEAR = r"(?:20[0-9]{2}|19[0-9]{2})"
_ISO = re.compile(rf"(?<![0-9a-z])(?P<y>{_YEAR})(?P<s>[-/.])(?P<m>{_MONTH})(?P=s)(?P<d>{_DAY})(?![0-9a-z])")
_COMPACT = re.compile(r"(?<![0-9a-z])(?P<y>20[0-3][0-9])(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12][0-9]|0[1-9])(?![0-9a-z])")
_WESTERN = re.compile(rf"(?<![0-9a-z/])(?P<a>{_DAY})(?P<s>[/.-])(?P<b>{_DAY})(?P=s)(?P<y>{_YEAR})(?![0-9a-z/])")
_SLASH = re.compile(rf"(?<![0-9a-z/.])(?P<m>{_MONTH})/(?P<d>{_DAY})(?![0-9a-z/%.])")
_ZH_YEAR = rf"(?:(?P<y>{_YEAR}|[0-9]{{2}}|二[零〇]二[零〇一二三四五六七八九]|今|去|明|前)年\s?)?"
_ZH = re.compile(
    rf"(?<![0-9.]){_ZH_YEAR}(?P<m>{_MONTH}|{_HAN_MONTH})\s?月\s?(?:份)?(?:(?P<d>{_DAY}|{_HAN_DAY})(?![0-9])\s?[号日]?|(?P<part>初|中旬|上旬|下旬|底|末))?"
)
_ZH_DAY = re.compile(
    rf"(?<![0-9.a-z第])(?P<which>上个?月|这个?月|本月|下个?月)?(?P<d>{_DAY}|{_HAN_DAY})[号日](?![楼门线店仓院路机桌货池房车位馆库台厅色键段码杯元期常历用])"
)
_MONTHS_EN = {
    name: i + 1
    for i, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        )
    )
    for name in names.split()
}  # fmt: skip
_NAME = r"(?P<m>" + "|".join(sorted(_MONTHS_EN, key=len, reverse=True)) + r")\b\.?"
_EN_MONTH_FIRST = re.compile(rf"\b{_NAME}\s?(?:the )?(?P<d>{_DAY})(?:st|nd|rd|th)?\b(?!:|%)(?:,?\s?(?P<y>{_YEAR})\b)?")
_EN_DAY_FIRST = re.compile(
    rf"(?<![0-9a-z])(?P<d>{_DAY})(?:st|nd|rd|th)?(?: of)?[ -]{_NAME}(?:[, -]{{1,2}}(?P<y>{_YEAR})\b)?"
)
_EN_MONTH = re.compile(
    rf"\b(?:in|of|since|until|by|last|next|this|early|late|mid) {_NAME}(?:\s(?P<y>{_YEAR})\b)?(?! ?[0-9])"
)
_HAN_NOT_AFTER_MONTH = set("饼球亮光薪嫂子经费租卡")


def find_dates(folded: str, today: date | None) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`."""
    yield from _numeric(folded, today)
    if "月" in folded:
        yield from _chinese(folded, today)
    if "号" in folded or "日" in folded:
        yield from _day_only(folded, today)
    yield from _english(folded, today)
    yield from find_relative(folded, today)


def _numeric(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in (*_ISO.finditer(folded), *_COMPACT.finditer(folded)):
        yield from _dated(match.span(), int(match["y"]), int(match["m"]), int(match["d"]), today)
    for match in _WESTERN.finditer(folded):
        month, day = int(match["a"]), int(match["b"])
        if month > 12 or match["s"] == ".":  # 13/11/2026 and 3.11.2026: the day comes first
            month, day = day, month
        yield from _dated(match.span(), int(match["y"]), month, day, today)
    if "/" in folded:
        for match in _SLASH.finditer(folded):
            if match[0] not in {"1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "5/5", "10/10"}:
                yield from _dated(match.span(), None, int(match["m"]), int(match["d"]), today)


def _chinese(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in _ZH.finditer(folded):
        month = parse_number(match["m"])
        day = parse_number(match["d"]) if match["d"] else None
        if month is None or folded[match.start() - 1 : match.start()] in {"个", "第"}:
            continue
        year = _year(match["y"], today)
        if day is not None:
            yield from _dated(match.span(), year, int(month), int(day), today)
        elif folded[match.end() : match.end() + 1] not in _HAN_NOT_AFTER_MONTH:
            yield Candidate(
                "date", *match.span(), Rank.DATE, "" if match["part"] else _month_value(year, int(month), today)
            )


def _year(written: str | None, today: date | None) -> int | None:
    if not written:
        return None
    shift = {"今": 0, "去": -1, "明": 1, "前": -2}.get(written)
    if shift is not None:
        return today.year + shift if today else None
    value = int(parse_number(written) or 0)
    return value + 2000 if value < 100 else value


def _month_value(year: int | None, month: int, today: date | None) -> str:
    if year is None and today is not None:
        year = _nearest_year(month, 15, today)
    return f"{year}-{month:02}" if year else f"--{month:02}"


def _nearest_year(month: int, day: int, today: date) -> int:
    """The year that brings the day closest to `today`: shoppers speak of the last or the coming one."""
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append((abs((date(year, month, day) - today).days), year))
        except ValueError:
            continue
    return min(candidates)[1] if candidates else today.year


def _dated(span: tuple[int, int], year: int | None, month: int, day: int, today: date | None) -> Iterator[Candidate]:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return
    if year is None and today is not None:
        year = _nearest_year(month, day, today)
    value = f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
    yield Candidate("date", *span, Rank.DATE, value)


def _day_only(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in _ZH_DAY.finditer(folded):
        if match["which"] is None and folded[match.end() - 1] == "日" and match["d"] in set("一二三四五六七八九十"):
            continue  # 节日, 生日 and 一日 are no dates
        day = int(parse_number(match["d"]) or 0)
        shift = {"上": -1, "下": 1}.get((match["which"] or "本")[0], 0)
        value = ""
        if today is not None:
            month_index = today.year * 12 + today.month - 1 + shift
            try:
                value = date(month_index // 12, month_index % 12 + 1, day).isoformat()
            except ValueError:
                continue
        yield Candidate("date", *match.span(), Rank.DATE_WORD, value, 0.9)


def _english(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in (*_EN_MONTH_FIRST.finditer(folded), *_EN_DAY_FIRST.finditer(folded)):
        year = int(match["y"]) if match["y"] else None
        yield from _dated(match.span(), year, _MONTHS_EN[match["m"]], int(match["d"]), today)
    for match in _EN_MONTH.finditer(folded):
        if match["m"] not in {"may", "march", "mar", "sep", "dec"} or match["y"]:
            year = int(match["y"]) if match["y"] else None
            value = _month_value(year, _MONTHS_EN[match["m"]], today)
            yield Candidate("date", match.start("m"), match.end(), Rank.DATE_WORD, value)
