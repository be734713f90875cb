"""Short codes of vectors, so that the nearest are found without reading whole vectors.

A value becomes four bits that say above how many of four levels it lies (none, one, … all: 0000, 1000, … 1111), so the
Hamming distance of two codes is close to the city-block distance of their vectors. The levels lie around the mean of
each value over the store's own vectors: e5 puts all its vectors close together, and without the mean their signs
hardly differ. Measured on e5's vectors of 3,750 product reviews: of the true nearest ten, 98 % are among the nearest
100 codes and 99.4 % among the nearest 200, against 44 % and 55 % with plain sign bits.
"""

import math
import operator
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

# Standard normal quantiles of 1/5 … 4/5: each level splits off a fifth of the values.
_LEVELS = (-0.8416, -0.2533, 0.2533, 0.8416)
_DIGITS = bytes.maketrans(b"\0\1", b"01")


@dataclass(frozen=True, slots=True)
class VectorScale:
    """Mean and standard deviation of each value of the vectors that the encoder `model` made."""

    model: str
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    # All values' lowest levels, then all values' next, … Coding is done on the database's one writing thread.
    _thresholds: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work the thresholds out once."""
        both = list(zip(self.means, self.spreads, strict=True))
        thresholds = tuple(mean + level * spread for level in _LEVELS for mean, spread in both)
        object.__setattr__(self, "_thresholds", thresholds)

    @property
    def body(self) -> bytes:
        """Both as float32, to be stored."""
        return struct.pack(f"<{2 * len(self.means)}f", *self.means, *self.spreads)

    @classmethod
    def of_body(cls, model: str, body: bytes) -> "VectorScale":
        """The scale that `body` was stored of."""
        return _of_body(model, body)

    @classmethod
    def of_vectors(cls, model: str, vectors: Sequence[bytes]) -> "VectorScale":
        """Measure at least two vectors (float32) of like width."""
        columns = list(zip(*map(_values, vectors), strict=True))
        means = tuple(math.fsum(column) / len(column) for column in columns)
        spreads = tuple(
            math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column))
            for column, mean in zip(columns, means, strict=True)
        )
        return cls(model, means, spreads)

    def code(self, vector: bytes) -> bytes:
        """The vector's code: one bit a value for the lowest level, then for the next, …"""
        values = _values(vector) * len(_LEVELS)
        bits = bytes(map(operator.gt, values, self._thresholds)).translate(_DIGITS)
        return int(bits, 2).to_bytes(len(values) // 8, "big")


@lru_cache(maxsize=2)
def _of_body(model: str, body: bytes) -> VectorScale:
    values = _values(body)
    half = len(values) // 2
    return VectorScale(model, values[:half], values[half:])


def _values(vector: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // 4}f", vector)
