"""How a word is meant: wanted, excluded, or left open, by the words around it in its clause."""

import re
from enum import StrEnum

from agent_assist.domain.language import is_han
from agent_assist.recommendation.spotting import spotter_for

_STOPS = re.compile(r"[,，.。;；!！?？\n、]|(?<!anything )\bbut\b|但")
# 除了黑色都行 takes the colour out, though 都行 leaves things open elsewhere.
_EXCEPT = re.compile(r"(?:除了|except|anything but|other than|apart from) ?(?:for |the |in )?$")
# A clause is not longer than this to either side; without a bound endless ones would cost quadratic time.
_CLAUSE = 80
_REACH_HAN = 7
_REACH_WORDS = 4


class Stance(StrEnum):
    """How a word is meant."""

    WANTED = "wanted"
    UNWANTED = "unwanted"
    EITHER_WAY = "either_way"


def stance(text: str, start: int, end: int) -> Stance:
    """Whether what stands at `text[start:end]` is wanted, by the words before and behind it in its clause."""
    before, after = clause_around(text, start, end)
    if _EXCEPT.search(before):
        return Stance.UNWANTED
    if spotter_for("either_way").find(after[:24]) or (
        spotter_for("either_way").find(before[-24:]) and not any(map(is_han, before[-3:]))
    ):
        return Stance.EITHER_WAY
    return Stance.UNWANTED if _negated(before) else Stance.WANTED


def clause_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind `text[start:end]` in its clause."""
    first, last = max(0, start - _CLAUSE), end + _CLAUSE
    left = max((match.end() for match in _STOPS.finditer(text, first, start)), default=first)
    stop = _STOPS.search(text, end, last)
    return text[left:start], text[end : stop.start() if stop else last]


def _negated(before: str) -> bool:
    spots = spotter_for("negate").find(before.replace("有没有", "   "))
    if not spots:
        return False
    between = before[spots[-1].end :]
    if any(map(is_han, spots[-1].word)):
        return len(between) <= _REACH_HAN
    return len(between.split()) <= _REACH_WORDS
