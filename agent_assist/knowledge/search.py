"""Hybrid search: full text and vectors find candidates, one calibrated relevance ranks them."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime

from agent_assist.domain.knowledge import Hit, SearchFilter
from agent_assist.domain.language import detect_language
from agent_assist.knowledge.relevance import Signals, relevance
from agent_assist.knowledge.wanted import AskedFor, Wanted, analyse
from agent_assist.knowledge.words import fold
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching.candidates import Candidate, PassageQuery

# Passages that each of the searches contributes.
_POOL = 50
_MAX_QUERY_CHARS = 2000
# Words of the query that a hit names as its reason.
_MAX_MATCHED = 6
EVERYTHING_PUBLIC = SearchFilter()


class Searcher:
    """The index's reading side."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store

    async def search(
        self, query_text: str, query_vector: bytes = b"", *, k: int = 5, wanted: SearchFilter = EVERYTHING_PUBLIC
    ) -> list[Hit]:
        """The `k` most relevant passages, best first.

        `query_vector` is the query's unit vector (kind QUERY, float32, 384 values); without one full text alone
        decides.
        """
        query_text = query_text[:_MAX_QUERY_CHARS]
        asked = await analyse(self._store, query_text)
        candidates = await self._store.candidates(
            passage_query(asked, query_vector, limit=max(_POOL, k), wanted=wanted)
        )
        return rank(asked, candidates, candidate_signals(query_text, asked, candidates), k=k)


def passage_query(
    asked: AskedFor, vector: bytes, *, limit: int = _POOL, wanted: SearchFilter = EVERYTHING_PUBLIC
) -> PassageQuery:
    """The store's half of a search."""
    return PassageQuery(
        terms=asked.terms,
        frequencies=asked.counts.frequencies,
        passages=asked.counts.passages,
        vector=vector,
        limit=limit,
        filter=wanted if wanted.valid_at else dataclasses.replace(wanted, valid_at=datetime.now(UTC)),
    )


def candidate_signals(query_text: str, asked: AskedFor, candidates: Sequence[Candidate]) -> list[Signals]:
    """What is known of each candidate, in their order."""
    language = detect_language(query_text)
    return [
        Signals(
            similarity=candidate.similarity,
            question_match=candidate.question_match,
            lexical=coverage(asked.wanted, held_by(candidate, asked.wanted)),
            terms=len(asked.wanted),
            same_language=candidate.language is language,
        )
        for candidate in candidates
    ]


def rank(asked: AskedFor, candidates: Sequence[Candidate], signals: Sequence[Signals], *, k: int) -> list[Hit]:
    """Candidates as hits by falling relevance; equal ones in order of their article and place."""
    scored = [(relevance(one), one, candidate) for one, candidate in zip(signals, candidates, strict=True)]
    scored.sort(key=lambda item: (-item[0], item[2].passage.doc_id, item[2].passage.start))
    return [
        Hit(
            rank=number,
            score=score,
            passage=candidate.passage,
            similarity=one.similarity,
            lexical=one.lexical,
            question_match=one.question_match,
        )
        for number, (score, one, candidate) in enumerate(scored[:k], start=1)
    ]


def coverage(wanted: Sequence[Wanted], held: set[str]) -> float:
    """The share of the query's weighted words that are among the `held` ones (as they were typed)."""
    whole = sum(one.weight for one in wanted)
    return sum(one.weight for one in wanted if one.typed in held) / whole if whole else 0.0


def held_by(candidate: Candidate, wanted: Sequence[Wanted]) -> set[str]:
    """Which of the query's words the passage holds.

    A Chinese word also counts where the passage's own cut split it differently.
    """
    words = set(candidate.words.split())
    held = {one.typed for one in wanted if not words.isdisjoint(one.forms)}
    missing = [one for one in wanted if one.typed not in held and not one.forms[0].isascii()]
    if missing:
        text = fold(candidate.passage.text)
        held |= {one.typed for one in missing if any(form in text for form in one.forms)}
    return held
