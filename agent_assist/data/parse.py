"""From the loose values of one line of a file to a row, or the reason why it is none."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from agent_assist.data.columns import FIELDS
from agent_assist.data.row import Row, Span
from agent_assist.domain.understanding import OUT_OF_SCOPE
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import MAX_TEXT_BYTES, too_long
from agent_assist.files.text import content_id, one_line
from agent_assist.files.when import parse_when

OWN_NAMES = {name: name for name in FIELDS}
"""The fields of files this program has written: every column is what it is called."""

_OUT_OF_SCOPE = frozenset({"oos", "outofscope", "ood", "outofdomain"})
_SEPARATORS = re.compile(r"[;；|]")
_MASKED = re.compile(r"[0-9a-f-]{36}/[0-9]+")
_CHATS = ("messages", "prompt", "chosen", "rejected")
_SPAN_KEYS = {
    "start": ("start", "start_offset", "begin"),
    "end": ("end", "end_offset", "stop"),
    "type": ("type", "label", "entity", "entity_type", "tag"),
    "text": ("text", "surface"),
}


def parse_row(values: Mapping[str, Any], fields: Mapping[str, str], *, source: str = "") -> Row:
    """The row of a line's `values`; `fields` says which column is which field. All other columns go to `extra`.

    The text is kept character for character, since spans count them. Raises `ImportRowError` with the reason (line 0).
    """
    given = {field: values[column] for column, field in fields.items() if column in values}
    extra = {name: value for name, value in values.items() if name not in fields and not _empty(value)}
    text = _text(given.get("text"), values)
    labels = _labels(given)
    masked = given.get("masked")
    if not (isinstance(masked, str) and _MASKED.fullmatch(masked)):
        extra |= {} if _empty(masked) else {"masked": masked}
        masked = ""
    return Row(
        id=_word(given, "id") or content_id("row", (text, *labels)),
        text=text,
        labels=labels,
        spans=_spans(given.get("spans"), text),
        sentiment=_word(given, "sentiment"),
        urgency=_word(given, "urgency"),
        language=_word(given, "language"),
        conversation=_word(given, "conversation"),
        time=_time(given.get("time")),
        before=str(given.get("before") or ""),
        source=_word(given, "source") or source,
        masked=masked,
        extra=extra,
    )


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Any, values: Mapping[str, Any]) -> str:
    if _empty(value):
        if any(name in values for name in _CHATS):
            raise ImportRowError("The row is a chat for the reply model; it has no text with labels.")
        raise ImportRowError("The row has no text.")
    if isinstance(value, (dict, list, bool)):
        raise ImportRowError("The text is not a text.")
    text = str(value)
    if too_long(text):
        raise ImportRowError(f"The text is longer than {MAX_TEXT_BYTES // 1_000_000} MB.")
    return text


def _word(given: Mapping[str, Any], field: str) -> str:
    """A short value; numbers as they are written."""
    value = given.get(field)
    if value is None:
        return ""
    if isinstance(value, (dict, list, bool)):
        raise ImportRowError(f'"{field}" is not a text.')
    return one_line(str(int(value) if isinstance(value, float) and value.is_integer() else value))


def _labels(given: Mapping[str, Any]) -> tuple[str, ...]:
    several = given.get("labels")
    if _empty(several):
        several = given.get("label")
        if not isinstance(several, list):
            several = [_word(given, "label")]
    elif isinstance(several, str):
        several = _json_list(several) or _SEPARATORS.split(several)
    elif several == []:  # the program's own corpus says so that no intent fits
        return (OUT_OF_SCOPE,)
    if not isinstance(several, list) or not all(isinstance(one, (str, int)) for one in several):
        raise ImportRowError("The labels are no list of names. Readings of a model, with scores, are no labels.")
    names = (_label(one_line(str(one))) for one in several)
    return tuple(dict.fromkeys(name for name in names if name))


def _label(name: str) -> str:
    return OUT_OF_SCOPE if re.sub(r"[\W_]+", "", name).casefold() in _OUT_OF_SCOPE else name


def _json_list(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return value if isinstance(value, list) else None


def _time(value: Any) -> datetime | None:
    if _empty(value):
        return None
    try:
        return parse_when(value)
    except ValueError as error:
        raise ImportRowError(f"The time cannot be read: {error}.") from error


def _spans(value: Any, text: str) -> tuple[Span, ...] | None:
    if _empty(value):
        return None
    items = _json_list(value) if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ImportRowError("The spans are no list of {start, end, type}.")
    return tuple(sorted({_span(item, number, text) for number, item in enumerate(items, start=1)}))


def _span(item: Any, number: int, text: str) -> Span:
    if isinstance(item, Sequence) and not isinstance(item, str) and len(item) == 3:
        item = dict(zip(("start", "end", "type"), item, strict=True))
    if not isinstance(item, dict):
        raise ImportRowError(f"Span {number} is no object with start, end and type.")
    start, end, kind, surface = (_part(item, name) for name in _SPAN_KEYS)
    if not (isinstance(start, int) and isinstance(end, int)) or isinstance(start, bool) or isinstance(end, bool):
        raise ImportRowError(f"Start and end of span {number} are not whole numbers.")
    if not isinstance(kind, str) or not kind.strip():
        raise ImportRowError(f"Span {number} has no type.")
    if not 0 <= start < end <= len(text):
        raise ImportRowError(f"Span {number} ({start} to {end}) is not inside the text of {len(text)} characters.")
    if isinstance(surface, str) and surface != text[start:end]:
        raise ImportRowError(f"Span {number} should read {surface[:40]!r}; its place reads {text[start:end][:40]!r}.")
    return Span(start=start, end=end, type=one_line(kind))


def _part(item: Mapping[str, Any], name: str) -> Any:
    return next((item[key] for key in _SPAN_KEYS[name] if key in item), None)
