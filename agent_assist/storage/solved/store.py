"""The store of solved tickets. All of it can be made again from the tickets, so writes do not wait for the disk."""

import struct
from collections.abc import Sequence

from agent_assist.storage.database import Database
from agent_assist.storage.solved import index
from agent_assist.storage.solved.candidates import (
    SolvedCandidate,
    SolvedCandidates,
    SolvedQuery,
    TermCounts,
    count_solved,
    find_solved,
)
from agent_assist.storage.solved.codes import SolvedCodes
from agent_assist.storage.solved.details import AskedTicket, SolvedDetails, asked_ticket, details
from agent_assist.storage.solved.index import DueTicket, IndexedExchange


class SolvedStore:
    """Answered questions of one profile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts = TermCounts()
        self._codes = SolvedCodes()
        self._centres: dict[str, tuple[float, ...]] = {}

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

    async def candidates(self, query: SolvedQuery) -> SolvedCandidates:
        """The answered questions that may be like `query`."""
        return await self._database.read(
            lambda connection: find_solved(connection, query, counts=self._counts, codes=self._codes)
        )

    async def asked(self, ticket_id: str) -> AskedTicket:
        """A ticket with what is known of its messages. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: asked_ticket(connection, ticket_id))

    async def details(self, found: Sequence[SolvedCandidate]) -> list[SolvedDetails | None]:
        """All that is shown of each, None where its thread is no longer what the index says."""
        return await self._database.read(lambda connection: [details(connection, one) for one in found])

    async def centre(self, model: str) -> tuple[float, ...] | None:
        """The middle of an encoder's vectors, None where it was not kept."""
        if model in self._centres:
            return self._centres[model]
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT vector FROM exchange_centres WHERE model = ?", (model,)
            ).fetchall()
        )
        if not rows:
            return None
        self._centres[model] = struct.unpack(f"<{len(rows[0][0]) // 4}f", rows[0][0])
        return self._centres[model]

    async def keep_centre(self, model: str, centre: Sequence[float]) -> None:
        """Keep the middle of an encoder's vectors."""
        packed = struct.pack(f"<{len(centre)}f", *centre)
        await self._database.write_rebuildable(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO exchange_centres (model, vector) VALUES (?, ?)", (model, packed)
            )
        )
