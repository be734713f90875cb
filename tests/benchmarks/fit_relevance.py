"""Fits the coefficients of agent_assist/knowledge/relevance.py.

`python -m tests.benchmarks.fit_relevance [--models DIR]`

Rows are the candidate passages of the sample shop's tickets and of the tuning half of the written questions, with and
without an answer; measured on are the other half and the hard queries. A row is positive when its article is among the
expected ones; the article's other passages are left out, and so are expected ones in another language where there is
one in the query's. A logistic regression weighs the signals. Tickets, which are long and much alike, weigh less, and
have an intercept of their own, since nearly all of them have an answer. Slope and intercept are then set once more on
the best two hits of every query alone, so that the number reads as "how likely this hit, as the best one, is right".
Prints the coefficients, the ranking, and how often hits of a score are right.
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
from scipy.optimize import minimize
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
    """A question's candidates (articles, whether in another language, signals), and the collection it is from."""

    question: Question
    doc_ids: tuple[str, ...]
    foreign: tuple[bool, ...]
    signals: tuple[Signals, ...]
    collection: str


_NONE = "none"
_SOURCES = {_NONE: "sample shop, written questions"}  # questions with and without an answer are one collection
_WEIGHTS = {"sample shop, tickets": 0.2}

# More similarity, words or heading never make a passage less relevant, whatever a small set says; `least` is by the
# feature's place. The sample shop's headings name few products, those of a shop with hundreds tell them apart.
_GROWS = {0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1, 4: 0.6}
_WISH_GROWS = _GROWS | {10: 0.1}
_WORDS_GROW = {0: 0.1}


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
            doc_ids = tuple(one.passage.doc_id for one in candidates)
            foreign = tuple(one.language is not asked.language for one in candidates)
            found.append(_Pool(question, doc_ids, foreign, signals, _SOURCES.get(collection.name, collection.name)))
        await database.close()
        return found


async def collect(kit: _Kit, part: str) -> list[_Pool]:
    """The candidates of all questions of a part, "tune" or "held", where each collection is in one of them."""
    shop = sample_shop()
    questions = RetrievalSet(name=_NONE, articles=shop.articles, questions=tuple(unanswerable(part)))
    written, *hard = written_sets(part)
    # Laws are no shop's business: what their articles want would teach the wrong thing.
    others = [shop] if part == "tune" else [one for one in hard if "law" not in one.name]
    return [pool for one in (questions, written, *others) for pool in await kit.pools(one)]


def fit(pools: Sequence[_Pool], make: "_Make") -> NDArray[np.float64]:
    """Intercept and weights, recalibrated on the best two hits."""
    rows, labels, shares = [], [], []
    for pool in pools:
        own = [float(pool.collection == name) for name in _WEIGHTS]
        for doc_id, signals in _labelled(pool):
            rows.append([*make.row(signals), *own])
            labels.append(doc_id in pool.question.doc_ids)
            shares.append(_WEIGHTS.get(pool.collection, 1.0))
    values = np.array(rows)
    middle, spread = values.mean(0), values.std(0)
    spread[spread == 0] = 1.0
    least = np.full(values.shape[1], -np.inf)
    for place, low in make.least.items():
        least[place] = low
    found = _bounded((values - middle) / spread, np.array(labels), np.array(shares), least * spread)
    slopes = found[1:] / spread
    kept = values.shape[1] - len(_WEIGHTS)
    weights = np.array([found[0] - middle @ slopes, *slopes[:kept]])
    tops, right = [], []
    for pool in pools:
        scores = _scores(pool, weights, make)
        for index in np.argsort(-scores)[:2]:
            tops.append([scores[index]])
            right.append(pool.doc_ids[index] in pool.question.doc_ids)
    top = LogisticRegression(C=1.0).fit(tops, right)
    return np.array([top.intercept_[0] + top.coef_[0][0] * weights[0], *(top.coef_[0][0] * weights[1:])])


def _bounded(
    values: NDArray[np.float64], labels: NDArray[np.bool_], shares: NDArray[np.float64], least: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intercept and slopes of a logistic regression (ridge, C = 1) in which no slope is below its `least`."""
    signs = np.where(labels, 1.0, -1.0)

    def loss(slopes: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (slopes[0] + values @ slopes[1:])
        pull = -shares * signs / (1 + np.exp(np.clip(margins, -500, 500)))
        gradient = np.array([pull.sum(), *(values.T @ pull + slopes[1:])])
        return float(shares @ np.logaddexp(0, -margins) + slopes[1:] @ slopes[1:] / 2), gradient

    start = np.array([0.0, *np.maximum(least, 0.0)])
    bounds = [(-np.inf, np.inf), *((low, np.inf) for low in least.tolist())]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000})
    return np.asarray(found.x)


class _Wish:
    """With wishes:"""

    row = staticmethod(wish_features)
    least = _WISH_GROWS


class _Full:
    """Without wishes:"""

    row = staticmethod(features)
    least = _GROWS


class _Lexical:
    """By words alone:"""

    row = staticmethod(lexical_features)
    least = _WORDS_GROW


_Make = type[_Wish] | type[_Full] | type[_Lexical]


def _scores(pool: _Pool, weights: NDArray[np.float64], make: _Make) -> NDArray[np.float64]:
    return np.array([weights[0] + np.dot(weights[1:], make.row(signals)) for signals in pool.signals])


def _labelled(pool: _Pool) -> list[tuple[str, Signals]]:
    best: dict[str, float] = {}
    strength = [signals.similarity + signals.question_match + signals.lexical for signals in pool.signals]
    wanted = [doc_id in pool.question.doc_ids for doc_id in pool.doc_ids]
    for doc_id, value in zip(pool.doc_ids, strength, strict=True):
        best[doc_id] = max(best.get(doc_id, -math.inf), value)
    own = any(right and not foreign for right, foreign in zip(wanted, pool.foreign, strict=True))
    return [
        (pool.doc_ids[place], signals)
        for place, signals in enumerate(pool.signals)
        if not wanted[place] or (strength[place] == best[pool.doc_ids[place]] and not (own and pool.foreign[place]))
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
