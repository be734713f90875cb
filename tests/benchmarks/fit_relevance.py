"""Fits the coefficients of agent_assist/knowledge/relevance.py.

`python -m tests.benchmarks.fit_relevance [--models DIR]`

Rows are the candidate passages of the sample shop's tickets, of relevance_queries.jsonl and of the tuning half of the
written questions, answerable and not; the other half is measured on. A row is positive when its
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

from agent_assist.engine.protocol import TextKind
from agent_assist.knowledge.searching.relevance import Signals, features, lexical_features, wish_features
from agent_assist.knowledge.searching.search import passage_query
from agent_assist.knowledge.searching.signals import candidate_signals
from agent_assist.knowledge.searching.wanted import analyse, without_pinyin
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from tests.benchmarks.encoder import load_embed, load_read
from tests.benchmarks.ranking import measures
from tests.benchmarks.retrieval_sets import (
    Question,
    RetrievalSet,
    index_set,
    sample_shop,
    unanswerable,
    written_sets,
)
from tests.helpers.models import models_dir


@dataclass(frozen=True, slots=True)
class _Pool:
    """A question's candidates: their articles and signals."""

    question: Question
    doc_ids: tuple[str, ...]
    signals: tuple[Signals, ...]


class _Kit:
    """The models, and the stores that were filled with them."""

    def __init__(self, models: Path, folder: Path) -> None:
        self.embed, self.read = load_embed(models), load_read(models)
        self._folder = folder

    async def pools(self, collection: RetrievalSet) -> list[_Pool]:
        """The candidates of each question of the collection."""
        path = self._folder / f"{len(collection.articles)}.db"
        fresh = not path.exists()
        database = await Database.open(path)
        store = KnowledgeStore(database)
        if fresh:
            await index_set(database, collection.articles, self.embed, self.read)
        texts = [await without_pinyin(store, question.text) for question in collection.questions]
        found = []
        for question, text, vector, wish in zip(
            collection.questions, texts, self.embed(texts, TextKind.QUERY), self.read(texts), strict=True
        ):
            asked = await analyse(store, text)
            candidates = await store.candidates(passage_query(asked, vector))
            signals = tuple(one for one, _ in candidate_signals(asked, candidates, read=wish))
            found.append(_Pool(question, tuple(one.passage.doc_id for one in candidates), signals))
        await database.close()
        return found


async def collect(kit: _Kit, part: str) -> list[_Pool]:
    """The candidates of all questions of a part, "tune" or "held"."""
    shop = sample_shop()
    questions = RetrievalSet(name="none", articles=shop.articles, questions=tuple(unanswerable(part)))
    collections = [questions, *written_sets(part)]
    if part == "tune":
        collections += [shop, sample_shop(extra=True)]
    # Laws are no shop's business: what their articles want would teach the wrong thing.
    return [pool for one in collections if "law" not in one.name for pool in await kit.pools(one)]


def fit(pools: Sequence[_Pool], make: "_Make") -> NDArray[np.float64]:
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


class _Wish:
    """With wishes:"""

    row = staticmethod(wish_features)


class _Full:
    """Without wishes:"""

    row = staticmethod(features)


class _Lexical:
    """By words alone:"""

    row = staticmethod(lexical_features)


_Make = type[_Wish] | type[_Full] | type[_Lexical]


def _scores(pool: _Pool, weights: NDArray[np.float64], make: _Make) -> NDArray[np.float64]:
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


def report(tune: Sequence[_Pool], held: Sequence[_Pool], make: _Make) -> None:
    """Print the coefficients and what they are worth on questions they were not fitted on."""
    weights = fit(tune, make)
    ranked, tops = [], []
    for pool in held:
        scores = _scores(pool, weights, make)
        order = np.argsort(-scores)
        if pool.question.doc_ids:
            ranked.append(measures([pool.doc_ids[i] for i in order], pool.question.doc_ids))
        probability = 1 / (1 + math.exp(-scores[order[0]])) if len(order) else 0.0
        right = bool(len(order)) and pool.doc_ids[order[0]] in pool.question.doc_ids
        tops.append((probability, right, bool(pool.question.doc_ids)))
    print(f"{make.__doc__} {weights.round(2).tolist()}")
    print("  held out: nDCG@10 {:.3f}  recall@5 {:.3f}  MRR {:.3f}".format(*np.mean(ranked, axis=0)))
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [right for score, right, _ in tops if low <= score < low + 0.2 + (low == 0.8)]
        print(f"  best hit scored {low:.1f} to {low + 0.2:.1f}: {len(inside):3d}, right {np.mean(inside or [0]):.2f}")
    for low in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        passed = [np.mean([score >= low for score, _, known in tops if known is kind]) for kind in (True, False)]
        print(f"  threshold {low}: {passed[0]:.2f} of the answerable and {passed[1]:.2f} of the others are above")


async def _run(models: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kit = _Kit(models, Path(folder))
        tune, held = await collect(kit, "tune"), await collect(kit, "held")
    for make in (_Wish, _Full, _Lexical):
        report(tune, held, make)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=models_dir())
    asyncio.run(_run(parser.parse_args().models))


if __name__ == "__main__":
    main()
