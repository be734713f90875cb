"""The checkable facts of a text, each with a key that is the same however it is written (七天 = 7 days = one week)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agent_assist.domain.patterns import (
    find_durations,
    find_entities,
    find_numbers,
    find_percentages,
    normalise_number,
)
from agent_assist.domain.patterns.numbers import plain
from agent_assist.domain.patterns.spans import fold
from agent_assist.domain.understanding import Entity


class FactKind(StrEnum):
    """What a fact is about."""

    AMOUNT = "amount"
    DATE = "date"
    DURATION = "duration"
    PERCENTAGE = "percentage"
    IDENTIFIER = "identifier"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Fact:
    """Characters `start` to `end` of a text state something; `keys` are its comparable forms."""

    kind: FactKind
    start: int
    end: int
    keys: frozenset[str]


_ENTITY_KINDS = {
    "amount": FactKind.AMOUNT,
    "date": FactKind.DATE,
    "order_number": FactKind.IDENTIFIER,
    "tracking_number": FactKind.IDENTIFIER,
    "phone": FactKind.IDENTIFIER,
    "email": FactKind.IDENTIFIER,
}


def find_facts(text: str, *, today: date | None = None) -> list[Fact]:
    """Facts of `text` in order of place; none overlaps another."""
    facts: list[Fact] = []
    for fact in (*_durations(text), *_percentages(text), *_entities(text, today), *_numbers(text)):
        if all(fact.end <= other.start or fact.start >= other.end for other in facts):
            facts.append(fact)
    return sorted(facts, key=lambda fact: fact.start)


def _durations(text: str) -> Iterator[Fact]:
    """A range such as 3-5 days is one fact with both its ends as keys."""
    spans: dict[tuple[int, int], set[str]] = {}
    for duration in find_durations(text):
        length = f"{plain(duration.minutes)}min" if duration.minutes is not None else f"{duration.months}mon"
        spans.setdefault((duration.start, duration.end), set()).add(f"{length}{'-business' * duration.business}")
    for (start, end), keys in spans.items():
        yield Fact(FactKind.DURATION, start, end, frozenset(keys))


def _percentages(text: str) -> Iterator[Fact]:
    for percentage in find_percentages(text):
        yield Fact(FactKind.PERCENTAGE, percentage.start, percentage.end, frozenset({plain(percentage.value)}))


def _entities(text: str, today: date | None) -> Iterator[Fact]:
    for entity in find_entities(text, today=today):
        kind = _ENTITY_KINDS.get(entity.type)
        if kind is not None:
            yield Fact(kind, entity.start, entity.end, frozenset({_key(entity)}))


def _key(entity: Entity) -> str:
    return entity.value or fold(entity.text).replace(" ", "")


def _numbers(text: str) -> Iterator[Fact]:
    """Numbers that nothing else explains. One ("一个", "one of") is grammar more often than a fact."""
    for number in find_numbers(text):
        value = normalise_number(text[number.start : number.end])
        if value not in {"", "0", "1"} and not _is_list_mark(text, number.start, number.end):
            yield Fact(FactKind.NUMBER, number.start, number.end, frozenset({value}))


def _is_list_mark(text: str, start: int, end: int) -> bool:
    """ "2." at the beginning of a line counts the lines."""
    line_start = text.rfind("\n", 0, start) + 1
    return not text[line_start:start].strip(" (（") and text[end : end + 1] in {".", ")", "、", "）", "．"}
