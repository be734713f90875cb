"""From what is known of two questions to one number: how likely the same reply answers both.

Logistic functions. Their coefficients are fitted by tests/benchmarks/fit_similar.py on the questions of the sample
shop's FAQ, its tickets and some short queries, which are alike where the same article answers them.
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from agent_assist.domain.profiles import Profile, profile_similarity
from agent_assist.domain.solved import SimilarReason

# As in agent_assist.knowledge.searching.relevance: 0.8 is no relation, 0.9 a close one.
_COSINE_ZERO = 0.8
_COSINE_SCALE = 10.0

# Intercept, then the weights of cosine, intents and words; without vectors of the words alone. Held out, the best one
# was alike in 6, 20, 42, 70 and 85 of 100 cases when it scored below 0.2, 0.4, 0.6, 0.8 and 1. Above 0.5 were
# two thirds of the questions that have a like one, with it as the best, and 22 of 100 of those without; many of these
# ask for nearly the same.
FULL = (-7.75, 1.63, 7.07, 2.59)
WORDS = (-2.4, 2.45)

_WORDS_ALIKE = 0.6
_MEANING_ALIKE = 0.9
_INTENT_ALIKE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is known of a question: its intents, its words (and pairs), the products it names."""

    profile: Profile
    words: Set[str]
    products: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two questions are: `cosine` of the vectors (0: none), of the `intents`, the share of the weighted
    `words` that the other holds, of `terms` of them; and whether they name a product in common."""

    cosine: float
    intents: float
    words: float
    terms: int
    product: bool


def compare(one: Side, other: Side, *, cosine: float, weights: Mapping[str, float]) -> Likeness:
    """How alike `other` is to `one`, whose words weigh `weights`."""
    whole = sum(weights.values())
    shared = sum(weight for word, weight in weights.items() if word in other.words)
    return Likeness(
        cosine=cosine,
        intents=profile_similarity(one.profile, other.profile),
        words=shared / whole if whole else 0.0,
        terms=len(weights),
        product=any(_same_product(name, known) for name in one.products for known in other.products),
    )


def rarity(frequencies: Mapping[str, int], total: int) -> dict[str, float]:
    """What words weigh by the number of questions that hold them: inverse document frequency as in BM25."""
    return {word: math.log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in frequencies.items()}


def alike(likeness: Likeness) -> float:
    """A number between 0 and 1; by the words alone where there are no vectors."""
    if likeness.cosine > 0:
        values, (bias, *weights) = full_features(likeness), FULL
    else:
        values, (bias, *weights) = word_features(likeness), WORDS
    return 1 / (1 + math.exp(-bias - sum(w * value for w, value in zip(weights, values, strict=True))))


def full_features(likeness: Likeness) -> tuple[float, ...]:
    """What the logistic function weighs where there are vectors."""
    return ((likeness.cosine - _COSINE_ZERO) * _COSINE_SCALE, likeness.intents, likeness.words)


def word_features(likeness: Likeness) -> tuple[float, ...]:
    """What it weighs without them. Half of twenty words found says more than half of two."""
    return (likeness.words * math.log1p(likeness.terms),)


def reasons(likeness: Likeness) -> tuple[SimilarReason, ...]:
    """In what the two are alike; never empty: the strongest where none is strong."""
    strengths = {
        SimilarReason.SAME_WORDS: likeness.words / _WORDS_ALIKE,
        SimilarReason.SAME_MEANING: likeness.cosine / _MEANING_ALIKE,
        SimilarReason.SAME_INTENT: likeness.intents / _INTENT_ALIKE,
        SimilarReason.SAME_PRODUCT: float(likeness.product),
    }
    found = tuple(reason for reason, strength in strengths.items() if strength >= 1)
    return found or (max(strengths, key=lambda reason: strengths[reason]),)


def _same_product(name: str, known: str) -> bool:
    return name == known or (min(len(name), len(known)) > 3 and (name in known or known in name))
