"""What the units of a text look like, hashed: their own letters, their neighbours, and the words around them.

A Chinese character says little about where an entity ends, a word much, and all words that a dictionary finds in the
text more: with them span F1 on product titles rose from .718 to .733 (one net, frozen trunk, 1,918 rows), but only to
.723 where they shared the table and the sum of the others.
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import is_han
from models.understanding.entities.lexicon import NOWHERE, Readings, Word, readings_of

WORDLESS = 6
"""Clues before words were among them."""
UNREAD = 9
"""Clues before a dictionary's readings were among them."""
CLUES = 23
"""Clues a unit has."""
_HALF = 1 << 13
CLUE_ROWS = 2 * _HALF
"""Rows of the table that clues are looked up in; the readings have the second half to themselves."""
_EDGE = "\x00"
_LONGEST_RUN = 15
# More words than this reach over a place in hardly any text.
_MOST_ACROSS = 3


def clues_of(text: str, spans: Sequence[tuple[int, int]], count: int = CLUES) -> NDArray[np.int64]:
    """[units, count] rows of the table, for the units at the spans of a text; the first `count` clues."""
    surfaces = [text[start:end] for start, end in spans]
    low = [_EDGE, *(surface.lower() for surface in surfaces), _EDGE]
    readings = readings_of(text) if spans and count > WORDLESS else None
    rows: list[tuple[int, ...]] = []
    for at, (surface, span) in enumerate(zip(surfaces, spans, strict=True), start=1):
        row: tuple[int, ...] = (
            _row("u", low[at]),
            _row("b", low[at - 1], low[at]),
            _row("n", low[at], low[at + 1]),
            _row("p", low[at][:3]),
            _row("x", low[at][-3:]),
            _row("s", _shape(surface)),
        )
        if readings is not None:
            row += _word_clues(readings.words[span[0]], *span)
            if count > UNREAD:
                row += tuple(_HALF + one for one in _reading_clues(readings, *span))
        rows.append(row[:count])
    return np.array(rows, np.int64).reshape(-1, count)


def _word_clues(word: Word, start: int, end: int) -> tuple[int, int, int]:
    text, place = word.text.lower(), _place(word, start, end)
    return _row("W", text), _row("WP", text, place), _row("P", place)


def _reading_clues(readings: Readings, start: int, end: int) -> tuple[int, ...]:
    """Parts of speech of the word and its neighbours, and the known words that begin, end or go on at the borders."""
    word = readings.words[start]
    before, after = readings.word(word.begin - 1), readings.word(word.end)
    earlier = readings.word(before.begin - 1) if before else None
    kind, kinds = word.kind, [one.kind if one else NOWHERE for one in (earlier, before, after)]
    starts, ends = readings.starts, readings.ends
    longest, last = max(starts[start], default=0), max(ends[end], default=0)
    return (
        _row("POS", kind, _place(word, start, end)),
        _row("PP", kinds[1], kind),
        _row("PN", kind, kinds[2]),
        _row("P3", kinds[1], kind, kinds[2]),
        _row("ST", _lengths(starts[start])),
        _row("EN", _lengths(ends[end])),
        _row("MID", *(str(min(readings.across[at], _MOST_ACROSS)) for at in (start, end))),
        _row("STEN", *(str(bool(one)) for one in (starts[start], ends[end], ends[start], starts[end]))),
        _row("lw", readings.text[start : start + longest]),
        _row("le", readings.text[end - last : end]),
        _row("PPw", kinds[0], kinds[1], kind),
        _row("nx", _lengths(starts[end])),
        _row("pv", _lengths(ends[start])),
        _row("pwl", kind, str(len(word.text))),
    )


def _place(word: Word, start: int, end: int) -> str:
    first, last = start == word.begin, end >= word.end
    return "S" if first and last else "B" if first else "E" if last else "M"


def _lengths(found: set[int]) -> str:
    return ",".join(map(str, sorted(found)))


def _row(kind: str, *parts: str) -> int:
    return zlib.crc32("|".join((kind, *parts)).encode("utf-8", "replace")) % _HALF


def _shape(surface: str) -> str:
    first = surface[0]
    if first.isdecimal():
        kind = "0"
    elif first.isascii() and first.isalpha():
        kind = "a" if surface.islower() else "A" if surface.isupper() else "Aa"
    elif is_han(first):
        kind = "han"
    else:
        kind = "other"
    return f"{kind}{min(len(surface), _LONGEST_RUN)}"
