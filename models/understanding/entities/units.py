"""The units that entities are made of: a run of letters, a run of digits, or one other character.

The trunk's pieces do not end where entities end ("买的米色" may be one piece). Units do: each takes the vectors of the
pieces that it touches, and what it looks like itself goes beside them, hashed. So borders are exact in characters at
one pass of the trunk.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder.tokens import Encoded
from models.understanding.entities.clues import CLUES, clues_of

Floats = NDArray[np.float32]
# Whether the unit begins where a piece begins, ends where one ends, and is seen by the trunk at all.
PLACE_WIDTH = 3
_UNIT = re.compile(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Units:
    """`spans` [units] (start, end) in characters, `pieces` [units] (first, last + 1) in tokens, `clues`
    int64 [units, clues], `place` float32 [units, PLACE_WIDTH]. Only units that a piece covers are there."""

    spans: tuple[tuple[int, int], ...]
    pieces: NDArray[np.int64]
    clues: NDArray[np.int64]
    place: Floats

    def __len__(self) -> int:
        return len(self.spans)


def cut(text: str) -> list[tuple[int, int]]:
    """(start, end) of all units of a text."""
    return [match.span() for match in _UNIT.finditer(text)]


def units_of(text: str, encoded: Encoded, *, clues: int = CLUES) -> Units:
    """The units of the part of `text` that the trunk reads, with so many clues as the head that reads them knows."""
    tokens = [(start, end, at) for at, (start, end) in enumerate(encoded.offsets) if end > start]
    spans: list[tuple[int, int]] = []
    pieces: list[tuple[int, int]] = []
    place: list[tuple[bool, bool, bool]] = []
    first = 0
    for start, end in cut(text):
        while first < len(tokens) and tokens[first][1] <= start:
            first += 1
        last = first
        while last < len(tokens) and tokens[last][0] < end:
            last += 1
        if last > first:
            spans.append((start, end))
            pieces.append((tokens[first][2], tokens[last - 1][2] + 1))
            place.append((tokens[first][0] == start, tokens[last - 1][1] == end, True))
    return Units(
        spans=tuple(spans),
        pieces=np.array(pieces, np.int64).reshape(-1, 2),
        clues=clues_of(text, spans, clues),
        place=np.array(place, np.float32).reshape(-1, PLACE_WIDTH),
    )


def unit_vectors(units: Units, tokens: Floats) -> Floats:
    """[units, width]: the mean of the token vectors [tokens, width] that each unit touches."""
    first, last = units.pieces[:, 0], units.pieces[:, 1]
    if (last - first == 1).all():
        return tokens[first]
    sums = np.concatenate([np.zeros((1, tokens.shape[1]), np.float32), np.cumsum(tokens, axis=0, dtype=np.float32)])
    mean: Floats = (sums[last] - sums[first]) / (last - first)[:, None].astype(np.float32)
    return mean
