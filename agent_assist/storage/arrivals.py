"""Tickets that come in, some of them for the second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.storage.connection import Connection
from agent_assist.storage.labels import refresh_labels
from agent_assist.storage.threads import append_messages, insert_ticket, refresh_thread


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResult:
    """Outcome of an import.

    `imported` tickets are new or have grown, `ids` names them in order; `duplicates` were known already. `conflicts`
    names tickets whose id is taken by another conversation; these were left as they are stored.
    """

    imported: int
    duplicates: int
    ids: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


class _Arrival(Enum):
    IMPORTED = 0
    DUPLICATE = 1
    CONFLICT = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A stored message; `own` is true for a reply that was sent from here."""

    role: Role
    text: str
    own: bool = False


def unknown_tail(known: Sequence[Known], incoming: Sequence[Message]) -> list[Message] | None:
    """The messages of `incoming` that come after what is `known`; None when it is another conversation.

    Times are not compared, since sources without times are stamped on import. Replies sent from here may be missing
    from a newer export, or come back in it.
    """
    place = 0
    for index, message in enumerate(incoming):
        while place < len(known) and known[place].own and not _same(known[place], message):
            place += 1
        if place == len(known):
            return list(incoming[index:])
        if not _same(known[place], message):
            return None
        place += 1
    return []


def _same(known: Known, message: Message) -> bool:
    return known.role is message.role and known.text.strip() == message.text.strip()


def add_tickets(connection: Connection, tickets: Sequence[Ticket]) -> AddResult:
    """Store what is new of `tickets`; see `AddResult`. Raises `InputError` for a ticket without messages."""
    outcomes: dict[_Arrival, list[str]] = {outcome: [] for outcome in _Arrival}
    for ticket in tickets:
        outcomes[_add(connection, ticket)].append(ticket.id)
    ids = tuple(dict.fromkeys(outcomes[_Arrival.IMPORTED]))
    return AddResult(
        imported=len(ids),
        duplicates=len(outcomes[_Arrival.DUPLICATE]),
        ids=ids,
        conflicts=tuple(outcomes[_Arrival.CONFLICT]),
    )


def _add(connection: Connection, ticket: Ticket) -> _Arrival:
    row = connection.execute("SELECT key FROM tickets WHERE id = ?", (ticket.id,)).fetchone()
    if row is None:
        insert_ticket(connection, ticket)
        return _Arrival.IMPORTED
    if ticket.contact:  # profiles of older versions do not have it
        connection.execute(
            "UPDATE tickets SET contact = ? WHERE key = ? AND contact = ''", (ticket.contact, row["key"])
        )
    known = _known_messages(connection, row["key"])
    tail = unknown_tail(known, ticket.messages)
    if tail is None:
        return _Arrival.CONFLICT
    if not tail:
        return _Arrival.DUPLICATE
    append_messages(connection, row["key"], tail, start=len(known))
    # A snoozed ticket comes back when its customer writes.
    written = any(message.role is Role.CUSTOMER for message in tail)
    connection.execute(
        """UPDATE tickets SET version = version + 1, state = ?, snoozed_until = iif(?, NULL, snoozed_until),
        assignee = iif(assignee = '', ?, assignee) WHERE key = ?""",
        (ticket.state.value, written, ticket.assignee, row["key"]),
    )
    refresh_thread(connection, row["key"])
    refresh_labels(connection, row["key"])
    return _Arrival.IMPORTED


def _known_messages(connection: Connection, key: int) -> list[Known]:
    rows = connection.execute("SELECT role, text, event_id FROM messages WHERE ticket_key = ? ORDER BY idx", (key,))
    return [Known(Role(row["role"]), row["text"], own=row["event_id"] is not None) for row in rows]
