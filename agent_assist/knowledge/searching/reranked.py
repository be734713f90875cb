"""Two opinions of the same hits, the search's own and a reranker's, made one score that keeps its meaning."""

import math
from collections.abc import Sequence
from dataclasses import replace

from agent_assist.domain.knowledge import Hit

# Cross-encoders are sure of nearly everything; beyond this they say no more. It bounds how far one moves a hit.
_SUREST = 0.99
# Keeps the logarithm finite and the order of our own surest hits.
_CERTAIN = 1 - 1e-6
# What a reranker looks at: its time grows with the hits, and the right one is seldom behind these.
_TIMES = 3
MOST = 20


def asked_for(k: int) -> int:
    """How many hits a search takes from which a reranker chooses `k`."""
    return max(k, min(_TIMES * k, MOST))


def text_of(hit: Hit) -> str:
    """What the reranker reads of a hit: heading, the question that the article answers, and the passage."""
    parts = (hit.passage.title, hit.question, hit.passage.text)
    return "\n".join(dict.fromkeys(part for part in parts if part))


def blended(own: float, reranked: float) -> float:
    """The mean of both log odds, as a probability.

    Both say how likely the passage answers the query. The mean of log odds is the pool of two opinions that keeps a
    score calibrated where the two agree, so the thresholds that were fitted to our own still hold, and that lets
    neither overrule the other; a mean of the probabilities would hardly hear a reranker that says no.
    """
    return 1 / (1 + math.exp(-(_log_odds(own, _CERTAIN) + _log_odds(reranked, _SUREST)) / 2))


def reranked(hits: Sequence[Hit], scores: Sequence[float], *, k: int) -> tuple[Hit, ...]:
    """The best `k` by the blended score; `scores` are those of the first hits, in order; equal ones stay as they were.

    Hits without a score keep their own.
    """
    scored = [
        replace(hit, score=blended(hit.score, score), reranked=score)
        for hit, score in zip(hits[: len(scores)], scores, strict=True)
    ]
    best = sorted([*scored, *hits[len(scores) :]], key=lambda hit: -hit.score)[:k]
    return tuple(replace(hit, rank=number) for number, hit in enumerate(best, start=1))


def _log_odds(probability: float, most: float) -> float:
    bounded = min(max(probability, 1 - most), most)
    return math.log(bounded / (1 - bounded))
