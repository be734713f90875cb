"""Measures in texts and attributes: numbers with units, in the base unit of their dimension.

Base units: minutes, months, grams, millilitres, milliampere-hours, watt-hours, watts, decibels, centimetres, pascals,
volts, degrees Celsius, gigabytes, kelvins, hertz.
"""

import re
from dataclasses import dataclass
from functools import cache

from agent_assist.domain.patterns.numbers import ENGLISH, NUMBER, parse_number
from agent_assist.recommendation.vocabulary import vocabulary

_PROTECTION = re.compile(r"(?<![a-z0-9])ip\s?(?P<dust>[0-6x])(?P<water>[0-9x])(?![0-9])")
_ATMOSPHERES = re.compile(r"(?<![0-9])(?P<n>[0-9]{1,2})\s?atm\b")
# What stands five bar of pressure can be swum with, which is what the eighth class of IEC 60529 is about.
_SWIMMING = 8
# 一米五, 两斤半
_TAIL = {"一": 0.1, "二": 0.2, "三": 0.3, "四": 0.4, "五": 0.5, "六": 0.6, "七": 0.7, "八": 0.8, "九": 0.9, "半": 0.5}


@dataclass(frozen=True, slots=True)
class Measure:
    """`text[start:end]` says `low` to `high` (equal for a single value) of `dimension`."""

    start: int
    end: int
    dimension: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Protection:
    """A protection class (IP code, IEC 60529): `dust` and `water` digits, -1 for X."""

    start: int
    end: int
    dust: int
    water: int


def find_measures(text: str) -> list[Measure]:
    """All measures of a plain text, in order."""
    found = []
    for match in _pattern().finditer(text):
        unit = vocabulary().units[match["unit"]]
        values = [_value(part) for part in re.split(r"\s?(?:×|x|\*|/)\s?", match["many"] or "") if part]
        last = _value(match["n"])
        if last is None or (match["unit"] == "度" and unit.dimension == "temperature" and last < 20):
            continue
        if match["tail"]:
            last += _TAIL[match["tail"]]
        low = _value(match["low"]) if match["low"] else last
        factor = unit.factor
        span = match.span()
        found += [Measure(*span, unit.dimension, value * factor, value * factor) for value in values if value]
        found.append(Measure(*span, unit.dimension, (last if low is None else low) * factor, last * factor))
    return found


def find_protection(text: str) -> Protection | None:
    """The first protection class in a plain text, 5 ATM among them."""
    if match := _PROTECTION.search(text):
        return Protection(*match.span(), _digit(match["dust"]), _digit(match["water"]))
    if match := _ATMOSPHERES.search(text):
        return Protection(*match.span(), -1, _SWIMMING)
    return None


def _digit(char: str) -> int:
    return -1 if char == "x" else int(char)


def _value(written: str) -> float | None:
    number = parse_number(written)
    return None if number is None else float(number)


@cache
def _pattern() -> re.Pattern[str]:
    units = sorted(vocabulary().units, key=len, reverse=True)
    names = "|".join(re.escape(unit) + (r"(?![a-z])" if unit[-1].isascii() else "") for unit in units)
    plain = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
    return re.compile(
        rf"(?P<many>(?:{plain}\s?[×x*/]\s?){{1,3}})?(?:(?P<low>{NUMBER})\s?(?:-|~|到|至|to)\s?)?"
        rf"(?P<n>{NUMBER}|{ENGLISH})[ -]?(?P<unit>{names})(?P<tail>[一二三四五六七八九半](?![十百千万0-9]))?"
    )
