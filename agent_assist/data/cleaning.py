"""Cleaning of rows: their texts step by step with the spans carried along, and what is missing in them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent_assist.data.row import Row, Span
from agent_assist.data.text_steps import Cleaning, Step, steps
from agent_assist.domain.language import detect_language
from agent_assist.errors import InputError

FILLED = ("label", "sentiment", "urgency", "language", "conversation", "source")
"""Fields that may be filled where they are missing."""
REQUIRED = (*FILLED, "spans", "time", "before")
"""Fields without which a row may be left out."""

# Words that programs write where they have nothing; "none" in small letters may well be a label.
_NOTHING = frozenset({"null", "nan", "n/a", "#n/a", "#na", "nil", "undefined", "-", "--", "<na>", "缺失"})
# Characters of a private plane mark where spans begin and end while the text is cleaned.
_MARK = 0xF0000
_MARKS = 0xFFFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A row that was left out, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The rows that stay, and counts: texts by step that changed them, fields emptied and filled, spans cut away."""

    rows: tuple[Row, ...]
    dropped: tuple[Dropped, ...]
    changed: Mapping[str, int]
    emptied: Mapping[str, int]
    filled: Mapping[str, int]
    lost_spans: int


class _Unclean(Exception):
    """The row cannot be cleaned; the reason is a sentence."""


def clean(
    rows: Iterable[Row],
    cleaning: Cleaning | None = None,
    *,
    fill: Mapping[str, str] | None = None,
    require: Sequence[str] = (),
) -> Cleaned:
    """Clean texts, empty what only says that it is missing, then fill fields and leave out rows that lack others.

    `fill` gives a value by field; "auto" for the language tells it from the text. Raises `InputError` for a field that
    cannot be filled or required.
    """
    fill = fill or {}
    _check(fill, FILLED, "filled")
    _check(require, REQUIRED, "required")
    work = _Cleaner(steps(cleaning or Cleaning()))
    kept: list[Row] = []
    dropped: list[Dropped] = []
    for row in rows:
        try:
            one = work.filled(work.emptied(work.cleaned(row)), fill)
        except _Unclean as problem:
            dropped.append(Dropped(id=row.id, reason=str(problem)))
            continue
        lacking = [field for field in require if is_missing(one, field)]
        if lacking:
            dropped.append(Dropped(id=row.id, reason=f"The row has no {' and no '.join(lacking)}."))
        else:
            kept.append(one)
    return Cleaned(
        rows=tuple(kept),
        dropped=tuple(dropped),
        changed=dict(work.changed),
        emptied=dict(work.empty),
        filled=dict(work.full),
        lost_spans=work.lost_spans,
    )


def is_missing(row: Row, field: str) -> bool:
    """True where the row says nothing in `field`; no entities in a text is something."""
    value = row.labels if field == "label" else getattr(row, field)
    return value is None or (field != "spans" and not value)


def _check(fields: Iterable[str], known: Sequence[str], verb: str) -> None:
    for field in fields:
        if field not in known:
            raise InputError(f"{field!r} cannot be {verb}; {', '.join(known)} can.")


class _Cleaner:
    """The steps, and counts of what they did."""

    def __init__(self, chosen: Sequence[tuple[str, Step]]) -> None:
        self._steps = chosen
        self.changed: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()
        self.full: Counter[str] = Counter()
        self.lost_spans = 0

    def cleaned(self, row: Row) -> Row:
        """The row with clean texts. Raises `_Unclean`."""
        text = row.text
        for name, step in self._steps:
            after = step(text)
            self.changed[name] += after != text
            text = after
        if not text:
            raise _Unclean("Nothing is left of the text.")
        spans = row.spans
        if spans and text != row.text:
            spans = self._carried(row.text, text, spans)
            self.lost_spans += len(row.spans or ()) - len(spans)
        return replace(row, text=text, spans=spans, before=self._all(row.before))

    def _all(self, text: str) -> str:
        for _, step in self._steps:
            text = step(text)
        return text

    def _carried(self, before: str, after: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans in the cleaned text; those whose text was cut as a whole go with it."""
        marked = self._marked(before, after, spans)
        found = (self._by_surface(before, after, span) for span in spans) if marked is None else marked
        return tuple(sorted({span for span in found if span is not None}))

    def _marked(self, before: str, after: str, spans: Sequence[Span]) -> list[Span | None] | None:
        """Cleaned with marks in the text, which show where its places went; None where they changed the outcome."""
        edges = sorted({edge for span in spans for edge in (span.start, span.end)})
        if len(edges) > _MARKS or any(ord(char) >= _MARK for char in before):
            return None
        parts = (before[start:end] for start, end in zip([0, *edges], [*edges, len(before)], strict=True))
        text = "".join(part + chr(_MARK + number) for number, part in enumerate(parts))[:-1]
        places: dict[int, int] = {}
        plain: list[str] = []
        for char in self._all(text):
            if ord(char) >= _MARK:
                places[edges[ord(char) - _MARK]] = len(plain)
            else:
                plain.append(char)
        if "".join(plain) != after:
            return None
        moved = ((span, places.get(span.start), places.get(span.end)) for span in spans)
        return [
            Span(start=start, end=end, type=span.type)
            if start is not None and end is not None and start < end
            else None
            for span, start, end in moved
        ]

    def _by_surface(self, before: str, after: str, span: Span) -> Span | None:
        surface = self._all(before[span.start : span.end])
        count = after.count(surface) if surface else 0
        if count != 1:
            raise _Unclean(f"The span {span.start} to {span.end} cannot be found again in the cleaned text.")
        start = after.index(surface)
        return Span(start=start, end=start + len(surface), type=span.type)

    def emptied(self, row: Row) -> Row:
        """The row without values that only say that there is none."""
        changes: dict[str, Any] = {}
        if labels := tuple(label for label in row.labels if not _says_nothing(label)):
            changes |= {} if labels == row.labels else {"labels": labels}
        elif row.labels:
            changes["labels"] = ()
            self.empty["label"] += 1
        for field in ("sentiment", "urgency", "language", "conversation"):
            if getattr(row, field) and _says_nothing(getattr(row, field)):
                changes[field] = ""
                self.empty[field] += 1
        return replace(row, **changes) if changes else row

    def filled(self, row: Row, fill: Mapping[str, str]) -> Row:
        """The row with a value in each field of `fill`."""
        changes: dict[str, Any] = {}
        for field, value in fill.items():
            if is_missing(row, field):
                self.full[field] += 1
                told = detect_language(row.text).value if (field, value) == ("language", "auto") else value
                changes |= {"labels": (told,)} if field == "label" else {field: told}
        return replace(row, **changes) if changes else row


def _says_nothing(value: str) -> bool:
    return value == "None" or value.casefold() in _NOTHING
