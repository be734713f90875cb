"""The corrections of intents that stand, as lessons for the models, and the waiting messages that they may concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.tickets import Ticket, TicketState
from agent_assist.storage.codec import decode, from_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database
from agent_assist.storage.threads import load_tickets, ticket_key

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The newest standing correction of a message. `features` are what an engine with the encoder `trunk` told of it,
    empty where none did; no intents mean out of scope."""

    event_id: str
    at: datetime
    actor: str
    ticket: Ticket
    message_index: int
    intents: tuple[str, ...]
    trunk: str
    features: bytes

    @property
    def id(self) -> str:
        """The message's, so that its next correction replaces this one."""
        return lesson_id(self.ticket.id, self.message_index)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMessage:
    """The newest message that was read of a ticket that waits, with its search vector."""

    ticket: Ticket
    message_index: int
    vector: bytes


def lesson_id(ticket_id: str, message_index: int) -> str:
    """Names a corrected message towards the engine."""
    return f"{message_index}@{ticket_id}"


class LessonStore:
    """What there is to learn in a profile. The log itself is written by `TicketStore.record` and `undo`."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def all(self) -> list[Correction]:
        """Every message whose intents were corrected, the newest correction last."""
        return await self._database.read(lambda connection: _corrections(connection, "1", ()))

    async def of(self, ticket_id: str, message_index: int) -> Correction | None:
        """The correction of a message that stands, None where there is none any more."""
        found = await self._database.read(
            lambda connection: _corrections(
                connection, "event.ticket_id = ? AND event.message_index = ?", (ticket_id, message_index)
            ),
        )
        return found[-1] if found else None

    async def keep_features(self, corrections: Sequence[Correction]) -> None:
        """Keep what the encoder made of corrected messages; raises `NotFoundError` for a ticket that is gone."""
        await self._database.write_rebuildable(lambda connection: _keep_features(connection, corrections))

    async def waiting(self, *, offset: int, limit: int) -> list[WaitingMessage]:
        """Tickets that wait and were read, longest waiting first."""
        return await self._database.read(lambda connection: _waiting(connection, offset, limit))


def _corrections(connection: Connection, condition: str, values: tuple[str | int, ...]) -> list[Correction]:
    rows = connection.execute(
        f"""SELECT event.body, event.at, event.message_index, tickets.key, trunk, features FROM events AS event
        JOIN tickets ON tickets.id = event.ticket_id
        LEFT JOIN lessons ON lessons.ticket_key = tickets.key AND lessons.message_index = event.message_index
        WHERE event.kind = ? AND {condition}
        AND NOT EXISTS (SELECT 1 FROM events AS undo WHERE undo.undoes = event.id) ORDER BY seq""",
        (FeedbackKind.INTENTS_CORRECTED.value, *values),
    ).fetchall()
    newest: dict[tuple[int, int], Row] = {}
    for row in rows:
        place = (row["key"], row["message_index"])
        newest.pop(place, None)
        newest[place] = row
    tickets = _tickets(connection, [key for key, _ in newest])
    return [_correction(row, tickets[key]) for (key, _), row in newest.items()]


def _correction(row: Row, ticket: Ticket) -> Correction:
    event = decode(row["body"], FeedbackEvent)
    return Correction(
        event_id=event.id,
        at=from_micros(row["at"]),
        actor=event.actor,
        ticket=ticket,
        message_index=row["message_index"],
        intents=event.intents or (),
        trunk=row["trunk"] or "",
        features=row["features"] or b"",
    )


def _tickets(connection: Connection, keys: Sequence[int]) -> dict[int, Ticket]:
    unique = list(dict.fromkeys(keys))
    found: dict[int, Ticket] = {}
    for start in range(0, len(unique), _CHUNK):
        part = unique[start : start + _CHUNK]
        found |= zip(part, load_tickets(connection, part), strict=True)
    return found


def _keep_features(connection: Connection, corrections: Sequence[Correction]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO lessons (ticket_key, message_index, trunk, features) VALUES (?, ?, ?, ?)",
        [(ticket_key(connection, one.ticket.id), one.message_index, one.trunk, one.features) for one in corrections],
    )


def _waiting(connection: Connection, offset: int, limit: int) -> list[WaitingMessage]:
    rows = connection.execute(
        """SELECT key, max(message_index) AS message_index, vector FROM tickets
        JOIN understandings ON ticket_key = key WHERE state = ? AND state_rank = 0
        GROUP BY key ORDER BY waiting_since, key LIMIT ? OFFSET ?""",
        (TicketState.WAITING.value, limit, offset),
    ).fetchall()
    tickets = _tickets(connection, [row["key"] for row in rows])
    return [
        WaitingMessage(ticket=tickets[row["key"]], message_index=row["message_index"], vector=row["vector"])
        for row in rows
    ]
