"""Which texts are nearly equal, without comparing all with all.

MinHash over runs of three characters with banding (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, chapter 3) proposes candidates, rapidfuzz measures them: the similarity of two texts of m and n characters is
1 - d / (m + n), d being the insertions and deletions between them. Rows a band are the most with which a pair at the
threshold is missed in fewer than one of 50 cases, reckoned for the worst of them: with a share e = 1 - threshold of
single changed characters far from each other, the Jaccard similarity of the runs is (1 - 3e) / (1 + 3e).
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz, process

from agent_assist.errors import InputError

LOWEST = 0.8
"""Below this similarity too many pairs would be missed."""

PERMUTATIONS = 128
_MISSED = 1 / 50
_RUN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A text of an index, by its number, and how similar it is."""

    number: int
    similarity: float


def check_threshold(threshold: float) -> None:
    """Raise `InputError` for a similarity outside of 0.8 to 1."""
    if not LOWEST <= threshold <= 1:
        raise InputError(f"The similarity must be from {LOWEST} to 1, not {threshold}.")


def rows_a_band(threshold: float) -> int:
    """How many hash values two sketches must share side by side for their texts to be compared."""
    changed = _RUN * (1 - threshold)
    jaccard = (1 - changed) / (1 + changed)
    fitting = (rows for rows in range(8, 1, -1) if (1 - jaccard**rows) ** (PERMUTATIONS // rows) < _MISSED)
    return next(fitting, 2)


def sketch(text: str) -> MinHash:
    """MinHash of the runs of characters in a comparison key."""
    padded = f"\n{text}\n"
    runs = {padded[index : index + _RUN] for index in range(max(1, len(padded) - _RUN + 1))}
    hashed = MinHash(num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    hashed.update_batch([run.encode("utf-8", "replace") for run in runs])
    return hashed


class NearIndex:
    """Comparison keys by number; finds the most similar one."""

    def __init__(self, threshold: float) -> None:
        """Texts less similar than `threshold` are none; raises `InputError` for one that cannot be used."""
        check_threshold(threshold)
        self._least = threshold * 100
        rows = rows_a_band(threshold)
        self._index = MinHashLSH(num_perm=PERMUTATIONS, params=(PERMUTATIONS // rows, rows))
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._exact = threshold == 1

    def add(self, number: int, text: str, hashed: MinHash | None = None) -> None:
        """Put a text in; of equal ones the first stays."""
        if text in self._numbers:
            return
        self._numbers[text] = number
        if not self._exact:
            self._texts[number] = text
            self._index.insert(number, hashed or sketch(text), check_duplication=False)

    def best(self, text: str, hashed: MinHash | None = None) -> Match | None:
        """The most similar text, of equally similar ones that of the smallest number; None where none is near."""
        if text in self._numbers:
            return Match(number=self._numbers[text], similarity=1.0)
        if self._exact:
            return None
        candidates = {number: self._texts[number] for number in sorted(self._index.query(hashed or sketch(text)))}
        found = process.extractOne(text, candidates, scorer=fuzz.ratio, score_cutoff=self._least)
        return None if found is None else Match(number=found[2], similarity=round(found[1] / 100, 4))


def near_ones(text: str, others: Sequence[str], *, threshold: float) -> Iterator[int]:
    """Places of the texts among `others` that are near to `text`."""
    if others:
        yield from (
            process.cdist([text], others, scorer=fuzz.ratio, score_cutoff=threshold * 100)[0].nonzero()[0].tolist()
        )
