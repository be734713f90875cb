"""Dates told from today or by a feast: 昨天, 上周五, 三天前, last Friday, two weeks ago, 双十一, Black Friday."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from agent_assist.domain.patterns.numbers import DIGITS, ENGLISH, HAN, parse_number
from agent_assist.domain.patterns.spans import Candidate, Rank

_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "今天": 0, "今日": 0, "今早": 0,
    "今晚": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3, "the day before yesterday": -2,
    "day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
_FEASTS = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "六一八": (6, 18), "元旦": (1, 1),
    "国庆节": (10, 1), "国庆": (10, 1), "圣诞节": (12, 25), "圣诞": (12, 25), "情人节": (2, 14), "三八节": (3, 8),
    "christmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "singles day": (11, 11),
    "singles' day": (11, 11), "valentine's day": (2, 14), "valentines day": (2, 14),
    "halloween": (10, 31), "new year's day": (1, 1),
}  # fmt: skip
_MOVING = (
    "春节", "除夕", "中秋节", "中秋", "端午节", "端午", "清明节", "七夕", "黑五", "元宵节", "black friday",
    "cyber monday",
    "thanksgiving", "prime day", "easter", "mother's day", "father's day",
)  # fmt: skip
_WORDS = sorted([*_DAYS, *_FEASTS, *_MOVING], key=len, reverse=True)
_FIXED = re.compile(
    "|".join((rf"\b{re.escape(word)}\b" if word[0].isascii() else re.escape(word)) for word in _WORDS)
    + r"|(?<![0-9.a-z])618(?=大促|活动|那天|期间|当天|买|的时候|年中|前|后|狂欢|促销| sale)"
)
_DAY_INDEX = {char: i for i, char in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
_ZH_WEEKDAY = re.compile(r"(?P<w>上上|上个?|这个?|本|下下|下个?)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])(?![0-9])")
_ZH_PERIOD = re.compile(r"(?P<w>上上|上个?|这个?|本|下下|下个?)(?P<u>周|星期|礼拜|月)(?![一二三四五六日天末0-9])")
_EN_DAYS = {
    name: i
    for i, names in enumerate(
        (
            "mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday",
            "sat saturday", "sun sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
_EN_NAMES = "|".join(sorted(_EN_DAYS, key=len, reverse=True))
_EN_WEEKDAY = re.compile(
    rf"\b(?:(?P<w>last|this|next|on|by|since|until|before|this past|this coming) (?P<d>{_EN_NAMES})"
    r"|(?P<bare>[a-z]{3,6}day))\b"
)
_EN_PERIOD = re.compile(r"\b(?P<w>last|this|next) (?P<u>week(?:end)?|month|year)\b")
_ZH_AGO = re.compile(
    rf"(?P<n>{DIGITS}|{HAN})\s?(?P<u>天|日|周|个?星期|个?礼拜|个月)(?:多)?(?P<w>以?之?[前后])(?![提置])"
)
_EN_AGO = re.compile(
    rf"(?P<n>(?<![0-9.])[0-9]{{1,3}}|{ENGLISH}(?: couple of)?) (?P<u>day|week|month)s? (?P<w>ago|later|from now)\b"
)


def find_relative(folded: str, today: date | None) -> Iterator[Candidate]:
    """Candidates in text that went through `spans.fold`."""
    for match in _FIXED.finditer(folded):
        yield _candidate(match, _fixed_value(match[0], today))
    if "周" in folded or "期" in folded or "拜" in folded or "月" in folded:
        yield from _chinese(folded, today)
    yield from _english(folded, today)
    for pattern in (_ZH_AGO, _EN_AGO):
        for match in pattern.finditer(folded):
            yield _candidate(match, _ago(match, today), Rank.DATE)


def _candidate(match: re.Match[str], value: str, rank: Rank = Rank.DATE_WORD) -> Candidate:
    return Candidate("date", *match.span(), rank, value)


def _fixed_value(word: str, today: date | None) -> str:
    if word in _DAYS:
        return (today + timedelta(days=_DAYS[word])).isoformat() if today else ""
    month, day = (6, 18) if word == "618" else _FEASTS.get(word, (0, 0))
    if not month:
        return ""
    if today is None:
        return f"--{month:02}-{day:02}"
    years = (today.year - 1, today.year, today.year + 1)
    return min((date(year, month, day) for year in years), key=lambda one: abs((one - today).days)).isoformat()


def _chinese(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in _ZH_WEEKDAY.finditer(folded):
        weeks = _weeks(match["w"])
        monday = _on(today, lambda now: now - timedelta(days=now.weekday()))
        value = monday + timedelta(days=7 * weeks + _DAY_INDEX[match["d"]]) if monday else None
        yield _candidate(match, value.isoformat() if value else "")
    for match in _ZH_PERIOD.finditer(folded):
        yield _candidate(match, _period("month" if match["u"] == "月" else "week", _weeks(match["w"]), today))


def _on(today: date | None, change: Callable[[date], date]) -> date | None:
    return None if today is None else change(today)


def _weeks(written: str | None) -> int:
    if not written:
        return 0
    return {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(written.removesuffix("个"), 0)


def _period(unit: str, shift: int, today: date | None) -> str:
    if today is None:
        return ""
    if unit == "month":
        index = today.year * 12 + today.month - 1 + shift
        return f"{index // 12}-{index % 12 + 1:02}"
    year, week, _ = (today + timedelta(weeks=shift)).isocalendar()
    return f"{year}-W{week:02}"


def _english(folded: str, today: date | None) -> Iterator[Candidate]:
    for match in _EN_WEEKDAY.finditer(folded):
        name = match["d"] or match["bare"]
        if name in _EN_DAYS:
            start = (
                match.start()
                if match["w"] in {"last", "this", "next", "this past", "this coming"}
                else match.start("d" if match["d"] else "bare")
            )
            value = _weekday_value(match["w"] or "", _EN_DAYS[name], today)
            yield Candidate("date", start, match.end(), Rank.DATE_WORD, value)
    for match in _EN_PERIOD.finditer(folded):
        shift = {"last": -1, "next": 1}.get(match["w"], 0)
        unit = match["u"]
        value = str(today.year + shift) if unit == "year" and today else ""
        yield _candidate(
            match, value if unit == "year" else _period("month" if unit == "month" else "week", shift, today)
        )


def _weekday_value(which: str, weekday: int, today: date | None) -> str:
    """ "last" looks back, "next" into the coming week; a bare day is told only with "this", since it may mean both."""
    if today is None:
        return ""
    monday = today - timedelta(days=today.weekday())
    if which == "last" or which == "this past":
        return (today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)).isoformat()
    if which == "next":
        return (monday + timedelta(days=7 + weekday)).isoformat()
    if which in {"this", "this coming"}:
        return (monday + timedelta(days=weekday)).isoformat()
    return ""


def _ago(match: re.Match[str], today: date | None) -> str:
    written = match["n"]
    value = 2 if "couple" in written else parse_number(written)
    if today is None or value is None or value > 1000:
        return ""
    unit = match["u"].removeprefix("个")
    sign = -1 if match["w"] == "ago" or match["w"].endswith("前") else 1
    if unit in {"月", "month"}:
        return _period("month", sign * int(value), today)
    days = int(value) * (7 if unit in {"周", "星期", "礼拜", "week"} else 1)
    return (today + timedelta(days=sign * days)).isoformat()
