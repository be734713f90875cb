"""A passage as statements: each fact with the words around it, by which the facts of two passages are paired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.domain.facts import Fact, FactKind, find_facts
from agent_assist.knowledge.words import query_words

# Numbers of orders and people are no rules of the shop.
_COMPARED = frozenset({FactKind.AMOUNT, FactKind.DURATION, FactKind.PERCENTAGE, FactKind.NUMBER, FactKind.DATE})
_SENTENCE_END = re.compile(r"[。！？!?；;\n|]+|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[，,、:：()（）]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact as it is written, with its clause and its sentence, in which blanks stand for facts."""

    fact: Fact
    text: str
    clause: str
    sentence: str
    # what is counted, for a bare number: the character or the word behind it
    unit: str
    # the how manieth fact of its kind it is in its sentence, and of how many
    place: tuple[int, int]


def find_statements(text: str) -> list[Statement]:
    """The statements of `text`, in order of place."""
    facts = find_facts(text)
    bare = _without(text, facts)
    statements = []
    for start, end in _spans(bare, _SENTENCE_END, 0, len(bare)):
        inside = [fact for fact in facts if start <= fact.start < end]
        for fact in inside:
            if fact.kind not in _COMPARED:
                continue
            clauses = _spans(bare, _CLAUSE_END, start, end)
            clause = next((span for span in clauses if span[0] <= fact.start < span[1]), (start, end))
            alike = [one for one in inside if one.kind is fact.kind]
            statements.append(
                Statement(
                    fact=fact,
                    text=text[fact.start : fact.end],
                    clause=bare[slice(*clause)],
                    sentence=bare[start:end],
                    unit=_unit(text, fact),
                    place=(alike.index(fact), len(alike)),
                )
            )
    return statements


@lru_cache(maxsize=20_000)
def telling_words(text: str) -> frozenset[str]:
    """Words and pairs of characters, without English filler."""
    split = query_words(text)
    return frozenset((*split.words, *split.pairs))


def _without(text: str, facts: list[Fact]) -> str:
    """`text` with blanks in place of its facts, so that neither words nor borders are found in them."""
    chars = list(text)
    for fact in facts:
        chars[fact.start : fact.end] = " " * (fact.end - fact.start)
    return "".join(chars)


def _spans(text: str, border: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for match in border.finditer(text, start, end):
        yield position, match.end()
        position = match.end()
    if position < end:
        yield position, end


def _unit(text: str, fact: Fact) -> str:
    if fact.kind is not FactKind.NUMBER:
        return ""
    match = re.match(r"\s?(?:([A-Za-z]+)|([\u4e00-\u9fff]))", text[fact.end : fact.end + 16])
    return (match[1] or match[2]).lower().rstrip("s") if match else ""
