"""Rows of one part that give away rows of another: equal or nearly equal texts, or the same conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from agent_assist.data.near import NearIndex
from agent_assist.data.row import Row
from agent_assist.errors import InputError


class LeakKind(StrEnum):
    """What two rows share."""

    EQUAL = "equal"
    NEAR = "near"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A row of the second part, and the row of the first that gives it away; `similarity` is that of their texts."""

    kind: LeakKind
    first: str
    second: str
    similarity: float | None = None


class LeaksFound(InputError):
    """Parts share what they may not share; `leaks` names the rows."""

    def __init__(self, message: str, leaks: Sequence[Leak]) -> None:
        super().__init__(message)
        self.leaks = tuple(leaks)


def find_leaks(first: Sequence[Row], second: Sequence[Row], *, near: float = 0.9) -> list[Leak]:
    """One leak for each row of `second` that has any: the row of `first` with the most similar text, at least `near`.

    Where no text is near, it is the first row of the same conversation. Raises `InputError` for a `near` that cannot
    be used.
    """
    index = NearIndex(near)
    conversations: dict[str, str] = {}
    for number, row in enumerate(first):
        index.add(number, row.key)
        if row.conversation:
            conversations.setdefault(row.conversation, row.id)
    leaks: list[Leak] = []
    for row in second:
        match = index.best(row.key)
        if match is not None:
            kind = LeakKind.EQUAL if match.similarity == 1 else LeakKind.NEAR
            leaks.append(Leak(kind=kind, first=first[match.number].id, second=row.id, similarity=match.similarity))
        elif row.conversation in conversations:
            leaks.append(Leak(kind=LeakKind.CONVERSATION, first=conversations[row.conversation], second=row.id))
    return leaks


def torn(parts: Mapping[str, Sequence[Row]], groups: Mapping[str, int], *, near: float) -> list[Leak]:
    """Leaks between any two of `parts`, looked for only among rows whose group (by row id) is in more than one."""
    places: dict[int, set[str]] = {}
    for name, rows in parts.items():
        for row in rows:
            places.setdefault(groups[row.id], set()).add(name)
    shared = {group for group, names in places.items() if len(names) > 1}
    suspects = {name: [row for row in rows if groups[row.id] in shared] for name, rows in parts.items()}
    pairs = combinations(suspects.values(), 2) if shared else ()
    return [leak for first, second in pairs for leak in find_leaks(first, second, near=near)]
