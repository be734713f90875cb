"""From the signals of both searches to one number: how likely the passage answers the query."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    similarity: float
    lexical: float
    question_match: float


def relevance(signals: Signals) -> float:
    z = -4 + 12 * (signals.similarity - 0.8) + 3 * signals.lexical
    return 1 / (1 + math.exp(-z))
