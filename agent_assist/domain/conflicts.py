"""Articles that say the same twice, or different things about the same."""

from dataclasses import dataclass
from enum import StrEnum


class ConflictKind(StrEnum):
    """Near-equal articles, or articles that answer the same question with different facts."""

    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSide:
    """One of the two passages: `passage` is characters `start` to `end` of the article's text."""

    doc_id: str
    title: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPair:
    """What the two passages say differently, as they write it. `kind` is that of the fact (amount, duration,
    percentage, number, date) or "answer" for yes against no."""

    kind: str
    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two articles, by doc_id in alphabetical order. `likeness` (0 to 1) says how near passages or questions are; a
    duplicate has no facts, a contradiction at least one. `dismissed` ones were said to be none by a person."""

    kind: ConflictKind
    one: ConflictSide
    other: ConflictSide
    facts: tuple[FactPair, ...] = ()
    likeness: float = 0.0
    dismissed: bool = False
