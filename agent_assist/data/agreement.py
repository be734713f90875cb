"""Whether two rows of the same text say the same, and one row out of two that do not contradict each other."""

from collections.abc import Iterable
from dataclasses import replace

from agent_assist.data.row import Row
from agent_assist.text.comparable import comparison_key

_JUDGED = ("labels", "spans", "sentiment", "urgency")
_FILLED = ("sentiment", "urgency", "language", "conversation", "time", "source")


def contradictions(one: Row, other: Row) -> list[str]:
    """The fields in which both rows say something, and not the same."""
    return [field for field in _JUDGED if _contradict(_said(one, field), _said(other, field))]


def _contradict(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _said(row: Row, field: str) -> object:
    """What a row says in a form that can be compared with another way of writing the text; None for nothing."""
    if field == "labels":
        return frozenset(row.labels) or None
    if field == "spans":
        return None if row.spans is None else _surfaces(row)
    return getattr(row, field) or None


def _surfaces(row: Row) -> list[tuple[str, str]]:
    return sorted((span.type, comparison_key(row.text[span.start : span.end])) for span in row.spans or ())


def joined(one: Row, other: Row) -> Row:
    """`one` with what only `other` says; its spans only where the texts are equal to the character."""
    changes = {field: getattr(other, field) for field in _FILLED if not getattr(one, field) and getattr(other, field)}
    if not one.labels and other.labels:
        changes["labels"] = other.labels
    if one.spans is None and other.spans is not None and one.text == other.text:
        changes["spans"] = other.spans
    extra = {**other.extra, **one.extra}
    return replace(one, **changes, extra=extra) if changes or extra != one.extra else one


def with_all_labels(rows: Iterable[Row]) -> Row:
    """The first row with the labels of all."""
    first, *others = rows
    labels = dict.fromkeys([*first.labels, *(label for row in others for label in row.labels)])
    return replace(first, labels=tuple(labels))
