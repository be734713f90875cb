"""Hybrid search: full text and vectors find candidates, one calibrated relevance ranks them."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from agent_assist.domain.knowledge import Hit, SearchFilter
from agent_assist.domain.understanding import Understanding
from agent_assist.knowledge.searching.reasons import found_slips, matched_words
from agent_assist.knowledge.searching.relevance import Signals, relevance
from agent_assist.knowledge.searching.signals import candidate_signals
from agent_assist.knowledge.searching.wanted import AskedFor, analyse, without_pinyin
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.searching.candidates import Candidate, PassageQuery

# Passages that each of the searches contributes.
_POOL = 40
_MAX_QUERY_CHARS = 2000
EVERYTHING_PUBLIC = SearchFilter()


class Searcher:
    """The index's reading side."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store

    async def without_pinyin(self, query_text: str) -> str:
        """The query to make a vector of and to search for; see `wanted.without_pinyin`."""
        return await without_pinyin(self._store, query_text[:_MAX_QUERY_CHARS])

    async def search(
        self,
        query_text: str,
        query_vector: bytes = b"",
        *,
        k: int = 5,
        wanted: SearchFilter = EVERYTHING_PUBLIC,
        read: Understanding | None = None,
    ) -> list[Hit]:
        """The `k` most relevant passages, best first.

        `query_vector` is the query's unit vector (kind QUERY, float32, 384 values); without one full text alone
        decides. `read` is what the models read out of the query: articles whose questions want the same come first.
        """
        query_text = query_text[:_MAX_QUERY_CHARS]
        asked = await analyse(self._store, query_text)
        candidates = await self._store.candidates(
            passage_query(asked, query_vector, limit=max(_POOL, k), wanted=wanted)
        )
        return rank(asked, candidates, read=read, k=k)


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


def rank(asked: AskedFor, candidates: Sequence[Candidate], *, k: int, read: Understanding | None = None) -> list[Hit]:
    """Candidates as hits by falling relevance; equal ones in order of their article and place."""
    known = candidate_signals(asked, candidates, read=read)
    scored = [(relevance(signals), place) for place, (signals, _) in enumerate(known)]
    scored.sort(key=lambda one: (-one[0], candidates[one[1]].passage.doc_id, candidates[one[1]].passage.start))
    return [
        _hit(number, score, candidates[place], *known[place], asked)
        for number, (score, place) in enumerate(scored[:k], start=1)
    ]


def _hit(
    number: int, score: float, candidate: Candidate, signals: Signals, held: Mapping[str, float], asked: AskedFor
) -> Hit:
    return Hit(
        rank=number,
        score=score,
        passage=candidate.passage,
        similarity=signals.similarity,
        lexical=signals.lexical,
        question_match=signals.question_match,
        question=candidate.question,
        matched=matched_words(asked, held),
        slips=found_slips(asked, candidate, held),
    )
