"""Questions read as the engine reads them, and sets of alike and unlike ones, for measuring and fitting."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from agent_assist.knowledge.solved import Side, products_of, profile_of, question_words
from tests.benchmarks.retrieval_sets import BENCH, sample_shop

_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text, what is compared of it, and its unit vector."""

    text: str
    side: Side
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A question and others, by their places in the set, each alike (True) or not."""

    question: int
    others: tuple[tuple[int, bool], ...]


def read_questions(texts: Sequence[str], models: Path) -> list[Question]:
    """Exits with a sentence where no encoder is built in `models`."""
    try:
        from models.understanding.reader import Reader

        reader = Reader.load(models)
    except (ImportError, FileNotFoundError) as error:
        raise SystemExit(f"No encoder: {error}. Build the models first (make setup).") from error
    found: list[Question] = []
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        read, vectors = reader.understand([[Turn(role=Role.CUSTOMER, text=text)] for text in batch])
        for text, one, vector in zip(batch, read, vectors, strict=True):
            side = Side(profile=profile_of(one), words=frozenset(question_words(text)), products=products_of(one))
            found.append(Question(text=text, side=side, vector=tuple(vector.tolist())))
    return found


def sample_questions() -> tuple[list[str], list[frozenset[str]]]:
    """The questions of the sample shop's FAQ, its tickets and short queries, each with the articles that answer it."""
    pairs = [
        (text, frozenset({article.doc_id}))
        for article in sample_shop().articles
        for text in (article.question, *article.variants)
        if text
    ]
    for collection in (sample_shop(), sample_shop(extra=True)):
        pairs += [(question.text, question.doc_ids) for question in collection.questions]
    return [text for text, _ in pairs], [articles for _, articles in pairs]


def pools(name: str, folder: Path = BENCH) -> tuple[list[str], list[Pool]]:
    """The texts of a pool file and its pools; none where it is not there."""
    rows = _rows(folder / f"{name}.jsonl")
    places = {row["id"]: place for place, row in enumerate(rows)}
    found = []
    for place, row in enumerate(rows):
        others = [(places[one], kind == "pos") for kind in ("pos", "neg") for one in row[kind] if one in places]
        # In the order of the file, so that no tie is broken by being listed first.
        found.append(Pool(question=place, others=tuple(sorted(others))))
    return [row["text"] for row in rows], [pool for pool in found if any(right for _, right in pool.others)]


def scored_pairs(name: str, folder: Path = BENCH) -> tuple[list[str], list[float]]:
    """Texts (the first of each pair, then the second of each) and how alike people found them; none without a file."""
    rows = _rows(folder / f"{name}.jsonl")
    return [row["a"] for row in rows] + [row["b"] for row in rows], [float(row["score"]) for row in rows]


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
