"""What a text wants, as weights of intents, so that two texts can be compared by it."""

import math
from collections.abc import Sequence

from agent_assist.domain.understanding import ScoredLabel, Understanding

Profile = tuple[tuple[str, float], ...]
"""Labels with weights; a vector of unit length."""


def profile_of(understanding: Understanding) -> Profile:
    """The intents by the square root of their probability, which lets the lesser ones have a say.

    Their cosine tells far better than the text's vector whether two messages want the same, see
    tests/benchmarks/bench_similar.py.
    """
    leanings: Sequence[ScoredLabel] = understanding.leanings or understanding.intents
    return _unit([(one.label, math.sqrt(one.score)) for one in leanings if one.score > 0])


def profile_of_labels(labels: Sequence[str]) -> Profile:
    """The profile of a text that is known to be about these intents."""
    return _unit([(label, 1.0) for label in labels])


def profile_similarity(one: Profile, other: Profile) -> float:
    """Cosine, 0 where either is empty."""
    weights = dict(other)
    return sum(weight * weights.get(label, 0.0) for label, weight in one)


def _unit(weights: Sequence[tuple[str, float]]) -> Profile:
    length = math.sqrt(sum(weight * weight for _, weight in weights))
    return tuple((label, round(weight / length, 4)) for label, weight in weights) if length else ()
