"""An article as one text that people can read, compare and edit: its fields as lines, its text below.

---
title: Refund time
variants:
- When do I get my money back?
valid_until: 2026-12-31
---
Refunds reach your card within 3 business days.
"""

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from agent_assist.errors import InputError
from agent_assist.knowledge.reading.standing import parse_validity

FIELDS = (
    *("title", "question", "variants", "language", "kind", "status", "visibility"),
    *("intents", "tags", "products", "owner", "valid_from", "valid_until"),
)
"""The fields that a person may change, besides the text, in their order."""

LISTS = frozenset({"variants", "intents", "tags", "products"})
TIMES = frozenset({"valid_from", "valid_until"})
_CHOICES: dict[str, type[StrEnum]] = {
    "language": Language,
    "kind": ArticleKind,
    "status": ArticleStatus,
    "visibility": Visibility,
}
_RULE = "---"


def render(article: Article) -> str:
    """The article as text; empty fields are lines without a value, so that an editor shows what there is."""
    return "\n".join([_RULE, *_lines(article), _RULE, article.text, ""])


def field_text(article: Article, name: str) -> str:
    """One field as text, lists one item a line."""
    value = getattr(article, name)
    if name in LISTS:
        return "\n".join(value)
    return _moment(value, is_end=name == "valid_until") if name in TIMES else str(value)


def edited(article: Article, text: str) -> Article:
    """`article` with what `text` says; fields that it does not name stay. Without a head it is the new text only.

    Raises `InputError` for a field or value that there is not, with the allowed ones.
    """
    lines = text.replace("\r\n", "\n").lstrip("\ufeff").split("\n")
    if lines[0].strip() != _RULE:
        return dataclasses.replace(article, text=text)
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == _RULE), None)
    if end is None:
        raise InputError(f"The article's head begins with {_RULE} and is not ended by another {_RULE}.")
    return with_fields(dataclasses.replace(article, text="\n".join(lines[end + 1 :])), _head(lines[1:end]))


def with_fields(article: Article, values: dict[str, Any]) -> Article:
    """`article` with fields given as texts, lists as lists of texts. Raises `InputError` like `edited`."""
    return dataclasses.replace(article, **{name: _value(name, value) for name, value in values.items()})


def _lines(article: Article) -> Iterator[str]:
    for name in FIELDS:
        if name in LISTS:
            yield f"{name}:"
            yield from (f"- {item}" for item in getattr(article, name))
        else:
            yield f"{name}: {field_text(article, name)}".rstrip()


def _head(lines: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    name = ""
    for line in filter(str.strip, lines):
        if line.startswith("- ") and name in LISTS:
            values[name].append(line[2:].strip())
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or name not in FIELDS:
            raise InputError(f"The line {line[:60]!r} names no field of an article; there are {', '.join(FIELDS)}.")
        values[name] = [value.strip()] if name in LISTS and value.strip() else [] if name in LISTS else value.strip()
    return values


def _value(name: str, value: Any) -> Any:
    if name in LISTS:
        return tuple(value)
    if name == "valid_from":
        return parse_validity(value, None)[0]
    if name == "valid_until":
        return parse_validity(None, value)[1]
    if (choices := _CHOICES.get(name)) is None:
        return value
    try:
        return choices(str(value).lower())
    except ValueError:
        raise InputError(f"The {name} cannot be {value!r}; choose one of {', '.join(choices)}.") from None


def _moment(moment: datetime | None, *, is_end: bool) -> str:
    """Local time, as short as it is exact; an end at midnight is told by the last day, as files tell it."""
    if moment is None:
        return ""
    local = moment.astimezone()
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return f"{local - timedelta(days=is_end):%Y-%m-%d}"
    return local.isoformat()
