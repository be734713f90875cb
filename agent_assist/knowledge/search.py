"""Hybrid search: full text and vectors find candidates, one calibrated relevance ranks them."""

import math
from collections.abc import Iterable, Sequence

from agent_assist.domain.knowledge import Hit
from agent_assist.domain.language import Language, detect_language
from agent_assist.knowledge.relevance import Signals, relevance
from agent_assist.knowledge.words import IndexWords, fold, query_words
from agent_assist.storage.candidates import Candidate, Candidates, PassageQuery
from agent_assist.storage.knowledge import KnowledgeStore

# Passages that each of the searches contributes.
_POOL = 50
# A customer's mail can have thousands of words; the first hundreds say what it is about.
_MAX_QUERY_CHARS = 2000
_MAX_TERMS = 120


class Searcher:
    """The index's reading side."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store

    async def search(
        self,
        query_text: str,
        query_vector: bytes = b"",
        *,
        k: int = 5,
        language: Language | None = None,
        include_internal: bool = False,
    ) -> list[Hit]:
        """The `k` most relevant passages, best first.

        `query_vector` is the query's unit vector (kind QUERY, float32, 384 values); without one full text alone
        decides. Only passages in `language` where one is given; internal ones only on request.
        """
        query_text = query_text[:_MAX_QUERY_CHARS]
        words = query_words(query_text)
        query = passage_query(
            words, query_vector, limit=max(_POOL, k), language=language, include_internal=include_internal
        )
        candidates = await self._store.candidates(query)
        return rank(candidates, candidate_signals(query_text, words, candidates), k=k)


def passage_query(
    words: IndexWords,
    vector: bytes,
    *,
    limit: int = _POOL,
    language: Language | None = None,
    include_internal: bool = False,
) -> PassageQuery:
    """The store's half of a search."""
    return PassageQuery(
        match=match_expression(words),
        terms=_terms(words),
        vector=vector,
        limit=limit,
        language=language,
        include_internal=include_internal,
    )


def _terms(words: IndexWords) -> tuple[str, ...]:
    """Words and pairs, each once: a word of two characters is a pair too."""
    return tuple(dict.fromkeys([*words.words[:_MAX_TERMS], *words.pairs[:_MAX_TERMS]]))


def match_expression(words: IndexWords) -> str:
    """The FTS5 expression: any of the words or pairs; "" where there are none."""
    parts = []
    for column, terms in (("words", words.words), ("pairs", words.pairs)):
        if terms:
            any_of = " OR ".join(f'"{term}"' for term in terms[:_MAX_TERMS])
            parts.append(f"{column} : ({any_of})")
    return " OR ".join(parts)


def candidate_signals(query_text: str, words: IndexWords, candidates: Candidates) -> list[Signals]:
    """What is known of each candidate, in their order."""
    weights = term_weights(_terms(words), candidates)
    language = detect_language(query_text)
    return [
        Signals(
            similarity=candidate.similarity,
            question_match=candidate.question_match,
            lexical=coverage(weights, candidate),
            terms=len(weights),
            same_language=candidate.language is language,
        )
        for candidate in candidates.found
    ]


def rank(candidates: Candidates, signals: Sequence[Signals], *, k: int) -> list[Hit]:
    """Candidates as hits by falling relevance; equal ones in order of their article and place."""
    scored = [(relevance(one), one, candidate) for one, candidate in zip(signals, candidates.found, strict=True)]
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


def term_weights(terms: Iterable[str], candidates: Candidates) -> dict[str, float]:
    """Inverse document frequency as in BM25; a word that no passage has weighs most."""
    total = candidates.passages
    return {
        term: math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
        for term in terms
        for frequency in (min(candidates.frequencies.get(term, 0), total),)
    }


def coverage(weights: dict[str, float], candidate: Candidate) -> float:
    """The share of the query's weighted words that the passage holds.

    A Chinese word also counts where the passage's own cut split it differently.
    """
    whole = sum(weights.values())
    if not whole:
        return 0.0
    held = set(candidate.words.split())
    text = fold(candidate.passage.text)
    return (
        sum(weight for term, weight in weights.items() if term in held or (not term.isascii() and term in text)) / whole
    )
