"""The database: transactions, concurrency, encryption, and faults that are not ours."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from agent_assist.errors import ProfileError, ProfileLockedError, ProfileTooNewError, StorageFaultError
from agent_assist.storage import connection as connections
from agent_assist.storage.connection import Connection, connect
from agent_assist.storage.database import Database
from agent_assist.storage.migrations import SCHEMA_VERSION
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import customer, ticket

SECRET = "密码 'quoted'"


def put(sku: str) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        connection.execute("INSERT INTO products (sku, body) VALUES (?, '{}')", (sku,))

    return write


def skus(connection: Connection) -> list[str]:
    return [row["sku"] for row in connection.execute("SELECT sku FROM products ORDER BY sku")]


def pragma(name: str) -> Callable[[Connection], object]:
    return lambda connection: (connection.execute(f"PRAGMA {name}").fetchone() or [None])[0]


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_write_is_there_for_readers_and_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "profile.db"
    database = await Database.open(path)
    await database.write(put("a"))
    await database.write_rebuildable(put("b"))
    assert await database.read(skus) == ["a", "b"]
    await database.close()
    assert files(path.parent) == ["profile.db"]
    again = await Database.open(path)
    assert await again.read(skus) == ["a", "b"]
    await again.close()


async def test_an_error_rolls_the_whole_write_back(database: Database) -> None:
    def half(connection: Connection) -> None:
        put("a")(connection)
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await database.write(half)
    await database.write(put("b"))
    assert await database.read(skus) == ["b"]


async def test_how_the_file_is_kept(database: Database) -> None:
    assert await database.read(pragma("journal_mode")) == "wal"
    assert await database.write(pragma("synchronous")) == 2
    assert await database.write_rebuildable(pragma("synchronous")) == 1
    assert await database.write(pragma("synchronous")) == 2
    assert await database.write(pragma("foreign_keys")) == 1
    assert await database.read(pragma("user_version")) == SCHEMA_VERSION
    assert await database.read(lambda connection: connection.execute("SELECT vec_version()").fetchone()[0])


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(StorageFaultError):
        await database.read(put("a"))
    assert await database.read(skus) == []


async def test_reads_go_on_during_a_write_and_see_the_state_before(database: Database) -> None:
    written, finish = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        put("a")(connection)
        written.set()
        finish.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.sleep(0)
    written.wait(10)
    assert await asyncio.gather(*(database.read(skus) for _ in range(8))) == [[]] * 8
    finish.set()
    await writing
    assert await database.read(skus) == ["a"]


async def test_a_read_sees_one_state_throughout(database: Database) -> None:
    first_read, written = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[list[str], list[str]]:
        before = skus(connection)
        first_read.set()
        written.wait(10)
        return before, skus(connection)

    reading = asyncio.create_task(database.read(twice))
    await asyncio.sleep(0)
    first_read.wait(10)
    await database.write(put("a"))
    written.set()
    assert await reading == ([], [])


async def test_writes_from_many_tasks_all_arrive(database: Database) -> None:
    names = [f"{number:03}" for number in range(100)]
    await asyncio.gather(*(database.write(put(name)) for name in names))
    assert await database.read(skus) == names


async def test_a_job_cancelled_before_its_turn_is_not_run(database: Database) -> None:
    finish = threading.Event()
    first = asyncio.create_task(database.write(lambda connection: finish.wait(10)))
    second = asyncio.create_task(database.write(put("never")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    finish.set()
    await first
    assert await database.write(skus) == []  # by the writer, whose turn comes after the cancelled one's


def test_a_loop_that_is_gone_does_not_harm_the_writer(tmp_path: Path) -> None:
    started, finish = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        started.set()
        finish.wait(10)
        put("a")(connection)

    async def leave() -> Database:
        opened = await Database.open(tmp_path / "profile.db")
        task = asyncio.create_task(opened.write(slow))
        await asyncio.sleep(0)
        started.wait(10)
        task.cancel()
        return opened

    async def come_back(database: Database) -> list[str]:
        found = await database.write(skus)  # queued behind the abandoned write
        await database.close()
        return found

    database = asyncio.run(leave())
    finish.set()
    assert asyncio.run(come_back(database)) == ["a"]


async def test_what_a_function_raises_reaches_its_caller(database: Database) -> None:
    def stop(connection: Connection) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await database.read(stop)
    with pytest.raises(connections.driver.OperationalError, match="no such table"):
        await database.read(lambda connection: connection.execute("SELECT 1 FROM nowhere"))


async def test_closing_finishes_what_waits_and_refuses_what_comes(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "profile.db")
    waiting = [asyncio.create_task(database.write(put(str(number)))) for number in range(5)]
    await asyncio.sleep(0)
    await database.close()
    await database.close()
    await asyncio.gather(*waiting)
    with pytest.raises(ProfileError, match="closed"):
        await database.read(skus)
    again = await Database.open(tmp_path / "profile.db")
    assert await again.read(skus) == ["0", "1", "2", "3", "4"]
    await again.close()


async def test_an_encrypted_file_tells_nothing_and_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "profile.db"
    database = await Database.open(path, passphrase=SECRET)
    await TicketStore(database).add([ticket("T1", customer("a very private text"))])
    await database.close()
    content = path.read_bytes()
    assert b"private" not in content
    assert not content.startswith(b"SQLite")
    for wrong in (None, "", "wrong", "密码"):
        with pytest.raises(ProfileLockedError):
            await Database.open(path, passphrase=wrong)
    assert path.read_bytes() == content
    again = await Database.open(path, passphrase=SECRET)
    assert (await TicketStore(again).get("T1")).messages[0].text == "a very private text"
    assert [row.id for row in await TicketStore(again).unread(limit=1)] == ["T1"]
    await again.close()


async def test_a_passphrase_does_not_open_a_plain_file(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "profile.db")).close()
    with pytest.raises(ProfileLockedError):
        await Database.open(tmp_path / "profile.db", passphrase="x")


async def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "profile.db"
    path.write_text("not a database, but longer than a page header " * 10, encoding="utf-8")
    content = path.read_bytes()
    with pytest.raises(ProfileLockedError, match="not a profile"):
        await Database.open(path)
    assert path.read_bytes() == content


async def test_a_newer_profile_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "profile.db"
    await (await Database.open(path)).close()
    newer = connect(path)
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()
    content = path.read_bytes()
    with pytest.raises(ProfileTooNewError, match="newer version"):
        await Database.open(path)
    assert path.read_bytes() == content
    assert files(tmp_path) == ["profile.db"]


async def test_a_newer_profile_that_crashed_is_refused_untouched(tmp_path: Path) -> None:
    path, live = tmp_path / "profile.db", tmp_path / "live" / "profile.db"
    newer = await Database.open(live)
    await newer.write(pragma(f"user_version = {SCHEMA_VERSION + 1}"))
    for file in (live, live.with_name("profile.db-wal")):  # as a crash leaves them: the change is in the log only
        (tmp_path / file.name).write_bytes(file.read_bytes())
    await newer.close()
    content = path.read_bytes()
    with pytest.raises(ProfileTooNewError):
        await Database.open(path)
    assert path.read_bytes() == content


async def test_a_full_disk_is_a_storage_fault_and_loses_nothing(database: Database) -> None:
    await database.write(put("a"))

    def fill(connection: Connection) -> None:
        connection.execute("UPDATE products SET body = zeroblob(1000000)")

    pages = await database.write(pragma("page_count"))
    await database.write(pragma(f"max_page_count = {pages}"))
    with pytest.raises(StorageFaultError, match="disk is full"):
        await database.write(fill)
    assert await database.write(skus) == ["a"]


async def test_a_locked_file_is_a_storage_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 1)
    database = await Database.open(tmp_path / "profile.db")
    other = connect(tmp_path / "profile.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFaultError, match="another program"):
        await database.write(put("a"))
    other.close()
    await database.write(put("a"))
    await database.close()


async def test_a_folder_in_the_files_place_is_a_storage_fault(tmp_path: Path) -> None:
    (tmp_path / "profile.db").mkdir()
    with pytest.raises(StorageFaultError):
        await Database.open(tmp_path / "profile.db")


async def test_a_backup_is_whole_and_does_not_wait_for_writers(database: Database, tmp_path: Path) -> None:
    await database.write(put("a"))
    written, finish = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        put("b")(connection)
        written.set()
        finish.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.sleep(0)
    written.wait(10)
    await database.backup(tmp_path / "copies" / "copy.db")
    finish.set()
    await writing
    copy = await Database.open(tmp_path / "copies" / "copy.db")
    assert await copy.read(skus) == ["a"]
    await copy.close()
    assert files(tmp_path / "copies") == ["copy.db"]


@pytest.mark.parametrize("passphrase", ["it's \"秘密\" x'00'", "x'" + "0f" * 32 + "'", "x'" + "0f" * 48 + "'"])
async def test_the_key_of_a_passphrase_is_the_one_sqlcipher_derives(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "profile.db"
    for _ in range(2):  # the first time SQLCipher derives the key, then we do
        database = await Database.open(path, passphrase=passphrase)
        assert await database.read(lambda one: one.execute("PRAGMA user_version").fetchone()[0])
        await database.close()
    bare = driver.connect(str(path))
    bare.execute("PRAGMA key = '" + passphrase.replace("'", "''") + "'")
    assert bare.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    bare.close()
