"""Fits the coefficients of agent_assist/knowledge/relevance.py.

`python -m tests.benchmarks.fit_relevance [--models DIR]`

Rows are the candidate passages of the sample shop's tickets and of relevance_queries.jsonl; a row is positive when its
article is among the expected ones (only its best passage; the article's others are left out). A logistic regression
weighs the signals; its slope and intercept are then set once more on the best two hits of every query alone, so that
the number reads as "how likely this hit, as the best one, is right". Prints the coefficients, the cross-validated
ranking, and how often hits of a score are right.
"""

import argparse
import asyncio
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge.relevance import Signals, features, lexical_features
from agent_assist.knowledge.search import candidate_signals, passage_query
from agent_assist.knowledge.wanted import analyse
from agent_assist.storage.database import Database
from tests.benchmarks.encoder import Embed, load_embed
from tests.benchmarks.ranking import measures
from tests.benchmarks.retrieval_sets import Question, index_set, sample_shop
from tests.helpers.models import models_dir


@dataclass(frozen=True, slots=True)
class _Pool:
    """A question's candidates: their articles and signals."""

    question: Question
    doc_ids: tuple[str, ...]
    signals: tuple[Signals, ...]


async def collect(embed: Embed) -> list[_Pool]:
    """The candidates of all questions."""
    questions = [*sample_shop().questions, *sample_shop(extra=True).questions]
    vectors = embed([question.text for question in questions], TextKind.QUERY)
    pools = []
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "fit.db")
        store = await index_set(database, sample_shop().articles, embed)
        for question, vector in zip(questions, vectors, strict=True):
            asked = await analyse(store, question.text)
            candidates = await store.candidates(passage_query(asked, vector))
            signals = candidate_signals(question.text, asked, candidates)
            doc_ids = tuple(candidate.passage.doc_id for candidate in candidates)
            pools.append(_Pool(question, doc_ids, tuple(signals)))
        await database.close()
    return pools


def fit(pools: Sequence[_Pool], make: "type[_Full] | type[_Lexical]") -> NDArray[np.float64]:
    """Intercept and weights, recalibrated on the best two hits."""
    rows, labels = [], []
    for pool in pools:
        for doc_id, signals in _labelled(pool):
            rows.append(make.row(signals))
            labels.append(doc_id in pool.question.doc_ids)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, labels)
    weights = np.array([model.intercept_[0], *model.coef_[0]])
    tops, right = [], []
    for pool in pools:
        scores = _scores(pool, weights, make)
        for index in np.argsort(-scores)[:2]:
            tops.append([scores[index]])
            right.append(pool.doc_ids[index] in pool.question.doc_ids)
    top = LogisticRegression(C=1.0).fit(tops, right)
    return np.array([top.intercept_[0] + top.coef_[0][0] * weights[0], *(top.coef_[0][0] * weights[1:])])


class _Full:
    """Both searches."""

    row = staticmethod(features)


class _Lexical:
    """Full text alone."""

    row = staticmethod(lexical_features)


def _scores(pool: _Pool, weights: NDArray[np.float64], make: type[_Full] | type[_Lexical]) -> NDArray[np.float64]:
    return np.array([weights[0] + np.dot(weights[1:], make.row(signals)) for signals in pool.signals])


def _labelled(pool: _Pool) -> list[tuple[str, Signals]]:
    best: dict[str, float] = {}
    strength = [signals.similarity + signals.question_match + signals.lexical for signals in pool.signals]
    for doc_id, value in zip(pool.doc_ids, strength, strict=True):
        best[doc_id] = max(best.get(doc_id, -math.inf), value)
    return [
        (doc_id, signals)
        for doc_id, signals, value in zip(pool.doc_ids, pool.signals, strength, strict=True)
        if doc_id not in pool.question.doc_ids or value == best[doc_id]
    ]


def report(pools: Sequence[_Pool], make: type[_Full] | type[_Lexical]) -> None:
    """Print the coefficients and what they are worth on questions they were not fitted on."""
    ranked, tops = [], []
    for train, test in KFold(5, shuffle=True, random_state=1).split(np.zeros(len(pools))):
        weights = fit([pools[i] for i in train], make)
        for pool in (pools[i] for i in test):
            scores = _scores(pool, weights, make)
            order = np.argsort(-scores)
            if pool.question.doc_ids:
                ranked.append(measures([pool.doc_ids[i] for i in order], pool.question.doc_ids))
            probability = 1 / (1 + math.exp(-scores[order[0]]))
            tops.append((probability, pool.doc_ids[order[0]] in pool.question.doc_ids, bool(pool.question.doc_ids)))
    print(f"{make.__doc__} coefficients {fit(pools, make).round(2).tolist()}")
    print("  held out: nDCG@10 {:.3f}  recall@5 {:.3f}  MRR {:.3f}".format(*np.mean(ranked, axis=0)))
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [right for score, right, _ in tops if low <= score < low + 0.2 + (low == 0.8)]
        print(f"  best hit scored {low:.1f} to {low + 0.2:.1f}: {len(inside):3d}, right {np.mean(inside or [0]):.2f}")
    for low in (0.2, 0.3, 0.4, 0.5):
        passed = [np.mean([score >= low for score, _, known in tops if known is kind]) for kind in (True, False)]
        print(f"  threshold {low}: {passed[0]:.2f} of the answerable and {passed[1]:.2f} of the others are above")


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=models_dir())
    pools = asyncio.run(collect(load_embed(parser.parse_args().models)))
    report(pools, _Full)
    report(pools, _Lexical)


if __name__ == "__main__":
    main()
