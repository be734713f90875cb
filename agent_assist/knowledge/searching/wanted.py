"""What a query asks for: its words with their weights, each with the forms in which the index may hold it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.language import Language, detect_language
from agent_assist.knowledge.searching.synonyms import synonyms_in
from agent_assist.knowledge.words import IndexWords, as_typed, fold, query_words
from agent_assist.storage.knowledge import KnowledgeStore, TermCounts
from agent_assist.storage.searching.terms import Term
from agent_assist.text.spelling import is_pair, is_slip, pinyin_runs, slips

# A customer's mail can have thousands of words; the first hundreds say what it is about.
_MAX_TERMS = 120
# What a word that was guessed from a slip is worth, and one that only means the same.
_SLIP_WEIGHT = 0.8
SYNONYM_SHARE = 0.7
_MAX_FORMS = 3
_MAX_SYNONYMS = 8
# A word that more passages hold needs no other one.
_RARE_SHARE = 0.005
_RARE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A word or pair of the query. A passage that holds one of `forms` holds it; `slip`: they are guesses.

    One that holds one of the synonyms `near` holds `SYNONYM_SHARE` of it.
    """

    typed: str
    forms: tuple[str, ...]
    weight: float
    slip: bool = False
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """An analysed query in `language`: what is `wanted`, with weights; `terms` and `counts` for the store.

    `as_typed` says what stands in the query for an index word, where that is another; `forms` are all forms wanted.
    """

    wanted: tuple[Wanted, ...]
    terms: tuple[Term, ...]
    counts: TermCounts
    as_typed: Mapping[str, str]
    forms: frozenset[str]
    language: Language


async def analyse(store: KnowledgeStore, text: str) -> AskedFor:
    """Split `text`, look up how common its words are, and guess what those that are not in the index were to be."""
    words = query_words(text)
    terms = _terms(words)
    counts = await store.count_terms(terms)
    unknown = [term for term in terms if not counts.frequencies[term]]
    guesses = await _guesses(store, text, unknown) if unknown and counts.passages else {}
    counts, near = await _synonyms(store, text, counts)
    forms = {form for one in (*guesses.values(), *near.values()) for form in one}
    counts = await _counted(store, counts, forms)
    asked = _asked(terms, guesses)
    wanted = [
        *(_wanted(term, guesses, near.get(term, ()), counts) for term in asked),
        *(_wanted(phrase, guesses, others, counts) for phrase, others in near.items() if phrase not in asked),
    ]
    return AskedFor(
        wanted=tuple(wanted),
        terms=_columns(words, forms),
        counts=counts,
        as_typed=as_typed(text),
        forms=frozenset(form for one in wanted for form in one.forms),
        language=detect_language(text),
    )


async def without_pinyin(store: KnowledgeStore, text: str) -> str:
    """`text` with pinyin that was left unconverted as the characters that the index knows by that sound.

    The encoder makes nothing of "tuihuo yunfei"; of 退货 运费 it does. Words that the index holds stay as they are.
    """
    folded = fold(text)
    runs = list(pinyin_runs(folded))
    if not runs:
        return text
    counts = await store.count_terms(query_words(text).words)
    unknown = [term for term, frequency in counts.frequencies.items() if term.isascii() and not frequency]
    guesses = await _guesses(store, text, unknown) if unknown else {}
    changed = False
    for start, end, syllables in reversed(runs):
        written = _converted(syllables, guesses)
        if set(query_words(folded[start:end]).words) <= set(unknown) and not written.isascii():
            folded, changed = folded[:start] + written + folded[end:], True
    return folded if changed else text


def _converted(syllables: Sequence[str], guesses: Mapping[str, tuple[str, ...]]) -> str:
    parts, place = [], 0
    while place < len(syllables):
        forms = guesses.get("".join(syllables[place : place + 2]), ())
        form = next((form for form in forms if not form.isascii()), "")
        parts.append(form or syllables[place])
        place += 2 if form else 1
    return "".join(parts)


async def _counted(store: KnowledgeStore, counts: TermCounts, terms: Iterable[str]) -> TermCounts:
    new = [term for term in terms if term not in counts.frequencies]
    if not new:
        return counts
    more = await store.count_terms(new)
    return TermCounts(frequencies={**counts.frequencies, **more.frequencies}, passages=counts.passages)


async def _synonyms(
    store: KnowledgeStore, text: str, counts: TermCounts
) -> tuple[TermCounts, dict[str, tuple[str, ...]]]:
    """Words that mean the same as those of the query that few passages or none hold."""
    found = synonyms_in(text)
    counts = await _counted(store, counts, found)
    rare = max(_RARE, _RARE_SHARE * counts.passages)
    wanted = {phrase: others for phrase, others in found.items() if counts.frequencies[phrase] <= rare}
    counts = await _counted(store, counts, {form for others in wanted.values() for form in others})
    held = {
        phrase: tuple(sorted((form for form in others if counts.frequencies[form]), key=counts.frequencies.__getitem__))
        for phrase, others in wanted.items()
    }
    return counts, {phrase: others[-_MAX_SYNONYMS:] for phrase, others in held.items() if others}


def _terms(words: IndexWords) -> tuple[str, ...]:
    """Words and pairs, each once: a word of two characters is a pair too."""
    return tuple(dict.fromkeys([*words.words[:_MAX_TERMS], *words.pairs[:_MAX_TERMS]]))


def _columns(words: IndexWords, forms: Iterable[str]) -> tuple[Term, ...]:
    guessed = [Term(column="pairs" if is_pair(form) else "words", text=form) for form in sorted(forms)]
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


def _wanted(term: str, guesses: dict[str, tuple[str, ...]], near: tuple[str, ...], counts: TermCounts) -> Wanted:
    forms = guesses.get(term)
    found = max((counts.frequencies[form] for form in forms or (term,)), default=0)
    share = _SLIP_WEIGHT if forms else 1.0
    if not found and near:
        found, share = max(counts.frequencies[form] for form in near), SYNONYM_SHARE
    weight = share * _rarity(found, counts.passages)
    return Wanted(typed=term, forms=forms or (term,), weight=weight, slip=forms is not None, near=near)


def _rarity(frequency: int, passages: int) -> float:
    """Inverse document frequency as in BM25; a word that no passage has weighs most."""
    frequency = min(frequency, passages)
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
