"""The store of solved tickets. All of it can be made again from the tickets, so writes do not wait for the disk."""

import struct
from collections.abc import Sequence

from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.solved import index
from agent_assist.storage.solved.candidates import SolvedCandidates, SolvedQuery, count_solved, find_solved
from agent_assist.storage.solved.index import DueTicket, IndexedExchange, StoredReading
from agent_assist.storage.threads import ticket_key


class SolvedStore:
    """Answered questions of one profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, *, limit: int) -> list[DueTicket]:
        """Tickets to be looked at, the longest due first."""
        return await self._database.read(lambda connection: index.due(connection, limit))

    async def count_due(self) -> int:
        """How many tickets are to be looked at."""
        return await self._database.read(
            lambda connection: int(connection.execute("SELECT count(*) FROM exchanges_due").fetchone()[0])
        )

    async def put(self, ticket: DueTicket, exchanges: Sequence[IndexedExchange], *, model: str) -> None:
        """Put a ticket's exchanges in place of the old ones; one that changed meanwhile stays due."""
        await self._database.write_rebuildable(
            lambda connection: index.put(connection, ticket, exchanges, model=model),
        )

    async def make_due(self, model: str) -> int:
        """Have the tickets looked at again whose vectors another encoder than `model` made, or none."""
        return await self._database.write_rebuildable(lambda connection: index.make_due(connection, model))

    async def count(self) -> int:
        """Answered questions in the index."""
        return await self._database.read(count_solved)

    async def readings(self, ticket_id: str) -> dict[int, StoredReading]:
        """What is known of a ticket's messages. Raises `NotFoundError`."""
        return await self._database.read(
            lambda connection: index.readings(connection, ticket_key(connection, ticket_id))
        )

    async def candidates(self, query: SolvedQuery) -> SolvedCandidates:
        """The answered questions that may be like `query`."""
        return await self._database.read(lambda connection: find_solved(connection, query))

    async def times_sent(self, digest: str) -> int:
        """How many answered questions have a reply of this digest."""
        return await self._database.read(
            lambda connection: int(
                connection.execute("SELECT count(*) FROM exchanges WHERE digest = ?", (digest,)).fetchone()[0]
            )
        )

    async def sent_with(self, ticket_id: str, message_index: int) -> FeedbackEvent | None:
        """The act that sent a message from here, None for one that came from outside. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: _sent_with(connection, ticket_id, message_index))

    async def centre(self, model: str) -> tuple[float, ...] | None:
        """The middle of an encoder's vectors, None where it was not kept."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT vector FROM exchange_centres WHERE model = ?", (model,)
            ).fetchall()
        )
        return struct.unpack(f"<{len(rows[0][0]) // 4}f", rows[0][0]) if rows else None

    async def keep_centre(self, model: str, centre: Sequence[float]) -> None:
        """Keep the middle of an encoder's vectors."""
        packed = struct.pack(f"<{len(centre)}f", *centre)
        await self._database.write_rebuildable(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO exchange_centres (model, vector) VALUES (?, ?)", (model, packed)
            )
        )


def _sent_with(connection: Connection, ticket_id: str, message_index: int) -> FeedbackEvent | None:
    row = connection.execute(
        """SELECT events.body FROM messages JOIN events ON events.id = event_id
           WHERE ticket_key = ? AND idx = ?""",
        (ticket_key(connection, ticket_id), message_index),
    ).fetchone()
    return decode(row["body"], FeedbackEvent) if row else None
