"""From what the searches say of a passage to one number: how likely it answers the query.

A logistic function of a few signals. Its coefficients are fitted by tests/benchmarks/fit_relevance.py on the sample
shop's tickets and on questions and queries written for it, with and without an answer. One score for ranking and
threshold measured better than reciprocal rank fusion of two lists (tests/benchmarks/bench_knowledge.py), and unlike
that it means the same for every query.
"""

import math
from dataclasses import dataclass

# e5 puts nearly every pair of texts between 0.75 and 0.95: 0.8 is no relation, 0.9 a close one.
_COSINE_ZERO = 0.8
_COSINE_SCALE = 10.0

# Intercept, then the weights of `wish_features`, `features` and `lexical_features`.
WISH = (-7.1, 0.96, 0.57, 2.99, 1.11, 0.38, 4.06, 0.85)
FULL = (-4.41, 0.02, 1.67, 2.73, 2.85, 0.85)
LEXICAL = (-3.84, 3.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of a passage and a query of `terms` words and pairs.

    `similarity` and `question_match` are cosines (0: no vector, no question), `lift` how far the similarity lies above
    that of the median candidate; `lexical` is the weighted share of the query's words that the passage holds, `heading`
    the share of its heading's words that the query holds. `wish` says how well the article's questions want what the
    query wants, from 0 to 1 (None: not known), `in_scope` whether the query is a shop's business at all.
    """

    similarity: float
    question_match: float
    lexical: float
    terms: int
    lift: float = 0.0
    heading: float = 0.0
    wish: float | None = None
    in_scope: bool = True


def relevance(signals: Signals) -> float:
    """A number between 0 and 1; by the words alone where there are no vectors."""
    if signals.similarity <= 0:
        values, (bias, *weights) = lexical_features(signals), LEXICAL
    elif signals.wish is None:
        values, (bias, *weights) = features(signals), FULL
    else:
        values, (bias, *weights) = wish_features(signals), WISH
    return 1 / (1 + math.exp(-bias - sum(w * value for w, value in zip(weights, values, strict=True))))


def features(signals: Signals) -> tuple[float, ...]:
    """What the logistic function weighs where there are vectors.

    A passage without questions is taken at its similarity to the query: a question of its own can only help.
    """
    asked = max(signals.question_match, signals.similarity)
    return (
        _rescaled(signals.similarity),
        _rescaled(asked),
        *lexical_features(signals),
        signals.lift * _COSINE_SCALE,
        signals.heading,
    )


def wish_features(signals: Signals) -> tuple[float, ...]:
    """What it weighs where it is known, too, what query and article want."""
    return (*features(signals), signals.wish or 0.0, float(signals.in_scope))


def lexical_features(signals: Signals) -> tuple[float, ...]:
    """What it weighs without vectors. Half of twenty words found says more than half of two."""
    return (signals.lexical * math.log1p(signals.terms),)


def _rescaled(cosine: float) -> float:
    return (cosine - _COSINE_ZERO) * _COSINE_SCALE
