"""Marks and slots in a corpus row: `[type:surface]` is an entity, `{name}` is filled from a list of fillers.

Marks nest: in `[product:[color:black] [brand:Lumio] lamp]` the colour and the brand lie inside the product.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_OPENING = re.compile(r"\[([a-z_]+):")
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text are an entity of `type`."""

    type: str
    start: int
    end: int


def has_slots(template: str) -> bool:
    """Whether anything in the template is filled."""
    return _SLOT.search(template) is not None


def render(template: str, slots: Mapping[str, Sequence[str]], chance: random.Random) -> tuple[str, list[Span]]:
    """Fill the slots and take the marks out; the spans, outer before inner, are in characters of the returned text.

    Raises ValueError for marks that do not close and KeyError for a slot without fillers.
    """
    filled = _SLOT.sub(lambda match: chance.choice(slots[match[1]]), template)
    text: list[str] = []
    length, at = 0, 0
    open_marks: list[tuple[str, int]] = []
    spans: list[Span] = []
    while at < len(filled):
        if opening := _OPENING.match(filled, at):
            open_marks.append((opening[1], length))
            at = opening.end()
        elif filled[at] == "]" and open_marks:
            kind, start = open_marks.pop()
            spans.append(Span(kind, start, length))
            at += 1
        else:
            text.append(filled[at])
            length, at = length + 1, at + 1
    if open_marks:
        raise ValueError(f"a mark is not closed: {template!r}")
    return "".join(text), sorted(spans, key=lambda one: (one.start, -one.end))
