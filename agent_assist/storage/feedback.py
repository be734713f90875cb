"""Reading the append-only log of what agents did. It is written by `TicketStore.record` and `undo` only."""

from datetime import datetime
from itertools import takewhile

from agent_assist.domain.feedback import SENDING, FeedbackEvent
from agent_assist.errors import NotFoundError
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database

_SENDS = ", ".join(f"'{kind}'" for kind in sorted(SENDING))
_STANDING = "undoes IS NULL AND NOT EXISTS (SELECT 1 FROM events AS undo WHERE undo.undoes = event.id)"


class FeedbackLog:
    """The log of a profile, in the order in which things were recorded."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def get(self, event_id: str) -> FeedbackEvent:
        """The event of that id; raises `NotFoundError`."""
        return await self._database.read(lambda connection: _get(connection, event_id))

    async def events(
        self,
        *,
        ticket_id: str | None = None,
        include_undone: bool = False,
        oldest_first: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[FeedbackEvent]:
        """Events, newest first unless `oldest_first`; undos and what they undo only with `include_undone`."""
        condition, values = _condition(ticket_id, include_undone)
        direction = "" if oldest_first else "DESC"
        sql = f"SELECT body FROM events AS event WHERE {condition} ORDER BY seq {direction} LIMIT ? OFFSET ?"
        values += [-1 if limit is None else limit, offset]
        return await self._database.read(
            lambda connection: [decode(row["body"], FeedbackEvent) for row in connection.execute(sql, values)],
        )

    async def sent(self, *, now: datetime, after: str, limit: int) -> list[FeedbackEvent]:
        """Standing replies that left by `now`, oldest first, behind the event `after` ("": from the first)."""
        return await self._database.read(lambda connection: _sent(connection, now, after, limit))

    async def citing(self, doc_id: str, *, limit: int) -> list[FeedbackEvent]:
        """The newest acts on suggestions one of whose sources is the article, without those that were undone."""
        sql = f"""SELECT body FROM events AS event WHERE {_STANDING} AND EXISTS (
            SELECT 1 FROM json_each(body, '$.suggestion.sources') AS source
            WHERE json_extract(source.value, '$.doc_id') = ?) ORDER BY seq DESC LIMIT ?"""
        return await self._database.read(
            lambda connection: [decode(row["body"], FeedbackEvent) for row in connection.execute(sql, (doc_id, limit))]
        )

    async def count(self, *, ticket_id: str | None = None, include_undone: bool = False) -> int:
        """How many events `events` gives for the same arguments."""
        condition, values = _condition(ticket_id, include_undone)
        sql = f"SELECT count(*) FROM events AS event WHERE {condition}"
        return await self._database.read(lambda connection: int(connection.execute(sql, values).fetchone()[0]))


def _sent(connection: Connection, now: datetime, after: str, limit: int) -> list[FeedbackEvent]:
    if after:
        _get(connection, after)
    rows = connection.execute(
        f"""SELECT body FROM events AS event WHERE kind IN ({_SENDS}) AND {_STANDING}
        AND seq > coalesce((SELECT seq FROM events WHERE id = ?), 0) ORDER BY seq LIMIT ?""",
        (after, limit),
    )
    events = [decode(row["body"], FeedbackEvent) for row in rows]
    return list(takewhile(lambda event: event.leaves_at <= now, events))


def _get(connection: Connection, event_id: str) -> FeedbackEvent:
    row = connection.execute("SELECT body FROM events WHERE id = ?", (event_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no act {event_id} in the log.")
    return decode(row["body"], FeedbackEvent)


def _condition(ticket_id: str | None, include_undone: bool) -> tuple[str, list[str | int]]:
    terms = [] if include_undone else [_STANDING]
    values: list[str | int] = []
    if ticket_id is not None:
        terms.append("ticket_id = ?")
        values.append(ticket_id)
    return " AND ".join(terms) or "1", values
