"""Input rows of `understand` and `suggest`: {"id","text"} or {"id","messages":[{"role","text"}]}."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.errors import InputError
from agent_assist.files.jsonl import JsonRow, read_json_rows
from agent_assist.files.rows import RejectedRow, too_long


class _Turn(msgspec.Struct):
    role: Role
    text: str


class _Row(msgspec.Struct):
    id: str | int
    text: str | None = None
    messages: list[_Turn] | None = None
    order_number: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One row: the id as it was given, and the thread as a ticket."""

    id: str | int
    ticket: Ticket


def read_threads(path: Path) -> Iterator[Thread | RejectedRow]:
    """Stream the rows of a file; a bad one comes as `RejectedRow`. Raises `InputError` where there is no file."""
    if not path.is_file():
        raise InputError(f"{path} does not exist.")
    for row in read_json_rows(path):
        if isinstance(row, RejectedRow):
            yield row
            continue
        try:
            yield _thread(row)
        except (msgspec.ValidationError, InputError) as error:
            yield RejectedRow(file=str(path), line=row.line, reason=str(error))


def _thread(row: JsonRow) -> Thread:
    raw = msgspec.convert(row.value, type=_Row)
    now = datetime.now(UTC)
    turns = raw.messages if raw.messages is not None else [_Turn(Role.CUSTOMER, _text(row.value, raw))]
    messages = tuple(Message(role=turn.role, text=turn.text, at=now) for turn in turns)
    if not any(message.role is Role.CUSTOMER for message in messages):
        raise InputError("The row has no customer message.")
    if any(too_long(message.text) for message in messages):
        raise InputError("A message is longer than 1 MB.")
    ticket = Ticket(id=str(raw.id), messages=messages, created_at=now, order_number=raw.order_number)
    return Thread(id=raw.id, ticket=ticket)


def _text(value: dict[str, Any], raw: _Row) -> str:
    if raw.text is None:
        raise InputError('The row has neither "text" nor "messages".')
    return raw.text
