"""Personal data out of rows and back into them; what was taken out stays in the profile."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from agent_assist.data.personal_columns import kind_of_column
from agent_assist.data.row import Row, Span
from agent_assist.domain.understanding import Entity
from agent_assist.errors import InputError
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.personal_data import Secret, find_personal, secrets_of
from agent_assist.privacy.restoring import PLACEHOLDER, TakenOut, pieces_of, restore

Place = tuple[str, int]
"""Where the profile keeps what was taken out of a row: batch and number."""

# Kinds that make an id personal; a plain number or an order number is what ids usually are.
_PERSONAL_IDS = frozenset({"PHONE", "EMAIL", "ID", "CARD"})
_ENTITY_TYPES = {"per": "person", "name": "person", "tel": "phone", "mobile": "phone", "mail": "email"}
_WORD = re.compile(r"\[([A-Z]+)_[0-9]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedRows:
    """The masked rows; `taken` is what the profile must keep, by number; `found` counts what was masked by kind."""

    rows: tuple[Row, ...]
    taken: tuple[TakenOut, ...]
    found: Mapping[str, int]


def mask_rows(rows: Iterable[Row], *, batch: str) -> MaskedRows:
    """Mask texts, entities' texts, other columns, and ids that are personal themselves.

    A row from which something was taken says where in `masked`. Placeholders are stable within a row. Raises
    `InputError` for rows that are masked already.
    """
    conversations: dict[str, str] = {}
    masked: list[Row] = []
    taken: list[TakenOut] = []
    found: Counter[str] = Counter()
    for row in rows:
        if row.masked:
            raise InputError(f"Row {row.id} is masked already. Unmask the rows first, or mask the original ones.")
        work = _RowMasker(row)
        one = work.masked(f"{batch[-12:]}-{len(taken)}", conversations)
        if work.pieces or work.whole:
            one = replace(one, masked=f"{batch}/{len(taken)}")
            taken.append(work.taken(one))
            found.update(work.kinds())
        masked.append(one)
    return MaskedRows(rows=tuple(masked), taken=tuple(taken), found=dict(found.most_common()))


class _RowMasker:
    """Masks one row and remembers what it took."""

    def __init__(self, row: Row) -> None:
        self._row = row
        texts = [row.text, row.before, *_strings(row.extra)]
        reserved = {placeholder for text in texts for placeholder in PLACEHOLDER.findall(text)}
        self._masker = Masker(_secrets(row), reserved=reserved)
        self.pieces: dict[str, tuple[tuple[str, str], ...]] = {}
        self.whole: dict[str, tuple[str, Any]] = {}
        self._moved: tuple[Span, ...] | None = None

    def masked(self, name: str, conversations: dict[str, str]) -> Row:
        row = self._row
        masked = self._masker.mask(row.text, entities=_entities(row))
        self._keep("text", pieces_of(row.text, masked))
        if row.spans is not None:
            places = ((*masked.rebase(span.start, span.end), span.type) for span in row.spans)
            spans = {Span(start=start, end=end, type=kind) for start, end, kind in places}
            self._moved = tuple(sorted(spans))
        conversation = row.conversation
        if _is_personal(conversation):
            conversation = conversations.setdefault(conversation, f"conversation-{name}")
        return replace(
            row,
            id=self._replaced("id", f"row-{name}" if _is_personal(row.id) else row.id, row.id),
            text=masked.text,
            spans=self._moved,
            before=self._text("before", row.before),
            conversation=self._replaced("conversation", conversation, row.conversation),
            extra={column: self._value(f"extra.{column}", column, value) for column, value in row.extra.items()},
        )

    def taken(self, masked: Row) -> TakenOut:
        """What the profile must keep; with the spans where those of the masked row do not lead back to them."""
        spans = _restored_spans(masked, self.pieces.get("text", ()))
        exact = spans == self._row.spans
        return TakenOut(
            pieces=self.pieces,
            whole=self.whole,
            spans=None if exact else tuple((one.start, one.end, one.type) for one in self._row.spans or ()),
            digest="" if exact else _digest(masked),
        )

    def kinds(self) -> Counter[str]:
        placeholders = [placeholder for pieces in self.pieces.values() for placeholder, _ in pieces]
        placeholders += [new for new, _ in self.whole.values()]
        return Counter(match[1] if (match := _WORD.fullmatch(one)) else "ID_OF_ROW" for one in placeholders)

    def _text(self, field: str, text: str) -> str:
        masked = self._masker.mask(text)
        self._keep(field, pieces_of(text, masked))
        return masked.text

    def _value(self, field: str, column: str, value: Any) -> Any:
        """Strings and large numbers at any depth; a column of personal data as a whole."""
        if isinstance(value, dict):
            return {name: self._value(f"{field}.{name}", name, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(f"{field}.{number}", column, item) for number, item in enumerate(value)]
        if value is None or isinstance(value, bool):
            return value
        text, kind = f"{value:.0f}" if isinstance(value, float) else str(value), kind_of_column(column)
        if isinstance(value, (int, float)):
            kind = kind or next((one.kind for one in reversed(find_personal(text))), None)
        if kind and text.strip():
            return self._replaced(field, self._masker.placeholder(kind, text), value)
        return self._text(field, text) if isinstance(value, str) else value

    def _keep(self, field: str, pieces: tuple[tuple[str, str], ...]) -> None:
        if pieces:
            self.pieces[field] = pieces

    def _replaced(self, field: str, new: str, old: Any) -> str:
        if new != old:
            self.whole[field] = (new, old)
        return new


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _secrets(row: Row) -> list[Secret]:
    """What columns of personal data hold is personal in the text too."""
    secrets: list[Secret] = []
    for column, value in row.extra.items():
        kind = kind_of_column(column)
        if kind and isinstance(value, str):
            secrets += secrets_of(value) if kind == "PERSON" else [Secret(kind, value.strip())]
    return secrets


def _entities(row: Row) -> list[Entity]:
    found = []
    for span in row.spans or ():
        kind = span.type.casefold()
        text = row.text[span.start : span.end]
        found.append(Entity(type=_ENTITY_TYPES.get(kind, kind), start=span.start, end=span.end, text=text))
    return found


def _is_personal(name: str) -> bool:
    return any(finding.kind in _PERSONAL_IDS for finding in find_personal(name))


def _digest(row: Row) -> str:
    return hashlib.sha256(msgspec.json.encode((row.text, row.spans))).hexdigest()


def place_of(row: Row) -> Place | None:
    """Where the profile keeps what was taken out of `row`; None where nothing was."""
    batch, _, number = row.masked.partition("/")
    return (batch, int(number)) if number else None


def unmask_rows(rows: Sequence[Row], taken: Mapping[Place, TakenOut]) -> list[Row]:
    """The rows as they were before masking; texts that were changed meanwhile get back what their placeholders say.

    Raises `InputError` where no row is masked.
    """
    if not any(row.masked for row in rows):
        raise InputError("No row is masked, so there is nothing to put back.")
    return [row if (place := place_of(row)) is None else _unmasked(row, taken[place]) for row in rows]


def _unmasked(row: Row, taken: TakenOut) -> Row:
    pieces = taken.pieces
    spans = _restored_spans(row, pieces.get("text", ()))
    if taken.spans is not None and taken.digest == _digest(row):
        spans = tuple(Span(start=start, end=end, type=kind) for start, end, kind in taken.spans)
    extra = {column: _value_back(f"extra.{column}", value, taken) for column, value in row.extra.items()}
    return replace(
        row,
        id=_back("id", row.id, taken),
        text=restore(row.text, pieces.get("text", ())).text,
        spans=spans,
        before=restore(row.before, pieces.get("before", ())).text,
        conversation=_back("conversation", row.conversation, taken),
        extra=extra,
        masked="",
    )


def _restored_spans(row: Row, pieces: Sequence[tuple[str, str]]) -> tuple[Span, ...] | None:
    if row.spans is None:
        return None
    text = restore(row.text, pieces)
    places = ((*text.rebase(span.start, span.end), span.type) for span in row.spans)
    return tuple(sorted({Span(start=start, end=end, type=kind) for start, end, kind in places}))


def _value_back(field: str, value: Any, taken: TakenOut) -> Any:
    if isinstance(value, dict):
        return {name: _value_back(f"{field}.{name}", item, taken) for name, item in value.items()}
    if isinstance(value, list):
        return [_value_back(f"{field}.{number}", item, taken) for number, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    return _back(field, value, taken) if field in taken.whole else restore(value, taken.pieces.get(field, ())).text


def _back(field: str, value: str, taken: TakenOut) -> Any:
    """The old value of a field that was replaced as a whole and has not been changed since."""
    new, old = taken.whole.get(field, (None, None))
    return old if value == new else value
