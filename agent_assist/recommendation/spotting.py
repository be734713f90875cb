"""Finding known words in a text, the longest first, and whether they are meant, excluded or left open.

Texts go through `plain`, which keeps every character's place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import opencc

from agent_assist.domain.language import is_han
from agent_assist.domain.patterns.spans import fold
from agent_assist.recommendation.vocabulary import vocabulary

_STOPS = re.compile(r"[,，.。;；!！?？\n、]|(?<!anything )\bbut\b|但")
# 除了黑色都行 takes the colour out, though 都行 leaves things open elsewhere.
_EXCEPT = re.compile(r"(?:除了|except|anything but|other than|apart from) ?(?:for |the |in )?$")
_BORDER_SPACE = re.compile(r"(?<=[^\x00-\x7f]) +(?=[\x21-\x7f])|(?<=[\x21-\x7f]) +(?=[^\x00-\x7f])")
_BORDER = re.compile(r"(?<=[^\x00-\x7f])(?=[a-z0-9])|(?<=[a-z0-9])(?=[^\x00-\x7f])")
_REACH_HAN = 7
_REACH_WORDS = 4


class Stance(StrEnum):
    """How a word is meant."""

    WANTED = "wanted"
    UNWANTED = "unwanted"
    EITHER_WAY = "either_way"


@dataclass(frozen=True, slots=True)
class Spot:
    """`text[start:end]` is `word`."""

    start: int
    end: int
    word: str


class Spotter:
    """Finds any of a set of words. Latin ones only whole, with or without a plural's ending."""

    def __init__(self, words: Iterable[str]) -> None:
        forms = sorted({plain(word) for word in words} - {""}, key=lambda word: (-len(word), word))
        self._words = {_closed_up(form): form for form in forms}
        self._pattern = re.compile("|".join(map(_form, forms))) if forms else None

    def find(self, text: str) -> list[Spot]:
        """Words of `text` (already plain) in order of place; none overlap, and longer ones win."""
        if self._pattern is None:
            return []
        return [
            Spot(*match.span(), self._words[_closed_up(_singular(match))]) for match in self._pattern.finditer(text)
        ]


def plain(text: str) -> str:
    """Half width, small letters, simplified characters."""
    folded = fold(text)
    if folded.isascii():
        return folded
    converted = str(_simplified().convert(folded.encode("utf-8", "replace").decode("utf-8")))
    return converted if len(converted) == len(text) else folded


def stance(text: str, start: int, end: int) -> Stance:
    """Whether what stands at `text[start:end]` is wanted, by the words before and behind it in its clause."""
    before, after = clause_around(text, start, end)
    if _EXCEPT.search(before):
        return Stance.UNWANTED
    if _spotter("either_way").find(after[:24]) or (
        _spotter("either_way").find(before[-24:]) and not any(map(is_han, before[-3:]))
    ):
        return Stance.EITHER_WAY
    return Stance.UNWANTED if _negated(before) else Stance.WANTED


def clause_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind `text[start:end]` in its clause."""
    left = max((match.end() for match in _STOPS.finditer(text, 0, start)), default=0)
    stop = _STOPS.search(text, end)
    return text[left:start], text[end : stop.start() if stop else len(text)]


def _negated(before: str) -> bool:
    spots = _spotter("negate").find(before.replace("有没有", "   "))
    if not spots:
        return False
    between = before[spots[-1].end :]
    if any(map(is_han, spots[-1].word)):
        return len(between) <= _REACH_HAN
    return len(between.split()) <= _REACH_WORDS


@cache
def _spotter(use: str) -> Spotter:
    return Spotter(vocabulary().both(use))


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _closed_up(word: str) -> str:
    """S3 手表 and S3手表 are one word."""
    return _BORDER_SPACE.sub("", word)


def _form(word: str) -> str:
    escaped = _BORDER.sub(r"\\s?", re.escape(_closed_up(word)))
    if not word.isascii():
        return f"({escaped})"
    ending = "(?:s|es)?" if word[-1].isalpha() and len(word) > 2 else ""
    return f"(?<![a-z0-9])({escaped}){ending}(?![a-z0-9])"


def _singular(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)
