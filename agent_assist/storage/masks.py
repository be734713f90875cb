"""What was masked in training data; it never leaves the profile except back into the rows it came from."""

from collections.abc import Iterable, Sequence

from agent_assist.errors import NotFoundError
from agent_assist.privacy.restoring import TakenOut
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database


class MaskStore:
    """What was taken out of rows, by batch (one run of masking) and number of the row in it."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def add(self, batch: str, taken: Sequence[TakenOut]) -> None:
        """Store a batch of new id; its rows are numbered from 0."""
        rows = [(batch, number, encode(one)) for number, one in enumerate(taken)]
        await self._database.write(
            lambda connection: (
                connection.executemany("INSERT INTO masks (batch, number, body) VALUES (?, ?, ?)", rows).rowcount
            )
        )

    async def get(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], TakenOut]:
        """What was taken out at each place (batch, number). Raises `NotFoundError` where one is not of this profile."""
        wanted = sorted(set(places))
        return await self._database.read(lambda connection: _get(connection, wanted))

    async def remove(self, batch: str) -> None:
        """Forget a batch; what was masked in it can never be put back."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM masks WHERE batch = ?", (batch,)).rowcount
        )


def _get(connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], TakenOut]:
    found: dict[tuple[str, int], TakenOut] = {}
    for place in places:
        row = connection.execute("SELECT body FROM masks WHERE batch = ? AND number = ?", place).fetchone()
        if row is None:
            raise NotFoundError("These rows were masked in another profile. Name that one with --profile.")
        found[place] = decode(row["body"], TakenOut)
    return found
