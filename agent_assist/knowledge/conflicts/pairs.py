"""Two stored articles compared, passage by passage."""

import itertools
from array import array
from collections.abc import Sequence
from datetime import datetime

from agent_assist.domain.conflicts import Conflict, ConflictKind
from agent_assist.domain.knowledge import Article
from agent_assist.knowledge.conflicts.finder import LEAST, LEAST_ABROAD
from agent_assist.knowledge.conflicts.judge import judge
from agent_assist.knowledge.conflicts.nearest import cosine
from agent_assist.knowledge.conflicts.sides import Side, side
from agent_assist.storage.articles.conflicts import StoredArticle

# Passages that are kept read.
_KEPT = 20_000


class Comparer:
    """Compares articles; what was read of one is kept for its next comparisons."""

    def __init__(self) -> None:
        self._sides: dict[tuple[str, str, int], Side] = {}

    def compare(self, one: StoredArticle, other: StoredArticle, *, near_questions: bool) -> Conflict | None:
        """The worst that is the matter between two articles: most contradicting facts, else a double.

        `near_questions` tells whether it is worth to compare their questions' vectors.
        """
        if _apart(one.article, other.article):
            return None
        if one.article.doc_id > other.article.doc_id:
            one, other = other, one
        abroad = one.article.language is not other.article.language
        least = LEAST_ABROAD if abroad else LEAST
        questions = _best(one.questions, other.questions) if near_questions else 0.0
        found = []
        for mine, theirs in itertools.product(range(len(one.passages)), range(len(other.passages))):
            vectors = one.passages[mine].vector, other.passages[theirs].vector
            passages = _cosine(*vectors)
            if max(passages, questions) >= least or not all(vectors):
                sides = self._read(one, mine), self._read(other, theirs)
                conflict = judge(*sides, passages=passages, questions=questions)
                found += [conflict] if conflict else []
        return max(found, key=_weight, default=None)

    def _read(self, stored: StoredArticle, place: int) -> Side:
        key = stored.article.doc_id, stored.state, place
        known = self._sides.get(key)
        if known is None:
            if len(self._sides) >= _KEPT:
                self._sides.clear()
            known = self._sides[key] = side(stored.article, stored.passages[place].passage)
        return known


def meet(one: Article, other: Article, now: datetime) -> bool:
    """Whether two articles are in use at the same time, now or later."""
    starts = [moment for moment in (one.valid_from, other.valid_from, now) if moment is not None]
    ends = [moment for moment in (one.valid_until, other.valid_until) if moment is not None]
    return not ends or max(starts) < min(ends)


def _apart(one: Article, other: Article) -> bool:
    """Articles about different products may say different things."""
    return bool(one.products and other.products and not set(one.products) & set(other.products))


def _best(mine: Sequence[bytes], theirs: Sequence[bytes]) -> float:
    """The highest cosine between two groups of vectors, 0 where one is empty."""
    left, right = ([array("f", vector) for vector in group] for group in (mine, theirs))
    return max((cosine(one, other) for one in left for other in right), default=0.0)


def _cosine(mine: bytes, theirs: bytes) -> float:
    return cosine(array("f", mine), array("f", theirs)) if mine and theirs else 0.0


def _weight(conflict: Conflict) -> tuple[bool, int, float]:
    return conflict.kind is ConflictKind.CONTRADICTION, len(conflict.facts), conflict.likeness
