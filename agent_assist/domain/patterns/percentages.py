"""Shares and discounts: 15%, 百分之十五, fifteen percent, 八五折."""

import re
from dataclasses import dataclass
from decimal import Decimal

from agent_assist.domain.patterns.numbers import DIGITS, ENGLISH, HAN, parse_number
from agent_assist.domain.patterns.spans import fold

_SHARE = re.compile(
    rf"(?P<a>{DIGITS})\s?(?:%|percent\b|per cent\b|个百分点)"
    rf"|百分之(?P<h>{HAN}|{DIGITS})|(?P<e>{ENGLISH})[ -](?:percent|per cent)\b"
)
_REBATE = re.compile(
    r"(?<![0-9.])(?P<n>[0-9](?:\.[0-9]|[0-9])?|[一二三四五六七八九]{1,2}|半)\s?折(?![叠断痕腰磨射返旧])"
)


@dataclass(frozen=True, slots=True)
class Percentage:
    """`value` in percent. A discount is told as the part taken off: 八折 and 20% off are both 20, `discount` True."""

    start: int
    end: int
    text: str
    value: Decimal
    discount: bool = False


def find_percentages(text: str) -> list[Percentage]:
    """All shares and discounts of `text`, in order."""
    folded = fold(text)
    found: list[Percentage] = []
    for match in _SHARE.finditer(folded):
        value = parse_number(match["a"] or match["h"] or match["e"])
        if value is not None:
            off = folded[match.end() : match.end() + 9].lstrip(" -").startswith(("off", "discount"))
            found.append(Percentage(*match.span(), text[slice(*match.span())], value, off))
    for match in _REBATE.finditer(folded):
        paid = _tenths(match["n"])
        if paid is not None:
            found.append(Percentage(*match.span(), text[slice(*match.span())], 100 - paid, True))
    return sorted(found, key=lambda one: one.start)


def _tenths(written: str) -> Decimal | None:
    """八 and 8 say 80 percent of the price, 八五, 85 and 8.5 say 85."""
    value = parse_number(written)
    if value is None:
        return None
    if written == "半":
        return Decimal(50)
    return value * 10 if value < 10 else value
