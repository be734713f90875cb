"""From what the two searches say of a passage to one number: how likely it answers the query.

A logistic function of four signals. Its coefficients are fitted by tests/benchmarks/fit_relevance.py on the sample
shop's tickets and some short queries, 219 in all, 48 of them without an answer. One score for ranking and threshold
measured better than reciprocal rank fusion of the two lists (tests/benchmarks/bench_knowledge.py), and unlike that it
means the same for every query.
"""

import math
from dataclasses import dataclass

# e5 puts nearly every pair of texts between 0.75 and 0.95: 0.8 is no relation, 0.9 a close one.
_COSINE_ZERO = 0.8
_COSINE_SCALE = 10.0

# Intercept, then the weights of `features` and of `lexical_features`. Held out, the best hit was right in 12, 45, 69,
# 93 and 94 of 100 cases when it scored below 0.2, 0.4, 0.6, 0.8 and 1; above 0.4 were 82 % of the questions with an
# answer and 6 % of those without.
FULL = (-5.56, 0.81, 2.39, 3.81, 0.46)
LEXICAL = (-3.84, 3.8, 0.96)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of a passage and a query of `terms` words and pairs.

    `similarity` and `question_match` are cosines (0: no vector, no question), `lexical` the weighted share of the
    query's words that the passage holds.
    """

    similarity: float
    question_match: float
    lexical: float
    terms: int
    same_language: bool


def relevance(signals: Signals) -> float:
    """A number between 0 and 1; by the words alone where there are no vectors."""
    if signals.similarity > 0:
        values, (bias, *weights) = features(signals), FULL
    else:
        values, (bias, *weights) = lexical_features(signals), LEXICAL
    return 1 / (1 + math.exp(-bias - sum(w * value for w, value in zip(weights, values, strict=True))))


def features(signals: Signals) -> tuple[float, ...]:
    """What the logistic function weighs where there are vectors.

    A passage without questions is taken at its similarity to the query: a question of its own can only help.
    """
    asked = max(signals.question_match, signals.similarity)
    return (_rescaled(signals.similarity), _rescaled(asked), *lexical_features(signals))


def lexical_features(signals: Signals) -> tuple[float, ...]:
    """What it weighs without them. Half of twenty words found says more than half of two."""
    return (signals.lexical * math.log1p(signals.terms), float(signals.same_language))


def _rescaled(cosine: float) -> float:
    return (cosine - _COSINE_ZERO) * _COSINE_SCALE
