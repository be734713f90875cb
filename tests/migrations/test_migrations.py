"""Old profiles open, lose nothing, and are copied before they are touched."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlite_utils

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.tickets import TicketQuery, TicketState
from agent_assist.storage import upgrade as upgrading
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.connection import Connection, connect
from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.migrations import SCHEMA_VERSION, STEPS
from agent_assist.storage.tickets import TicketStore
from agent_assist.storage.upgrade import schema_version, upgrade
from tests.helpers.makers import ticket, undo_of
from tests.migrations.make_profile import PROFILES

STORED = sorted(PROFILES.glob("schema*.db.gz"))


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[Path], Path]:
    def unpacked(stored: Path) -> Path:
        path = tmp_path / "profile.db"
        path.write_bytes(gzip.decompress(stored.read_bytes()))
        return path

    return unpacked


def test_the_steps_are_named_in_order() -> None:
    names = [name for name, _ in STEPS]
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", name) for name in names)


def test_every_schema_but_the_newest_has_a_stored_profile() -> None:
    assert [int(path.name[6:10]) for path in STORED][: SCHEMA_VERSION - 1] == list(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)
async def test_an_old_profile_opens_and_holds_all_it_held(stored: Path, unpack: Callable[[Path], Path]) -> None:
    path = unpack(stored)
    database = await Database.open(path)
    tickets, log = TicketStore(database), FeedbackLog(database)
    thread = await tickets.get("OLD-1")
    assert [message.text for message in thread.messages] == [
        "快递到哪了？ GF2611020017",
        "在查",
        "Please hurry",
        "明天送达",
    ]
    assert (thread.state, thread.version, thread.order_number) == (TicketState.ANSWERED, 2, "GF2611020017")
    [row] = await tickets.page(TicketQuery(text="到哪了", intent="logistics"), offset=0, limit=9)
    assert (row.id, row.urgency) == ("OLD-1", "normal")
    assert [one.id for one in await tickets.unread(limit=9)] == ["OLD-2"]
    [sent] = await log.events()
    assert (sent.kind, sent.final_text) == (FeedbackKind.EDITED, "明天送达")
    assert await log.count(include_undone=True) == 3
    await tickets.undo(undo_of(sent))
    assert len((await tickets.get("OLD-1")).messages) == 3
    assert (await tickets.add([ticket("NEW")])).imported == 1
    assert await database.read(schema_version) == SCHEMA_VERSION
    assert await database.read(lambda one: one.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    await database.close()


@pytest.mark.parametrize("stored", STORED[: SCHEMA_VERSION - 1], ids=lambda path: path.name)
async def test_an_upgrade_leaves_a_copy_of_the_old_file(stored: Path, unpack: Callable[[Path], Path]) -> None:
    path = unpack(stored)
    old = int(stored.name[6:10])
    await (await Database.open(path)).close()
    [copy] = (path.parent / "backups").iterdir()
    snapshot = connect(copy, read_only=True, immutable=True)
    assert schema_version(snapshot) == old
    assert snapshot.execute("SELECT count(*) FROM tickets").fetchone()[0] == 2
    snapshot.close()
    await (await Database.open(path)).close()
    assert [copy] == list((path.parent / "backups").iterdir())


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)
async def test_an_upgraded_schema_is_the_new_one(stored: Path, unpack: Callable[[Path], Path], tmp_path: Path) -> None:
    def schema(connection: Connection) -> list[tuple[str, str]]:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return [(row["name"], row["sql"]) for row in rows]

    old, new = await Database.open(unpack(stored)), await Database.open(tmp_path / "new" / "profile.db")
    assert await old.read(schema) == await new.read(schema)
    await old.close()
    await new.close()


async def test_a_new_profile_needs_no_copy(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "profile.db")).close()
    assert not (tmp_path / "backups").exists()


async def test_the_copy_of_an_encrypted_profile_is_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "profile.db"
    await (await Database.open(path, passphrase="key")).close()
    connection = connect(path, passphrase="key")
    snapshot = upgrade(connection, path, passphrase="key", steps=(*STEPS, ("9999_more", _more)))
    connection.close()
    assert snapshot is not None
    copy = connect(snapshot, passphrase="key", read_only=True, immutable=True)
    assert schema_version(copy) == SCHEMA_VERSION
    copy.close()


def _more(db: sqlite_utils.Database) -> None:
    db.execute("CREATE TABLE more (x)")


def _broken(db: sqlite_utils.Database) -> None:
    db.execute("CREATE TABLE half (x)")
    raise RuntimeError("broken step")


def test_a_failing_step_leaves_the_last_whole_one(tmp_path: Path) -> None:
    connection = connect(tmp_path / "profile.db")
    steps = (*STEPS, ("9998_more", _more), ("9999_broken", _broken))
    with pytest.raises(RuntimeError, match="broken step"):
        upgrade(connection, tmp_path / "profile.db", steps=steps)
    tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "more" in tables
    assert "half" not in tables
    assert schema_version(connection) == SCHEMA_VERSION + 1
    upgrade(connection, tmp_path / "profile.db", steps=steps[:-1])
    connection.close()


def test_a_step_another_program_ran_meanwhile_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "profile.db"
    mine, other = connect(path), connect(path)
    upgrade(other, path)
    monkeypatch.setattr(upgrading, "schema_version", lambda connection: 0)  # as it was when this program looked
    upgrade(mine, path)
    mine.close()
    other.close()


async def test_articles_of_an_old_profile_get_a_first_version(unpack: Callable[[Path], Path]) -> None:
    path = unpack(PROFILES / "schema0005.db.gz")
    connection = connect(path)
    body = '{"doc_id":"d","title":"退款","text":"三天","language":"zh","source":"faq.csv"}'
    connection.execute(
        "INSERT INTO articles (doc_id, title, digest, model, body) VALUES ('d', 't', '', '', ?)", (body,)
    )
    connection.close()
    database = await Database.open(path)
    [version] = await ArticleStore(database).history("d")
    assert (version.number, version.author, version.cause, version.note) == (1, "", "import", "faq.csv")
    assert version.article.text == "三天"
    await database.close()
