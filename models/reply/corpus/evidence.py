"""Which units of its passages a row's reply rests on: what a reader of passages learns from, and is held against."""

import re
from collections import Counter
from dataclasses import dataclass

from models.reply.corpus.pages import MISSING
from models.reply.corpus.rows import Row, holds
from models.reply.evidence.notes import Clause, Unit, clauses_of, order_units, units_of

# A clause of a reply is taken from a unit that holds this share of its pairs of characters, or of its words.
_TAKEN = 0.5
_CLAUSE_END = re.compile(r"[。！？；，!?;,]+|\.(?=\s|$)")
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d+(?:[.:]\d+)*", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_COMMON = frozenset(
    {"the", "a", "an", "is", "are", "was", "be", "been", "it", "its", "this", "that", "these", "those", "of", "to",
     "in", "on", "at", "for", "and", "or", "but", "if", "so", "we", "you", "your", "our", "my", "i", "can", "will",
     "would", "could", "do", "does", "did", "have", "has", "had", "not", "no", "yes", "hello", "hi", "please",
     "thanks", "thank", "with", "from", "by", "as", "there"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row's reply rests on among `units` and their `clauses`; empty where nothing answers."""

    units: list[Unit]
    clauses: list[Clause]
    held: frozenset[int]  # clauses, by their place in `clauses`


def evidence(row: Row) -> Evidence:
    """Which clauses of passages and order hold the facts of the row's reply."""
    units = [*units_of(row.draft.passages), *order_units(row.draft)]
    clauses = clauses_of(units)
    if row.kind == MISSING or not clauses:
        return Evidence(units, clauses, frozenset())
    asked = " ".join(turn.text for turn in row.draft.thread[-3:])
    wanted = terms(f"{row.reply} {asked}")
    around = [terms(f"{units[clause.unit].title} {units[clause.unit].text}") for clause in clauses]
    own = [terms(clause.text) for clause in clauses]
    found: set[int] = set()
    for fact in filter(_is_value, row.must):
        holding = [place for place, clause in enumerate(clauses) if holds(clause.text, fact)]
        if holding:
            found.add(
                max(
                    holding,
                    key=lambda place: 2 * shared_terms(wanted, own[place]) + shared_terms(wanted, around[place]),
                )
            )
    for said in map(terms, _CLAUSE_END.split(row.reply)):
        needed = _TAKEN * sum(said.values())
        if sum(said.values()) < 2 or any(shared_terms(said, around[place]) >= needed for place in found):
            continue
        best = max(range(len(clauses)), key=lambda place: (shared_terms(said, own[place]), -place))
        if shared_terms(said, own[best]) >= needed:
            found.add(best)
    return Evidence(units, clauses, frozenset(found))


def terms(text: str) -> Counter[str]:
    """Words of Latin script without the commonest, and pairs of Chinese characters."""
    folded = text.casefold()
    counted = Counter(word for word in _WORD.findall(folded) if word not in _COMMON)
    for run in _HAN.findall(folded):
        counted.update(run[place : place + 2] for place in range(len(run) - 1))
    return counted


def _is_value(fact: str) -> bool:
    return any(character.isdigit() for character in fact) or "|" not in fact


def shared_terms(some: Counter[str], others: Counter[str]) -> int:
    """How many terms two bags share."""
    return sum((some & others).values())
