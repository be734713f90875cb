"""From what the searches say of a passage to one number: how likely it answers the query.

A logistic function of a few signals. Its coefficients are fitted by tests/benchmarks/fit_relevance.py on the sample
shop's tickets and on questions written for it, with and without an answer. One score for ranking and
threshold measured better than reciprocal rank fusion of two lists (tests/benchmarks/bench_knowledge.py), and unlike
that it means the same for every query.
"""

import math
from dataclasses import dataclass

# e5 puts nearly every pair of texts between 0.75 and 0.95: 0.8 is no relation, 0.9 a close one.
_COSINE_ZERO = 0.8
_COSINE_SCALE = 10.0

# Intercept, then the weights of `wish_features`, `features` and `lexical_features`.
WISH = (-4.69, 0.07, 2.91, 1.78, 0.61, 0.4, -1.8, -2.77, 1.29, 0.62, 0.91, 3.15, -0.44, 0.6)
FULL = (-4.04, 0.07, 3.06, 1.84, 1.75, 0.41, -0.94, -3.09, 0.84, 1.34, 1.27)
LEXICAL = (-3.14, 3.09)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of a passage and a query of `terms` words and pairs.

    `similarity` and `question_match` are cosines (0: no vector, no question), `lift` how far the similarity lies above
    that of the median candidate; `lexical` is the weighted share of the query's words that the passage holds, `heading`
    the share of its heading's words that the query holds. `chinese` says that the query is. `wish` says how well the
    article's questions want what the query wants, from 0 to 1 (None: not known), `in_scope` whether the query is a
    shop's business at all (None: no model has read it).
    """

    similarity: float
    question_match: float
    lexical: float
    terms: int
    lift: float = 0.0
    heading: float = 0.0
    chinese: bool = False
    wish: float | None = None
    in_scope: bool | None = None


def relevance(signals: Signals) -> float:
    """A number between 0 and 1; by the words alone where there are no vectors."""
    if signals.similarity <= 0:
        values, (bias, *weights) = lexical_features(signals), LEXICAL
    elif signals.in_scope is not None:
        values, (bias, *weights) = wish_features(signals), WISH
    else:
        values, (bias, *weights) = features(signals), FULL
    return 1 / (1 + math.exp(-bias - sum(w * value for w, value in zip(weights, values, strict=True))))


def features(signals: Signals) -> tuple[float, ...]:
    """What the logistic function weighs where there are vectors.

    A passage without questions is taken at its similarity to the query, and whether it has one is a value of its own.
    Cosines and shares of words do not mean the same in both languages: a Chinese query's cosines all lie higher, and
    an English one finds some of its words everywhere.
    """
    similarity = _rescaled(signals.similarity)
    asked = _rescaled(max(signals.question_match, signals.similarity))
    lexical = lexical_features(signals)[0]
    chinese = float(signals.chinese)
    return (
        similarity,
        asked,
        lexical,
        signals.lift * _COSINE_SCALE,
        signals.heading,
        float(signals.question_match > 0),
        chinese,
        chinese * similarity,
        chinese * asked,
        chinese * lexical,
    )


def wish_features(signals: Signals) -> tuple[float, ...]:
    """What it weighs where it is known, too, what query and article want."""
    known = signals.wish is not None
    return (*features(signals), signals.wish or 0.0, float(known), float(bool(signals.in_scope)))


def lexical_features(signals: Signals) -> tuple[float, ...]:
    """What it weighs without vectors. Half of twenty words found says more than half of two."""
    return (signals.lexical * math.log1p(signals.terms),)


def _rescaled(cosine: float) -> float:
    return (cosine - _COSINE_ZERO) * _COSINE_SCALE
