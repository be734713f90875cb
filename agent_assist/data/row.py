"""A labelled row: a text, its labels, and what stands around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent_assist.domain.language import Language, detect_language
from agent_assist.text.comparable import comparison_key


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Characters `start` to `end` of the text are an entity of `type`; `end` is exclusive."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text with its labels; what is empty is not known.

    `labels` are intents, `("OOS",)` for out of scope. `spans` are None where nobody looked for entities and empty where
    there are none. `before` is the customer's message before, which a short text needs to be understood. `masked` is
    the place in the profile of what masking took out. `extra` holds all other columns.
    """

    id: str
    text: str
    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] | None = None
    sentiment: str = ""
    urgency: str = ""
    language: str = ""
    conversation: str = ""
    time: datetime | None = None
    before: str = ""
    source: str = ""
    masked: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """All labels as one: equal for rows that say the same, "" where there is none."""
        return " + ".join(sorted(self.labels))

    @property
    def key(self) -> str:
        """Equal for rows whose texts read the same after messages that read the same."""
        key = comparison_key(self.text)
        return f"{comparison_key(self.before)}\n{key}" if self.before else key

    @property
    def written_in(self) -> str:
        """The language given, else the one told from the text."""
        return self.language or detect_language(self.text).value


LANGUAGES = tuple(language.value for language in Language)


def as_record(row: Row) -> dict[str, Any]:
    """The JSON object of a row: what is known, one `label` or several `labels`, then the other columns."""
    record: dict[str, Any] = {"id": row.id, "text": row.text}
    if len(row.labels) == 1:
        record["label"] = row.labels[0]
    elif row.labels:
        record["labels"] = list(row.labels)
    if row.spans is not None:
        record["spans"] = [{"start": one.start, "end": one.end, "type": one.type} for one in row.spans]
    for name in ("sentiment", "urgency", "language", "conversation"):
        if value := getattr(row, name):
            record[name] = value
    if row.time is not None:
        record["time"] = row.time.isoformat()
    for name in ("before", "source", "masked"):
        if value := getattr(row, name):
            record[name] = value
    return record | {name: value for name, value in row.extra.items() if name not in record}
