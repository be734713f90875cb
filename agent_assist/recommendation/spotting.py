"""Finding known words in a text, the longest first.

By look-up rather than one large regular expression: a shop of 10,000 products has 30,000 names, and all of them are
looked for in every message. Texts go through `plain`, which keeps every character's place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from agent_assist.domain.patterns.spans import fold
from agent_assist.recommendation.vocabulary import vocabulary

# S3 手表 and S3手表 are one word.
_BORDER_SPACE = re.compile(r"(?<=[^\x00-\x7f]) +(?=[\x21-\x7f])|(?<=[\x21-\x7f]) +(?=[^\x00-\x7f])")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Spot:
    """`text[start:end]` is `word`."""

    start: int
    end: int
    word: str


class Spotter:
    """Finds any of a set of words. Latin ones only whole, with or without a plural's ending."""

    def __init__(self, words: Iterable[str]) -> None:
        forms = sorted({plain(word) for word in words} - {""})
        self._words = {_BORDER_SPACE.sub("", form): form for form in forms}
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in self._words:
            lengths[form[0]].add(len(form))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str) -> list[Spot]:
        """Words of `text` (already plain) in order of place; none overlap, and longer ones win."""
        closed, places = _closed_up(text)
        found: list[Spot] = []
        at = 0
        while at < len(closed):
            end, word = self._longest(closed, at)
            if word:
                found.append(Spot(places[at], places[end - 1] + 1, word))
            at = max(end, at + 1)
        return found

    def _longest(self, text: str, at: int) -> tuple[int, str]:
        """The end of the longest word that begins at `at`, and the word; "" for none."""
        for length in self._lengths.get(text[at], ()):
            form = text[at : at + length]
            if form in self._words and (end := _end(text, at, form)):
                return end, self._words[form]
        return at, ""


def plain(text: str) -> str:
    """Half width, small letters, simplified characters."""
    folded = fold(text)
    if folded.isascii():
        return folded
    converted = str(_simplified().convert(folded.encode("utf-8", "replace").decode("utf-8")))
    return converted if len(converted) == len(text) else folded


@cache
def spotter(words: tuple[str, ...]) -> Spotter:
    """The spotter of a fixed list of words."""
    return Spotter(words)


@lru_cache(maxsize=100_000)
def stands_in(words: tuple[str, ...], text: str) -> bool:
    """Whether any of `words` is in a product's text; asked again and again of the same ones."""
    return bool(spotter(words).find(text))


@cache
def spotter_for(use: str) -> Spotter:
    """The spotter of the vocabulary's words of one use, in both languages."""
    return Spotter(vocabulary().both(use))


def _closed_up(text: str) -> tuple[str, Sequence[int]]:
    """`text` without the spaces between Han and Latin, and where each character was."""
    if text.isascii():
        return text, range(len(text))
    gone = {place for match in _BORDER_SPACE.finditer(text) for place in range(*match.span())}
    places = [place for place in range(len(text)) if place not in gone]
    return "".join(text[place] for place in places), places


def _end(text: str, at: int, form: str) -> int:
    """Where `form`, which stands at `at`, ends with a plural's ending; 0 where it is only a part of a Latin word."""
    end = at + len(form)
    if not form.isascii():
        return end
    if at and form[0] in _LETTERS and text[at - 1] in _LETTERS:
        return 0
    endings = ("s", "es", "") if form[-1].isalpha() and len(form) > 2 else ("",)
    for ending in endings:
        stop = end + len(ending)
        if text.startswith(ending, end) and (form[-1] not in _LETTERS or text[stop : stop + 1] not in _LETTERS):
            return stop
    return 0


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
