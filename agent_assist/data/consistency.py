"""Where rows contradict each other: equal texts judged differently, labels that are one in two spellings."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.data.row import Row
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from agent_assist.text.comparable import comparison_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistency:
    """One text and what its rows say in a field: ids by value."""

    text: str
    field: str
    values: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """`judged_differently` are equal texts; `alike_labels` are labels that differ in spelling only.

    `unknown_values` are sentiments and urgencies that the program does not know; `types_of_surfaces` are words that
    are entities of several types, with how often of each; `overlaps` are ids of rows whose spans overlap.
    """

    judged_differently: tuple[Inconsistency, ...]
    alike_labels: tuple[tuple[str, ...], ...]
    unknown_values: dict[str, dict[str, int]]
    types_of_surfaces: dict[str, dict[str, int]]
    overlaps: tuple[str, ...]


def consistency(rows: Sequence[Row]) -> Consistency:
    """All that contradicts."""
    return Consistency(
        judged_differently=tuple(_judged_differently(rows)),
        alike_labels=_alike(sorted({label for row in rows for label in row.labels})),
        unknown_values=_unknown(rows),
        types_of_surfaces=_types(rows),
        overlaps=tuple(row.id for row in rows if _overlaps(row)),
    )


def _judged_differently(rows: Sequence[Row]) -> list[Inconsistency]:
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    found: list[Inconsistency] = []
    for same in by_key.values():
        for field in ("label", "spans", "sentiment", "urgency"):
            values: dict[str, list[str]] = {}
            for row in same:
                if said := _said(row, field):
                    values.setdefault(said, []).append(row.id)
            if len(values) > 1:
                ids = {value: tuple(names) for value, names in values.items()}
                found.append(Inconsistency(text=same[0].text, field=field, values=ids))
    return found


def _said(row: Row, field: str) -> str:
    if field != "spans":
        return str(getattr(row, field))
    if row.spans is None:
        return ""
    return (
        ", ".join(f"{one.type}={comparison_key(row.text[one.start : one.end])}" for one in row.spans) or "no entities"
    )


def _alike(labels: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    by_key: dict[str, list[str]] = {}
    for label in labels:
        by_key.setdefault(comparison_key(label), []).append(label)
    return tuple(tuple(names) for names in by_key.values() if len(names) > 1)


def _unknown(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field, known in (("sentiment", SENTIMENTS), ("urgency", URGENCIES)):
        values = [value for row in rows if (value := getattr(row, field)) and value not in known]
        if values:
            found[field] = {value: values.count(value) for value in sorted(set(values))}
    return found


def _types(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        for span in row.spans or ():
            types = counts.setdefault(comparison_key(row.text[span.start : span.end]), {})
            types[span.type] = types.get(span.type, 0) + 1
    several = {surface: types for surface, types in counts.items() if len(types) > 1}
    return dict(sorted(several.items(), key=lambda item: -sum(item[1].values())))


def _overlaps(row: Row) -> bool:
    end = 0
    for span in sorted(row.spans or ()):
        if span.start < end:
            return True
        end = max(end, span.end)
    return False
