"""Bringing a database to this program's schema: refuse newer ones, snapshot older ones, then step by step."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from agent_assist.errors import ProfileTooNewError
from agent_assist.storage.connection import Connection, connect
from agent_assist.storage.migrations import STEPS, Step

_log = logging.getLogger(__name__)


def check_version(path: Path, *, passphrase: str | None, newest: int) -> None:
    """Look at the file without writing to it or beside it; raises `ProfileTooNewError`, or the driver's errors."""
    if not path.exists() or path.stat().st_size == 0:
        return
    log = path.with_name(path.name + "-wal")  # left by a crash, or in use by another program
    probe = connect(path, passphrase=passphrase, read_only=True, immutable=not log.exists())
    try:
        version = schema_version(probe)
    finally:
        probe.close()
    if version > newest:
        raise ProfileTooNewError(
            f"This profile was written by a newer version of the program (schema {version}, this one knows {newest}). "
            "Install the newer version; the profile is unchanged."
        )


def schema_version(connection: Connection) -> int:
    """Number of steps the database went through; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def upgrade(
    connection: Connection,
    path: Path,
    *,
    passphrase: str | None = None,
    steps: tuple[tuple[str, Step], ...] = STEPS,
) -> Path | None:
    """Run the steps that `connection`'s database lacks; returns the snapshot taken before, None when none was needed.

    Each step, its record and the new `user_version` are one transaction, so a crash leaves the last whole step.
    """
    version = schema_version(connection)
    if version >= len(steps):
        return None
    snapshot = _snapshot(connection, path, version, passphrase) if version else None
    for count in range(version + 1, len(steps) + 1):
        _apply_one(connection, steps, count)
    _log.info("database brought from schema %d to %d", version, len(steps))
    return snapshot


def _apply_one(connection: Connection, steps: tuple[tuple[str, Step], ...], count: int) -> None:
    import sqlite_utils  # 0.2 s, which a profile that is up to date need not wait
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("agent_assist")
    for name, step in steps[:count]:
        migrations(name=name)(step)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Names decide, not the count: another program may have run the step while this one waited for the lock.
        migrations.apply(sqlite_utils.Database(connection))
        connection.execute(f"PRAGMA user_version = {max(count, schema_version(connection))}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _snapshot(connection: Connection, path: Path, version: int, passphrase: str | None) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = path.parent / "backups" / f"{path.stem}-schema{version}-{stamp}.db"
    copy_database(connection, target, passphrase=passphrase)
    return target


def copy_database(connection: Connection, target: Path, *, passphrase: str | None) -> None:
    """Copy the database as it stands at one moment to `target`, replacing it only when the copy is whole.

    The copy carries the same passphrase. Writers go on meanwhile.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy = connect(partial, passphrase=passphrase)
    try:
        connection.backup(copy)
    except BaseException:
        copy.close()
        partial.unlink(missing_ok=True)
        raise
    copy.close()
    partial.replace(target)
