"""Rows of tickets and messages: reading whole tickets, appending to a thread, and what a row says of its thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.tickets import Channel, Message, Role, Ticket, TicketState
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage.bigrams import pairs
from agent_assist.storage.codec import from_micros, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.due import rule_in_force

PREVIEW_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the list shows of a thread. `waiting_since` is the first customer message that has no answer yet, or
    where the agent wrote last, that message's time."""

    preview: str
    waiting_since: datetime
    last_at: datetime
    language: Language


def summarise(messages: Sequence[Message]) -> Summary:
    """Summary of a thread of at least one message, oldest first."""
    unanswered = messages[-1]
    for message in reversed(messages):
        if message.role is not Role.CUSTOMER:
            break
        unanswered = message
    shown = next((message for message in reversed(messages) if message.role is Role.CUSTOMER), messages[-1])
    return Summary(
        preview=" ".join(shown.text.split())[:PREVIEW_LENGTH],
        waiting_since=unanswered.at,
        last_at=messages[-1].at,
        language=detect_language(shown.text),
    )


def ticket_key(connection: Connection, ticket_id: str) -> int:
    """Row key of a ticket; raises `NotFoundError`."""
    row = connection.execute("SELECT key FROM tickets WHERE id = ?", (ticket_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no ticket {ticket_id!r} in this profile.")
    return int(row["key"])


def load_ticket(connection: Connection, key: int) -> Ticket:
    """The whole ticket at a key that exists."""
    return load_tickets(connection, [key])[0]


def load_tickets(connection: Connection, keys: Sequence[int]) -> list[Ticket]:
    """Whole tickets, in the order of `keys`."""
    marks = ",".join("?" * len(keys))
    threads: dict[int, list[Message]] = {key: [] for key in keys}
    for row in connection.execute(
        f"SELECT * FROM messages WHERE ticket_key IN ({marks}) ORDER BY ticket_key, idx", list(keys)
    ):
        threads[row["ticket_key"]].append(
            Message(role=Role(row["role"]), text=row["text"], at=from_micros(row["at"])),
        )
    rows = {row["key"]: row for row in connection.execute(f"SELECT * FROM tickets WHERE key IN ({marks})", list(keys))}
    return [_ticket(rows[key], threads[key]) for key in keys]


def _ticket(row: Row, messages: Sequence[Message]) -> Ticket:
    return Ticket(
        id=row["id"],
        messages=tuple(messages),
        created_at=from_micros(row["created_at"]),
        subject=row["subject"],
        customer=row["customer"],
        channel=Channel(row["channel"]),
        order_number=row["order_number"],
        state=TicketState(row["state"]),
        version=row["version"],
        assignee=row["assignee"],
        snoozed_until=None if row["snoozed_until"] is None else from_micros(row["snoozed_until"]),
        contact=row["contact"],
    )


def insert_ticket(connection: Connection, ticket: Ticket) -> int:
    """Store a new ticket with its summary and search text; returns its key. Raises `InputError` when it is empty."""
    if not ticket.messages:
        raise InputError(f"Ticket {ticket.id!r} has no messages. Give it at least one.")
    summary = summarise(ticket.messages)
    row = {
        "id": ticket.id,
        "customer": ticket.customer,
        "channel": ticket.channel.value,
        "subject": ticket.subject,
        "created_at": to_micros(ticket.created_at),
        "order_number": ticket.order_number,
        "state": ticket.state.value,
        "version": ticket.version,
        "assignee": ticket.assignee,
        "contact": ticket.contact,
        "snoozed_until": None if ticket.snoozed_until is None else to_micros(ticket.snoozed_until),
        "unread": ticket.last_customer_index() is not None,
        **_summary_columns(summary),
        "due_at": _due(connection, ticket, summary),
    }
    columns, marks = ",".join(row), ",".join("?" * len(row))
    key = connection.execute(f"INSERT INTO tickets ({columns}) VALUES ({marks})", list(row.values())).lastrowid
    assert key is not None
    append_messages(connection, key, ticket.messages, start=0)
    _index_text(connection, key, ticket)
    return key


def append_messages(
    connection: Connection, key: int, messages: Sequence[Message], *, start: int, event_id: str | None = None
) -> None:
    """Add messages behind the `start` that the thread has. The caller raises the version and calls `refresh_thread`."""
    connection.executemany(
        "INSERT INTO messages (ticket_key, idx, role, text, at, event_id) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (key, start + offset, message.role.value, message.text, to_micros(message.at), event_id)
            for offset, message in enumerate(messages)
        ],
    )


def refresh_thread(connection: Connection, key: int) -> None:
    """Bring summary, due time and search text in line with the thread, after it changed."""
    ticket = load_ticket(connection, key)
    summary = summarise(ticket.messages)
    columns = _summary_columns(summary) | {"due_at": _due(connection, ticket, summary)}
    settings = ",".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE tickets SET {settings} WHERE key = ?", [*columns.values(), key])
    connection.execute("DELETE FROM ticket_text WHERE rowid = ?", (key,))
    _index_text(connection, key, ticket)


def _summary_columns(summary: Summary) -> dict[str, object]:
    return {
        "preview": summary.preview,
        "waiting_since": to_micros(summary.waiting_since),
        "last_at": to_micros(summary.last_at),
        "language": summary.language.value,
    }


def _due(connection: Connection, ticket: Ticket, summary: Summary) -> int:
    answered = any(message.role is Role.AGENT for message in ticket.messages)
    rule = rule_in_force(connection)
    return to_micros(rule.due(ticket.channel, summary.waiting_since, answered_before=answered))


def _index_text(connection: Connection, key: int, ticket: Ticket) -> None:
    texts = [ticket.id, ticket.customer, ticket.subject, ticket.order_number or "", ticket.contact]
    texts += [message.text for message in ticket.messages]
    connection.execute("INSERT INTO ticket_text (rowid, pairs) VALUES (?, ?)", (key, pairs(*texts)))
