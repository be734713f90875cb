"""Passages cut into units: what can be kept or left out of a prompt by itself, and is then still understood.

A unit is a sentence, a clause between semicolons, a question with its answer, or a row of a table with its column
names written beside the cells, so that a small model need not count columns.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from agent_assist.engine.protocol import Draft, GroundingPassage

_END = re.compile(
    r"(?<=[。！？；!?;\n])[”」’\"')）]*\s*"
    r"|(?<=[a-z\d)%°\"”’][.])(?<!^\d[.])(?<![；;：:\n]\d[.])(?<![；;：:]\s\d[.])"
    r"\s+(?=[^a-z\d\s])"  # a full stop, not one of "approx. 3 days" nor of "send us: 1. a photo; 2. …"
)
ORDER = -1  # the passage of an order's lines
_ORDER_TITLES = {"zh": "订单", "en": "Order"}
_CELL = " | "
_RULE = re.compile(r"[\s|:-]*-{3}[\s|:-]*")  # what Markdown draws under a table's head
_ASKS = ("?", "？")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the passage number `passage`, with the passage's title; `text` reads by itself."""

    passage: int
    title: str
    text: str


# Where a unit is cut into clauses: what one fact needs. Not within a number.
_COMMA = re.compile(r"(?<=[，；])|(?<=[,;])\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a unit; `unit` counts in the list that `units_of` gave."""

    unit: int
    text: str


def clauses_of(units: Sequence[Unit]) -> list[Clause]:
    """All clauses in reading order."""
    return [
        Clause(number, part.strip())
        for number, unit in enumerate(units)
        for part in ([unit.text] if unit.passage == ORDER else _COMMA.split(unit.text))
        if part and part.strip()
    ]


def units_of(passages: Sequence[GroundingPassage]) -> list[Unit]:
    """All units in reading order."""
    return [
        Unit(number, passage.title, text) for number, passage in enumerate(passages) for text in split(passage.text)
    ]


def order_units(draft: Draft) -> list[Unit]:
    """The order's lines as units of no passage."""
    return [Unit(ORDER, _ORDER_TITLES.get(draft.language, "Order"), line) for line in draft.order_facts]


def narrowed(passages: Sequence[GroundingPassage], kept: Iterable[Unit]) -> list[GroundingPassage]:
    """The passages with the `kept` units alone; passages without one are left out."""
    texts: dict[int, list[str]] = {}
    for unit in kept:
        texts.setdefault(unit.passage, []).append(unit.text)
    return [structs.replace(passages[number], text=" ".join(texts[number])) for number in sorted(texts)]


def split(text: str) -> list[str]:
    """The units of one passage."""
    return list(_with_answers(_with_columns(part.strip() for part in _END.split(text) if part and part.strip())))


def _with_columns(parts: Iterable[str]) -> Iterator[str]:
    columns: list[str] = []
    for part in parts:
        bare = part.rstrip(";； ").removeprefix("|").removesuffix("|").strip()
        cells = [cell.strip() for cell in bare.split(_CELL)]
        if _RULE.fullmatch(bare):
            continue
        if len(cells) < 2:
            columns = []
            yield part
        elif len(cells) != len(columns):
            columns = cells
        else:
            yield "; ".join(f"{column}: {cell}" for column, cell in zip(columns, cells, strict=True))


def _with_answers(parts: Iterable[str]) -> Iterator[str]:
    question = ""
    for part in parts:
        if part.endswith(_ASKS):
            question = f"{question} {part}".strip()
            continue
        yield f"{question} {part}".strip()
        question = ""
    if question:
        yield question
