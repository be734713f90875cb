"""Lengths of time that `domain.patterns.durations` leaves out: 7日内, a fortnight, half a year, 当天, next-day."""

import re
from collections.abc import Iterator

from agent_assist.domain.patterns.numbers import DIGITS, HAN, parse_number, plain

_DAYS_ZH = re.compile(
    rf"(?<![0-9.月年第-])(?:(?P<low>{DIGITS}|{HAN})\s?(?:-|~|到|至)\s?)?(?P<n>{DIGITS}|{HAN})\s?个?日(?=内|"
    rf"之内|以内|无理由|后|起|左右|可|包|免|期|退|换|送达|到账)"
)
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:a |one )?fortnight\b"), "20160min"),
    (re.compile(r"\bhalf an? (?:year|yr)\b|\bsix months\b"), "6mon"),
    (re.compile(r"\bhalf an hour\b"), "30min"),
    (re.compile(r"\bhalf a day\b"), "720min"),
    (re.compile(r"半个?小时"), "30min"),
    (re.compile(r"半天"), "720min"),
    (re.compile(r"(?<![一二两三四五六七八九十0-9])半年"), "6mon"),
    (re.compile(r"(?<![一二两三四五六七八九十0-9])半个月"), "0.5mon"),
    (re.compile(r"\b(?:an?|one) and a half months?\b|一个半月"), "1.5mon"),
    (re.compile(r"当天|当日|同日|\bsame[- ]day\b"), "sameday"),
    (re.compile(r"次日|隔天|隔日|第二天|\bnext[- ](?:business[- ]|working[- ])?day\b"), "nextday"),
    (re.compile(r"(?<!非)终身|终生|\blifetime\b|\bfor life\b"), "life"),
)
# 当天气候, 当日历
_NOT = re.compile(r"当天[气空生]|当日[历期本]|半天[才了都]")


def find_lengths(folded: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """(start, end, keys) of each; keys are written as `domain.facts` writes those of durations."""
    for match in _DAYS_ZH.finditer(folded):
        values = [parse_number(match[name]) for name in ("low", "n") if match[name]]
        if all(value is not None and value <= 400 for value in values):
            yield (
                match.start("low") if match["low"] else match.start("n"),
                match.end(),
                frozenset(f"{plain(value * 1440)}min" for value in values if value is not None),
            )
    for pattern, key in _WORDS:
        for match in pattern.finditer(folded):
            if not _NOT.match(folded, match.start()):
                yield match.start(), match.end(), frozenset({key})
