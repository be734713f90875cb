"""What programs on one profile tell one another of indexing: whether it rests, whether to give up, how far it is."""

from agent_assist.domain.sources import IndexingProgress
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.database import Database


class IndexingStore:
    """The one row of the table `indexing`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wishes(self) -> tuple[bool, bool]:
        """Whether indexing is to pause, and whether what is under way is to be given up."""
        row = await self._database.read(
            lambda connection: connection.execute("SELECT paused, cancel FROM indexing").fetchone()
        )
        return bool(row[0]), bool(row[1])

    async def set_paused(self, paused: bool) -> None:
        """Pause or go on; it stays so over the end of the program."""
        await self._database.write(lambda connection: connection.execute("UPDATE indexing SET paused = ?", (paused,)))

    async def set_cancel(self, cancel: bool) -> None:
        """Ask for what is under way to be given up, or note that it was."""
        await self._database.write(lambda connection: connection.execute("UPDATE indexing SET cancel = ?", (cancel,)))

    async def tell(self, progress: IndexingProgress) -> None:
        """How far this program is."""
        await self._database.write_rebuildable(
            lambda connection: connection.execute("UPDATE indexing SET progress = ?", (encode(progress),))
        )

    async def told(self) -> IndexingProgress:
        """How far the program that indexes, or did so last, is."""
        row = await self._database.read(
            lambda connection: connection.execute("SELECT progress FROM indexing").fetchone()
        )
        return decode(row[0], IndexingProgress) if row[0] else IndexingProgress()
