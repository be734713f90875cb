"""Hashed character n-grams: what the trunk's mean vector blurs (a number, a product code, one decisive word).

Words are taken as white space leaves them; a Chinese clause is one word. N-grams of 1 to 4 characters go into buckets
by CRC-32, so no vocabulary is kept. Measured beside the dense vector alone: +2 to +4 points of intent accuracy.
"""

import re
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.patterns.spans import fold

BUCKETS = 1 << 14
_LONGEST = 4
_DIGIT = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\s，。！？；：、,.!?;:()（）\"“”]+")
# A long text is looked at where the trunk looks too, at its two ends.
_HEAD, _TAIL = 1500, 500


@dataclass(frozen=True, slots=True)
class Bag:
    """Which buckets a text fills, and how much: 1 + log(count)."""

    buckets: NDArray[np.int64]
    weights: NDArray[np.float32]


def bag(text: str) -> Bag:
    """The filled buckets of a text."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} {text[-_TAIL:]}"
    folded = _DIGIT.sub("0", fold(text)).encode("utf-8", "replace").decode("utf-8")
    counts: Counter[int] = Counter()
    for word in _WORD.findall(folded):
        padded = f" {word} "
        encoded = [char.encode() for char in padded]
        for start in range(len(encoded)):
            digest = 0
            for char in encoded[start : start + _LONGEST]:
                digest = zlib.crc32(char, digest)  # the n-gram grows by one character
                counts[digest & (BUCKETS - 1)] += 1
    buckets = np.fromiter(counts.keys(), np.int64, len(counts))
    weights = 1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return Bag(buckets, weights.astype(np.float32))


def weigh(one: Bag, rarity: NDArray[np.float32]) -> Bag:
    """Each bucket times its rarity (inverse document frequency), the whole of unit length."""
    weights = one.weights * rarity[one.buckets]
    length = float(np.sqrt((weights * weights).sum())) or 1.0
    return Bag(one.buckets, weights / np.float32(length))


def rarities(bags: list[Bag]) -> NDArray[np.float32]:
    """Smoothed inverse document frequency of each bucket: log((1 + n) / (1 + df)) + 1."""
    seen = np.zeros(BUCKETS, np.float32)
    for one in bags:
        seen[one.buckets] += 1.0
    return np.asarray(np.log((1.0 + len(bags)) / (1.0 + seen)) + 1.0, np.float32)
