"""The rows a run learns from: the frozen snapshot of the user's data, and what of it a task can use."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from agent_assist.domain.understanding import OUT_OF_SCOPE, SENTIMENTS, URGENCIES
from models.training.errors import UnusableError
from models.understanding.markup import Span
from models.understanding.threads import behind

_FEWEST_LABELS, _FEWEST_ROWS = 2, 2
_CARRIED = {
    "intent": "a label",
    "entities": "spans",
    "understanding": "a label, spans, sentiment or urgency",
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled text; what is empty is not known.

    `labels` are intents, `("OOS",)` for out of scope; `spans` are None where nobody looked for entities. `before` is
    the customer's message before, which a short text needs to be understood.
    """

    text: str
    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] | None = None
    sentiment: str = ""
    urgency: str = ""
    before: str = ""

    @property
    def in_scope(self) -> bool:
        """Whether an intent holds."""
        return bool(self.labels) and self.labels != (OUT_OF_SCOPE,)


class _Line(msgspec.Struct, frozen=True):
    """A row as files have it: one label, several, or those of the program's own corpus. Other columns are let be."""

    text: str
    label: str | None = None
    labels: tuple[str, ...] | None = None
    intents: tuple[str, ...] | None = None
    spans: tuple[Span, ...] | None = None
    sentiment: str = ""
    urgency: str = ""
    before: str = ""


def read_rows(path: Path) -> list[Row]:
    """All rows of a JSON Lines file. Raises `UnusableError` naming the line that cannot be read."""
    decoder = msgspec.json.Decoder(_Line)
    rows = []
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                rows.append(_row(decoder.decode(line)))
            except (msgspec.DecodeError, ValueError) as error:
                raise UnusableError(f"{path.name}:{number} is no row: {error}.") from error
    return rows


def _row(line: _Line) -> Row:
    labels = line.labels if line.labels is not None else line.intents
    if labels == ():  # a list without a name says that no intent fits
        labels = (OUT_OF_SCOPE,)
    if labels is None:
        labels = (line.label,) if line.label else ()
    for span in line.spans or ():
        if not 0 <= span.start < span.end <= len(line.text):
            raise ValueError(f"a span from {span.start} to {span.end} is not inside the text")
    return Row(
        text=line.text,
        labels=tuple(dict.fromkeys(labels)),
        spans=line.spans,
        sentiment=line.sentiment,
        urgency=line.urgency,
        before=line.before,
    )


def read_text(row: Row, task: str) -> str:
    """The text; for intents behind the message before it where the row names one, since the label rests on both."""
    before = row.before.strip() if task == "intent" else ""
    return behind(before, row.text) if before else row.text


def data_hash(rows: Iterable[Row]) -> str:
    """SHA-256 of the rows in their order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(msgspec.json.encode(row, order="deterministic") + b"\n")
    return digest.hexdigest()


def relevant(rows: Sequence[Row], task: str) -> list[Row]:
    """The rows that say something about the task."""
    if task == "intent":
        return [row for row in rows if row.labels and row.text.strip()]
    if task == "entities":
        return [row for row in rows if row.spans is not None and row.text.strip()]
    return [row for row in rows if row.text.strip() and _says_anything(row)]


def usable(rows: Sequence[Row], task: str) -> list[Row]:
    """The same. Raises `UnusableError` where they are too few to learn from."""
    found = relevant(rows, task)
    if not found:
        raise UnusableError(f"No row has a text and {_CARRIED[task]}; there is nothing to learn from.")
    if task == "intent":
        _need_labels(found)
    if task == "entities" and not any(row.spans for row in found):
        raise UnusableError("No row has a span; mark entities in some of the texts first.")
    if task == "understanding":
        for row in found:
            _check_scales(row)
        _need_anything(found)
    return found


def label_names(rows: Iterable[Row]) -> tuple[str, ...]:
    """The intents of the rows in order, without out of scope."""
    return tuple(sorted({name for row in rows for name in row.labels} - {OUT_OF_SCOPE}))


def entity_names(rows: Iterable[Row]) -> tuple[str, ...]:
    """The entity types of the rows in order."""
    return tuple(sorted({span.type for row in rows for span in row.spans or ()}))


def _says_anything(row: Row) -> bool:
    return bool(row.labels or row.sentiment or row.urgency) or row.spans is not None


def _need_labels(rows: Sequence[Row]) -> None:
    names = label_names(rows)
    if len(names) < _FEWEST_LABELS:
        told = f"only {names[0]}" if names else "none"
        raise UnusableError(f"The rows need at least two different labels beside {OUT_OF_SCOPE}; there is {told}.")
    counts = Counter(name for row in rows for name in row.labels if name != OUT_OF_SCOPE)
    if max(counts.values()) < _FEWEST_ROWS:
        raise UnusableError("Every label has one row only; give each at least two.")


def _need_anything(rows: Sequence[Row]) -> None:
    scales = [{getattr(row, name) for row in rows} - {""} for name in ("sentiment", "urgency")]
    if not any(row.spans for row in rows) and all(len(values) < _FEWEST_LABELS for values in scales):
        _need_labels(rows)


def _check_scales(row: Row) -> None:
    for name, value, scale in (("sentiment", row.sentiment, SENTIMENTS), ("urgency", row.urgency, URGENCIES)):
        if value and value not in scale:
            raise UnusableError(f"{value} is no {name}; there are {', '.join(scale)}.")
