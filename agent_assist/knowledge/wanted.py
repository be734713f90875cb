"""What a query asks for: its words with their weights, each with the forms in which the index may hold it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent_assist.knowledge.words import IndexWords, fold, query_words
from agent_assist.storage.knowledge import KnowledgeStore, TermCounts
from agent_assist.storage.searching.terms import Term
from agent_assist.text.spelling import is_slip, slips

# A customer's mail can have thousands of words; the first hundreds say what it is about.
_MAX_TERMS = 120
# What a word that was guessed from a slip is worth.
_SLIP_WEIGHT = 0.8
_MAX_FORMS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A word or pair of the query. A passage that holds one of `forms` holds it; `slip`: they are guesses."""

    typed: str
    forms: tuple[str, ...]
    weight: float
    slip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """An analysed query: `words` as they were split, `wanted` with weights, `terms` and `counts` for the store."""

    words: IndexWords
    wanted: tuple[Wanted, ...]
    terms: tuple[Term, ...]
    counts: TermCounts


async def analyse(store: KnowledgeStore, text: str) -> AskedFor:
    """Split `text`, look up how common its words are, and guess what those that are not in the index were to be."""
    words = query_words(text)
    terms = _terms(words)
    counts = await store.count_terms(terms)
    unknown = [term for term in terms if not counts.frequencies[term]]
    guesses = await _guesses(store, text, unknown) if unknown and counts.passages else {}
    forms = {form for one in guesses.values() for form in one}
    if forms:
        more = await store.count_terms(forms)
        counts = TermCounts(frequencies={**counts.frequencies, **more.frequencies}, passages=counts.passages)
    wanted = tuple(_wanted(term, guesses, counts) for term in _asked(terms, guesses))
    return AskedFor(words=words, wanted=wanted, terms=_columns(words, forms), counts=counts)


def _terms(words: IndexWords) -> tuple[str, ...]:
    """Words and pairs, each once: a word of two characters is a pair too."""
    return tuple(dict.fromkeys([*words.words[:_MAX_TERMS], *words.pairs[:_MAX_TERMS]]))


def _columns(words: IndexWords, forms: Iterable[str]) -> tuple[Term, ...]:
    guessed = [Term(column="words" if form.isascii() else "pairs", text=form) for form in sorted(forms)]
    return (
        *(Term(column="words", text=word) for word in words.words[:_MAX_TERMS]),
        *(Term(column="pairs", text=pair) for pair in words.pairs[:_MAX_TERMS]),
        *guessed,
    )


async def _guesses(store: KnowledgeStore, text: str, unknown: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For words that the index lacks the ones that it has and that they may be slips of, the most common first."""
    asked = slips(fold(text), unknown)
    known = await store.spelled({key for keys in asked.values() for key in keys})
    found = {}
    for typed, keys in asked.items():
        forms = {form for key in keys for form in known.get(key, ()) if is_slip(typed, form)}
        if forms:
            counts = await store.count_terms(forms)
            held = sorted((form for form in forms if counts.frequencies[form]), key=lambda f: -counts.frequencies[f])
            if held:
                found[typed] = tuple(held[:_MAX_FORMS])
    return found


def _asked(terms: Sequence[str], guesses: dict[str, tuple[str, ...]]) -> list[str]:
    """The query's terms, and pinyin that was typed in place of them."""
    typed = [term for term in guesses if term not in terms]
    pinyin = {part for term in typed for part in terms if term in part}
    return [*(term for term in terms if term not in pinyin), *typed]


def _wanted(term: str, guesses: dict[str, tuple[str, ...]], counts: TermCounts) -> Wanted:
    forms = guesses.get(term)
    if forms is None:
        return Wanted(typed=term, forms=(term,), weight=_rarity(counts.frequencies[term], counts.passages))
    weight = _SLIP_WEIGHT * _rarity(max(counts.frequencies[form] for form in forms), counts.passages)
    return Wanted(typed=term, forms=forms, weight=weight, slip=True)


def _rarity(frequency: int, passages: int) -> float:
    """Inverse document frequency as in BM25; a word that no passage has weighs most."""
    frequency = min(frequency, passages)
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
