"""A watched folder is mirrored: changes, renames and deletions; but not the absence of the drive it lies on."""

import os
import shutil
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.events import SourceChanged
from agent_assist.errors import StorageFaultError
from agent_assist.knowledge import ArticleReader
from agent_assist.services.indexing import watcher
from agent_assist.storage.sources import SourceStore
from tests.agent_assist.services.indexing.conftest import CountingEngine, Shelf, texts


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the shelf are old; those that a test moves about keep their times."""
    monkeypatch.setattr(watcher, "_recent", lambda seen: False)


async def test_changes_come_and_go_with_their_files(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.jsonl", '{"id":"x","text":"1"}\n{"id":"y","text":"2"}\n')
    await app.indexing.watch(shelf.folder)
    assert await texts(app) == {"a": "alpha", "x": "1", "y": "2"}
    shelf.write("sub/c.md", "gamma")
    shelf.write("b.jsonl", '{"id":"x","text":"one"}\n')
    (shelf.folder / "a.md").unlink()
    await app.indexing.watcher.look()
    assert await texts(app) == {"x": "one", "sub/c": "gamma"}
    await app.indexing.unwatch(shelf.folder)
    (shelf.folder / "b.jsonl").unlink()
    await app.indexing.watcher.look()
    assert await texts(app) == {"x": "one", "sub/c": "gamma"}


async def test_a_row_that_cannot_be_read_takes_no_article_away(app: App, shelf: Shelf) -> None:
    shelf.write("b.jsonl", '{"id":"x","text":"1"}\n{"id":"y","text":"2"}\n')
    await app.indexing.watch(shelf.folder)
    shelf.write("b.jsonl", '{"id":"x","text":"one"}\n{"id":"y","te\n')
    await app.indexing.watcher.look()
    assert await texts(app) == {"x": "one", "y": "2"}
    shelf.write("b.jsonl", '{"id":"x","text":"one"}\n')
    await app.indexing.watcher.look()
    assert await texts(app) == {"x": "one"}


async def test_a_renamed_file_keeps_its_articles(app: App, shelf: Shelf, engine: CountingEngine) -> None:
    shelf.sections("long.md", "a", "b")
    shelf.write("other.md", "beta")
    await app.indexing.watch(shelf.folder)
    engine.embedded.clear()
    (shelf.folder / "new").mkdir()
    (shelf.folder / "long.md").rename(shelf.folder / "new" / "name.md")
    await app.indexing.watcher.look()
    assert set(await texts(app)) == {"long", "other"}
    assert engine.embedded == []
    shelf.sections("new/name.md", "a", "c")
    await app.indexing.watcher.look()
    found = await texts(app)
    assert set(found) == {"long", "other"}
    assert "About c." in found["long"]
    assert len(engine.embedded) == 1
    shelf.write("long.md", "another article under the old name")
    await app.indexing.watcher.look()
    assert len(await texts(app)) == 3
    assert (await texts(app))["long"] == found["long"]


async def test_a_drive_that_goes_and_comes_back_takes_nothing_away(
    app: App, shelf: Shelf, engine: CountingEngine
) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    await app.indexing.watch(shelf.folder)
    heard: list[SourceChanged] = []
    app.events.subscribe(lambda event: heard.append(event) if isinstance(event, SourceChanged) else None)
    before, away = await texts(app), shelf.folder.with_name("away")
    shelf.folder.rename(away)
    await app.indexing.watcher.look()
    assert await texts(app) == before
    [source] = await app.indexing.sources()
    assert "cannot be reached" in source.problem
    shelf.folder.mkdir()  # a mount point without its drive
    await app.indexing.watcher.look()
    assert await texts(app) == before
    [source] = await app.indexing.sources()
    assert "empty" in source.problem
    assert (await app.indexing.reindex()).removed == 0
    shelf.folder.rmdir()
    away.rename(shelf.folder)
    engine.embedded.clear()
    await app.indexing.watcher.look()
    assert await texts(app) == before
    assert engine.embedded == []
    assert (await app.indexing.sources())[0].problem == ""
    assert [bool(event.problem) for event in heard] == [True, True, False]
    (shelf.folder / "a.md").unlink()
    await app.indexing.watcher.look()
    assert await texts(app) == {"b": "beta"}


async def test_most_files_gone_at_once_waits_for_a_word(app: App, shelf: Shelf) -> None:
    for number in range(16):
        shelf.write(f"sub/{number}.md", f"text {number}")
    shelf.write("a.md", "alpha")
    await app.indexing.watch(shelf.folder)
    shutil.rmtree(shelf.folder / "sub")
    await app.indexing.watcher.look()
    assert len(await texts(app)) == 17
    assert "reindex" in (await app.indexing.sources())[0].problem
    assert (await app.indexing.reindex()).removed == 16
    assert await texts(app) == {"a": "alpha"}


async def test_most_rows_of_a_file_gone_at_once_wait_for_a_word(app: App, shelf: Shelf) -> None:
    rows = [f'{{"id":"x{number}","text":"{number}"}}' for number in range(20)]
    shelf.write("faq.jsonl", "\n".join(rows))
    await app.indexing.watch(shelf.folder)
    shelf.write("faq.jsonl", "\n".join(rows[:5]))
    await app.indexing.watcher.look()
    assert len(await texts(app)) == 20
    [file] = await app.indexing.files(shelf.folder)
    assert "reindex" in file.error
    assert (await app.indexing.reindex()).removed == 15
    assert len(await texts(app)) == 5


async def test_the_only_file_that_goes_takes_nothing_away(app: App, shelf: Shelf) -> None:
    path = shelf.write("faq.jsonl", '{"id":"x","text":"1"}')
    await app.indexing.watch(shelf.folder)
    path.unlink()
    await app.indexing.watcher.look()
    assert await texts(app) == {"x": "1"}
    assert (await app.indexing.remove(shelf.folder)).removed == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
async def test_a_folder_that_cannot_be_opened_hides_nothing(app: App, shelf: Shelf) -> None:
    shelf.write("sub/a.md", "alpha")
    shelf.write("b.md", "beta")
    await app.indexing.watch(shelf.folder)
    (shelf.folder / "sub").chmod(0)
    await app.indexing.watcher.look()
    (shelf.folder / "sub").chmod(0o700)
    assert await texts(app) == {"sub/a": "alpha", "b": "beta"}


async def test_a_file_that_is_being_written_is_left_alone(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    await app.indexing.watch(shelf.folder)
    (shelf.folder / "b.md").write_text("half of", encoding="utf-8")  # its time is now
    await app.indexing.watcher.look()
    assert await texts(app) == {"a": "alpha"}
    shelf.date("b.md")
    await app.indexing.watcher.look()
    assert await texts(app) == {"a": "alpha", "b": "half of"}


async def test_a_look_at_what_has_not_changed_opens_no_file_and_tells_nothing(
    app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("a.md", "alpha")
    (shelf.folder / "b.md").write_bytes(b"\x00\x01binary")
    shelf.date("b.md")
    await app.indexing.watch(shelf.folder)
    await app.indexing.watcher.look()
    monkeypatch.setattr(ArticleReader, "read_file", None)
    monkeypatch.setattr(Path, "open", None)
    heard: list[object] = []
    app.events.subscribe(heard.append)
    await app.indexing.watcher.look()
    assert heard == []


async def test_a_folder_watched_from_another_program_is_found(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    await app.indexing._room.sources.want([str(shelf.folder)], watched=True)  # as the command line leaves it
    await app.indexing.watcher.look()
    assert await texts(app) == {"a": "alpha"}


async def test_a_file_that_could_not_be_opened_is_tried_again_later(
    app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    now = [1000.0]
    monkeypatch.setattr("agent_assist.services.indexing.watcher.time.monotonic", lambda: now[0])
    real = Path.open

    def held(self: Path, *arguments: object, **named: object):  # type: ignore[no-untyped-def]
        if self.name == "a.md":
            raise PermissionError(13, "held by another program")
        return real(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", held)
    await app.indexing.watch(shelf.folder)
    await app.indexing.watcher.look()
    assert await texts(app) == {"b": "beta"}
    monkeypatch.setattr(Path, "open", real)
    await app.indexing.watcher.look()
    assert await texts(app) == {"b": "beta"}
    now[0] += watcher.TRY_AGAIN_S
    await app.indexing.watcher.look()
    assert await texts(app) == {"a": "alpha", "b": "beta"}


async def test_a_file_that_goes_before_a_killed_program_remembered_it_takes_its_articles_along(
    app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise StorageFaultError("killed")

    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    shelf.write("c.jsonl", '{"id":"x","text":"1"}')
    remember = SourceStore.remember
    monkeypatch.setattr(SourceStore, "remember", killed)
    with pytest.raises(StorageFaultError):
        await app.indexing.watch(shelf.folder)
    monkeypatch.setattr(SourceStore, "remember", remember)
    assert set(await texts(app)) == {"a", "b", "x"}
    (shelf.folder / "a.md").unlink()
    shelf.write("c.jsonl", '{"id":"y","text":"2"}')
    await app.indexing.watcher.look()
    assert await texts(app) == {"b": "beta", "y": "2"}
