"""Rows whose text is there already, exactly or nearly, are left out; contradicting ones are kept and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.data.agreement import contradictions, joined, with_all_labels
from agent_assist.data.near import NearIndex
from agent_assist.data.row import Row


class Conflicts(StrEnum):
    """What becomes of rows that read the same and say different things."""

    KEEP = "keep"
    DROP = "drop"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A row that was left out because it reads like another."""

    id: str
    like: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two rows that read alike and contradict each other in `fields`."""

    ids: tuple[str, str]
    fields: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """The rows that stay, in their order."""

    rows: tuple[Row, ...]
    removed: tuple[Removed, ...]
    conflicts: tuple[Conflict, ...]


def dedupe(rows: Sequence[Row], *, near: float = 1.0, conflicts: Conflicts = Conflicts.KEEP) -> Deduped:
    """Leave out each row that reads like a kept one, at least `near` similar, and does not contradict it.

    The first of equal texts stays and takes over what only the others say. With `conflicts` "merge", equal texts that
    differ in their labels become one row with all of them; with "drop", all rows of a text that contradict each other
    go. Nearly equal texts that contradict each other always stay. Raises `InputError` for a `near` that cannot be used.
    """
    index = NearIndex(near)
    work = _Exact(conflicts)
    for row in rows:
        work.add(row)
    kept = work.kept()
    removed, found = work.removed, work.conflicts
    if near < 1:
        kept, removed_near, found_near = _without_near(kept, index)
        removed, found = removed + removed_near, found + found_near
    return Deduped(rows=tuple(kept), removed=tuple(removed), conflicts=tuple(found))


class _Exact:
    """Rows by key; of each key those that contradict each other."""

    def __init__(self, policy: Conflicts) -> None:
        self._policy = policy
        self._by_key: dict[str, list[Row]] = {}
        self._order: dict[str, int] = {}
        self.removed: list[Removed] = []
        self.conflicts: list[Conflict] = []

    def add(self, row: Row) -> None:
        self._order[row.id] = len(self._order)
        same = self._by_key.setdefault(row.key, [])
        for place, other in enumerate(same):
            if not contradictions(other, row):
                same[place] = joined(other, row)
                self.removed.append(Removed(id=row.id, like=other.id, similarity=1.0))
                return
        if same:
            fields = tuple(contradictions(same[0], row))
            self.conflicts.append(Conflict(ids=(same[0].id, row.id), fields=fields, similarity=1.0))
        same.append(row)

    def kept(self) -> list[Row]:
        """In the order they came; those in conflict as the policy says."""
        rows: list[Row] = []
        for same in self._by_key.values():
            rows += same if len(same) == 1 else self._settled(same)
        return sorted(rows, key=lambda row: self._order[row.id])

    def _settled(self, same: list[Row]) -> list[Row]:
        if self._policy is Conflicts.KEEP:
            return same
        if self._policy is Conflicts.DROP:
            self.removed += [Removed(id=row.id, like=same[0].id, similarity=1.0) for row in same]
            return []
        mergeable = [row for row in same if contradictions(same[0], row) in ([], ["labels"])]
        self.removed += [Removed(id=row.id, like=same[0].id, similarity=1.0) for row in mergeable[1:]]
        return [with_all_labels(mergeable), *(row for row in same if row not in mergeable)]


def _without_near(rows: Sequence[Row], index: NearIndex) -> tuple[list[Row], list[Removed], list[Conflict]]:
    kept: list[Row] = []
    removed: list[Removed] = []
    conflicts: list[Conflict] = []
    for row in rows:
        match = index.best(row.key)
        other = None if match is None else kept[match.number]
        if match is not None and other is not None and match.similarity < 1:
            fields = contradictions(other, row)
            if not fields:
                removed.append(Removed(id=row.id, like=other.id, similarity=match.similarity))
                continue
            ids = (other.id, row.id)
            conflicts.append(Conflict(ids=ids, fields=tuple(fields), similarity=match.similarity))
        index.add(len(kept), row.key)
        kept.append(row)
    return kept, removed, conflicts
