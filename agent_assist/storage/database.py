"""The profile's SQLite file: one writer thread, a pool of read-only connections, everything awaited.

Reads never wait for writes (WAL) and see a consistent state from the first statement of a transaction on. Writes are
serial and durable when they return, even over a power cut, unless they were declared rebuildable.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent_assist.errors import StorageFaultError
from agent_assist.storage.connection import Connection, connect
from agent_assist.storage.migrations import SCHEMA_VERSION
from agent_assist.storage.upgrade import check_version, copy_database, upgrade
from agent_assist.storage.worker import WorkerPool

T = TypeVar("T")


class Database:
    """An open database file. Made by `open`; safe to use from any number of tasks."""

    def __init__(self, path: Path, passphrase: str | None, *, readers: int) -> None:
        """Start the threads; `open` also brings the schema up to date."""
        self.path = path
        self._passphrase = passphrase
        self._writer = WorkerPool("database-writer", self._connect_writer)
        self._readers = WorkerPool("database-reader", self._connect_reader, size=readers)

    @classmethod
    async def open(cls, path: Path, *, passphrase: str | None = None, readers: int = 2) -> "Database":
        """Open or create `path` with `readers` reading threads.

        Raises `ProfileTooNewError` (file untouched), `ProfileLockedError` for a wrong or missing passphrase,
        `StorageFaultError` where the disk or the folder does not allow it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFaultError(f"The profile's folder cannot be created: {error.strerror}.") from error
        database = cls(path, passphrase, readers=readers)
        try:
            await database._writer.run(lambda connection: None)
        except BaseException:
            await database.close()
            raise
        return database

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` on a read-only connection, inside one transaction: its statements see the same state."""
        return await self._readers.run(lambda connection: _transact(connection, "BEGIN", fn))

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in a transaction on the writer thread; when this returns, the change survives a power cut.

        Anything `fn` raises rolls the whole transaction back.
        """
        return await self._writer.run(lambda connection: _write(connection, fn, synchronous="FULL"))

    async def write_rebuildable(self, fn: Callable[[Connection], T]) -> T:
        """Like `write`, without waiting for the disk: a power cut may take back the last of these, whole."""
        return await self._writer.run(lambda connection: _write(connection, fn, synchronous="NORMAL"))

    async def backup(self, target: Path) -> None:
        """Copy the database to `target` (same passphrase) while it stays in use."""
        await self._readers.run(
            lambda connection: copy_database(connection, target, passphrase=self._passphrase),
        )

    async def close(self) -> None:
        """Finish what is queued and close. The writer goes last: it folds the write-ahead log into the file."""
        await self._readers.close()
        await self._writer.close()

    def _connect_writer(self) -> Connection:
        check_version(self.path, passphrase=self._passphrase, newest=SCHEMA_VERSION)
        connection = connect(self.path, passphrase=self._passphrase)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            upgrade(connection, self.path, passphrase=self._passphrase)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect_reader(self) -> Connection:
        return connect(self.path, passphrase=self._passphrase, read_only=True)


def _write(connection: Connection, fn: Callable[[Connection], T], *, synchronous: str) -> T:
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return _transact(connection, "BEGIN IMMEDIATE", fn)


def _transact(connection: Connection, begin: str, fn: Callable[[Connection], T]) -> T:
    connection.execute(begin)
    try:
        result = fn(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some faults (disk full) have rolled back already
            connection.execute("ROLLBACK")
        raise
    return result
