"""Bits that stand for a question in the first pass over all of them: the nearest by differing bits are then compared
in full.

384 bits say on which side of the centre of all texts each value of the vector lies, 640 how much each intent weighs
(a thermometer of ten bits). On 10,467 messages the nearest 100 held .96 of the true best ten by vector and .97 of the
best five by relevance; without the intents' bits .98 and .75. The centre matters: e5 puts all its vectors on one side
of zero, and their signs find .58. The codes are compared in memory, see
agent_assist/storage/solved/codes.py.
"""

import struct
import zlib
from collections.abc import Sequence
from functools import cache

from agent_assist.domain.profiles import Profile
from agent_assist.domain.taxonomy import load_taxonomy

_VALUES = 384
_SLOTS = 64
_LEVELS = 10
CODE_BITS = _VALUES + _SLOTS * _LEVELS


def code(vector: bytes, centre: Sequence[float], profile: Profile) -> bytes:
    """The code, `CODE_BITS` / 8 bytes. `vector` and `centre` have any number of values; the first 384 count."""
    values = struct.unpack(f"<{len(vector) // 4}f", vector)
    sides = [value > middle for value, middle in zip(values, centre, strict=False)][:_VALUES]
    sides += [False] * (_VALUES - len(sides))
    for height in _heights(profile):
        sides += [step < height for step in range(_LEVELS)]
    return int("".join("1" if side else "0" for side in sides), 2).to_bytes(CODE_BITS // 8, "big")


def centre_of(vectors: Sequence[bytes]) -> tuple[float, ...]:
    """The mean of vectors of equal length."""
    columns = zip(*(struct.unpack(f"<{len(vector) // 4}f", vector) for vector in vectors), strict=True)
    return tuple(sum(column) / len(vectors) for column in columns)


def centre_texts() -> list[str]:
    """Texts whose mean is a good centre: the names of everything that customers want."""
    intents = load_taxonomy().intents.values()
    return [name for label in intents for name in (label.en, label.zh)]


def _heights(profile: Profile) -> list[int]:
    heights = [0] * _SLOTS
    for label, weight in profile:
        slot = _slot(label)
        heights[slot] = max(heights[slot], min(_LEVELS, round(weight * _LEVELS)))
    return heights


@cache
def _slot(label: str) -> int:
    """A slot of its own for each intent of the taxonomy; a shop's own labels share what is left."""
    known = sorted(load_taxonomy().intents)[: _SLOTS - 8]
    if label in known:
        return known.index(label)
    return len(known) + zlib.crc32(label.encode("utf-8")) % (_SLOTS - len(known))
