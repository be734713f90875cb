"""Measures how well a model's vectors find what answers a query."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import TextKind
from models.evaluation.run import Report, Run, Tell
from models.evaluation.truth import shown
from models.metrics.rankings import MEASURES, score_ranking
from models.training.errors import UnusableError
from models.understanding.predictor import Predictor, Progress

Floats = NDArray[np.float32]
T = TypeVar("T")


class Query(msgspec.Struct, frozen=True):
    """A query with the ids of the documents that answer it, or with `candidates` of which `positives` answer it.

    Without either nothing answers it.
    """

    query: str
    gold: tuple[str, ...] = ()
    positives: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """One text of the corpus."""

    id: str
    text: str


def measure_searching(run: Run, tell: Tell) -> Report:
    """Embed and rank. Raises `UnusableError`, FileNotFoundError or ValueError with a sentence."""
    given = _lines(Path(run.rows), Query)
    queries = [one for one in given if one.gold or one.positives]
    corpus = _lines(Path(run.corpus), Document) if run.corpus else []
    _check(queries, {one.id for one in corpus})
    predictor = Predictor.load(Path(run.models), run.model, device=run.device)
    texts = list(dict.fromkeys([*(one.text for one in corpus), *(text for one in queries for text in _pool(one))]))
    vectors = predictor.embed(texts, TextKind.PASSAGE, progress=_progress(tell, "documents"))
    asked = predictor.embed([one.query for one in queries], TextKind.QUERY, progress=_progress(tell, "queries"))
    results = _rank(queries, asked, corpus, dict(zip(texts, vectors, strict=True)))
    resampling = run.resampling()
    return Report(
        task=run.task,
        model=run.model,
        version=predictor.version,
        counts={"queries": len(queries), "unanswerable": len(given) - len(queries), "documents": len(texts)},
        figures={name: resampling.mean(np.array([one[name] for one in results])) for name in MEASURES},
        resamples=run.resamples,
        seed=run.seed,
    )


def _rank(
    queries: Sequence[Query], asked: Floats, corpus: Sequence[Document], vectors: Mapping[str, Floats]
) -> list[dict[str, float]]:
    ids = np.array([one.id for one in corpus])
    whole = np.array([vectors[one.text] for one in corpus], np.float32)
    results = []
    for query, vector in zip(queries, asked, strict=True):
        if query.gold:
            results.append(score_ranking(whole @ vector, np.isin(ids, query.gold)))
        else:
            pool = _pool(query)
            results.append(
                score_ranking(np.array([vectors[one] for one in pool]) @ vector, np.isin(pool, query.positives))
            )
    return results


def _pool(query: Query) -> list[str]:
    """The texts to rank; a positive that is no candidate comes last, so that equal scores do not favour it."""
    return list(dict.fromkeys([*query.candidates, *query.positives]))


def _check(queries: Sequence[Query], ids: Collection[str]) -> None:
    if not queries:
        raise UnusableError("No query has an answer; there is nothing to measure on.")
    if not ids and any(query.gold for query in queries):
        raise UnusableError("The queries name their answers by id; give the documents with --corpus.")
    for query in queries:
        name = f'The query "{query.query[:60]}"'
        if query.gold and (missing := [one for one in query.gold if one not in ids]):
            raise UnusableError(f"{name} is answered by documents that the corpus lacks: {shown(missing)}.")
        if not query.gold and set(query.candidates) <= set(query.positives):
            raise UnusableError(f"{name} has no candidate that is wrong; there is nothing to tell apart.")


def _lines(path: Path, kind: type[T]) -> list[T]:
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        return [decoder.decode(line) for line in file if line.strip()]


def _progress(tell: Tell, stage: str) -> Progress:
    return lambda done, total: tell({"event": "progress", "stage": stage, "done": done, "total": total})
