"""What a message wants, as weights of intents, and which products it names."""

import math
from collections.abc import Sequence

from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.storage.bigrams import fold

Profile = tuple[tuple[str, float], ...]
"""Labels with weights; a vector of unit length."""

_SHORTEST_NAME = 2


def profile_of(understanding: Understanding) -> Profile:
    """The intents by the square root of their probability, which lets the lesser ones have a say.

    Their cosine tells far better than the text's vector whether two messages want the same, see
    tests/benchmarks/bench_similar.py.
    """
    leanings: Sequence[ScoredLabel] = understanding.leanings or understanding.intents
    return _unit([(one.label, math.sqrt(one.score)) for one in leanings if one.score > 0])


def profile_similarity(one: Profile, other: Profile) -> float:
    """Cosine, 0 where either is empty."""
    weights = dict(other)
    return sum(weight * weights.get(label, 0.0) for label, weight in one)


def products_of(understanding: Understanding) -> tuple[str, ...]:
    """Names of products in the message, folded."""
    names = (fold(one.value or one.text) for one in understanding.entities if one.type == "product")
    return tuple(sorted({name for name in names if len(name) >= _SHORTEST_NAME}))


def _unit(weights: Sequence[tuple[str, float]]) -> Profile:
    length = math.sqrt(sum(weight * weight for _, weight in weights))
    return tuple((label, round(weight / length, 4)) for label, weight in weights) if length else ()
