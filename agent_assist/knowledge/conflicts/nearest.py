"""The nearest of some thousand vectors without a vector library: a bit a value, then exact cosines of the few left.

The bits say which values lie above the store's own mean: e5's values have nearly the same signs in all texts. Unrelated
texts differ in about half of the 384 bits, close ones in a third, and two codes are compared in a tenth of a
microsecond.
"""

from array import array
from collections.abc import Iterable, Sequence
from heapq import nlargest, nsmallest
from operator import mul

# Up to so many vectors are compared in full: of a few the mean says nothing.
EXACT = 100
_MEAN_OF = 1_000
# Vectors that are compared in full for each one wanted.
_FACTOR = 2


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two unit vectors."""
    return float(sum(map(mul, one, other)))


class Nearest:
    """Finds among vectors (float32, unit length, all of one width) that are added one by one."""

    def __init__(self, sample: Sequence[bytes]) -> None:
        """`sample` are vectors of the kind that will be added, for their mean."""
        self._mean = _mean([array("f", vector) for vector in sample[:_MEAN_OF]])
        self._vectors: list[array[float]] = []
        self._codes: list[int] = []

    def add(self, vector: bytes) -> int:
        """The place of the vector from now on."""
        self._vectors.append(array("f", vector))
        self._codes.append(self._code(self._vectors[-1]))
        return len(self._codes) - 1

    def find(self, vector: bytes, *, most: int, least: float) -> list[tuple[int, float]]:
        """Places and cosines of the vectors nearest to `vector`, of at least that cosine, best first."""
        sought = array("f", vector)
        found = ((place, cosine(sought, self._vectors[place])) for place in self._near(sought, _FACTOR * most))
        return nlargest(most, (one for one in found if one[1] >= least), key=lambda item: item[1])

    def _near(self, vector: "array[float]", most: int) -> Iterable[int]:
        if len(self._codes) <= EXACT:
            return range(len(self._codes))
        code = self._code(vector)
        bits = [(code ^ other).bit_count() for other in self._codes]
        limit = nsmallest(most, bits)[-1]
        return [place for place, different in enumerate(bits) if different <= limit]

    def _code(self, vector: "array[float]") -> int:
        return int("".join(["1" if value > mean else "0" for value, mean in zip(vector, self._mean, strict=True)]), 2)


def _mean(vectors: "Sequence[array[float]]") -> list[float]:
    return [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]
