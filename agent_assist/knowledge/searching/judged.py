"""The best hits once more, with what a reader of passages says of them: in its order, and as likely as both say.

A search compares a question with a passage; the reader reads them together and says how likely some clause of the
passage answers. Both are weighed by a logistic regression over the tuning half of the written questions; its constant
is set so that as much of what nothing answers is thought relevant as by the search alone, so that thresholds keep their
meaning and scores of hits that were read and of others stand beside each other (tests/benchmarks/fit_judgement.py).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent_assist.domain.knowledge import Hit

# How many of the best hits are read: the right one is seldom behind these, and each costs time.
READ = 3
# Weights of the log odds of search and reader, and a constant.
OWN, READER, CONSTANT = 0.801, 0.364, -0.019
# Neither is surer than it has shown to be.
_SUREST_OWN, _SUREST_READ = 0.999, 0.99


def judged(hits: Sequence[Hit], chances: Mapping[int, float]) -> tuple[Hit, ...]:
    """The hits by their new scores. `chances` are the reader's by the place in `hits`; others keep their score.

    What a reranker of the user's has scored keeps its score, too. Equal ones stay in their order.
    """
    scored = [
        replace(hit, score=_score(hit, chances[place]), answers=chances[place]) if place in chances else hit
        for place, hit in enumerate(hits)
    ]
    scored.sort(key=lambda hit: -hit.score)
    return tuple(replace(hit, rank=number) for number, hit in enumerate(scored, start=1))


def own_odds(score: float) -> float:
    """Log odds of a search's score, as they are weighed."""
    return _log_odds(score, _SUREST_OWN)


def read_odds(chance: float) -> float:
    """Log odds of what the reader says, as they are weighed."""
    return _log_odds(chance, _SUREST_READ)


def _score(hit: Hit, chance: float) -> float:
    if hit.reranked is not None:
        return hit.score
    return 1 / (1 + math.exp(-CONSTANT - OWN * own_odds(hit.score) - READER * read_odds(chance)))


def _log_odds(probability: float, most: float) -> float:
    bounded = min(max(probability, 1 - most), most)
    return math.log(bounded / (1 - bounded))
