"""What is added is remembered: only what changed is read again, and what people did is never lost to a file."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.events import KnowledgeChanged, SourceChanged
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.sources import FileState, IndexingState
from agent_assist.errors import InputError, NotFoundError
from agent_assist.knowledge import ArticleReader
from tests.agent_assist.services.indexing.conftest import CountingEngine, Shelf, texts


async def test_only_what_changed_is_read_again(app: App, shelf: Shelf, engine: CountingEngine) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    first = await app.indexing.add([shelf.folder])
    assert (first.added, first.embedded) == (2, 2)
    again = await app.indexing.add([shelf.folder])
    assert (again.added, again.updated, again.unchanged, again.passages) == (0, 0, 2, 0)
    shelf.write("b.md", "beta two")
    third = await app.indexing.add([shelf.folder])
    assert (third.updated, third.unchanged, third.embedded) == (1, 1, 1)
    assert await texts(app) == {"a": "alpha", "b": "beta two"}


async def test_a_new_time_alone_changes_nothing(app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("a.md", "alpha")
    await app.indexing.add([shelf.folder])
    shelf.date("a.md")
    monkeypatch.setattr("agent_assist.services.indexing.reading.ReadingThread.read", None)
    assert (await app.indexing.add([shelf.folder])).unchanged == 1
    [file] = await app.indexing.files(shelf.folder)
    assert file.mtime_ns == (shelf.folder / "a.md").stat().st_mtime_ns


async def test_one_changed_section_embeds_one_passage(app: App, shelf: Shelf, engine: CountingEngine) -> None:
    shelf.sections("long.md", *(f"word{number}" for number in range(40)))
    await app.indexing.add([shelf.folder])
    engine.embedded.clear()
    shelf.sections("long.md", *(f"word{number}" if number != 7 else "other" for number in range(40)))
    report = await app.indexing.add([shelf.folder])
    assert (report.updated, report.embedded) == (1, 1)
    assert [text for text in engine.embedded if "other" in text] == engine.embedded


async def test_a_change_of_status_or_tags_embeds_nothing(app: App, shelf: Shelf, engine: CountingEngine) -> None:
    path = shelf.sections("long.md", "a", "b")
    await app.indexing.add([path])
    engine.embedded.clear()
    body = path.read_text(encoding="utf-8")
    for head in ("status: draft", "status: approved", "tags: [new]"):
        shelf.write("long.md", f"---\n{head}\n---\n{body}")
        assert (await app.indexing.add([path])).updated == 1
        assert await app.knowledge.search("warehouse") or "draft" in head
    assert engine.embedded == []
    article = await app.articles.get("long")
    await app.articles.review("long", ArticleStatus.BLOCKED)
    await app.articles.review("long", ArticleStatus.APPROVED)
    await app.knowledge.embed_outdated()
    assert engine.embedded == []
    assert article.article.tags == ("new",)


async def test_a_bad_file_is_reported_and_the_others_go_on(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    (shelf.folder / "b.md").write_bytes(b"\x00\x01binary")
    (shelf.folder / "c.xyz").write_bytes(b"?")
    shelf.write("d.jsonl", '{"id":"d","text":"delta"}\nnot json\n')
    report = await app.indexing.add([shelf.folder, shelf.folder / "missing.md"])
    assert set(await texts(app)) == {"a", "d"}
    assert sorted((Path(row.file).name, row.line) for row in report.rejected) == [
        ("b.md", 0),
        ("c.xyz", 0),
        ("d.jsonl", 2),
        ("missing.md", 0),
    ]
    files = {Path(file.path).name: file for file in await app.indexing.files(shelf.folder)}
    assert files["b.md"].state is FileState.FAILED
    assert files["d.jsonl"].state is FileState.READ
    assert files["d.jsonl"].error
    [source] = await app.indexing.sources()
    assert (source.files, source.failed, source.articles, source.wanted) == (4, 2, 2, False)
    assert len((await app.indexing.add([shelf.folder])).rejected) == 3
    shelf.write("b.md", "beta")
    assert (await app.indexing.add([shelf.folder])).added == 1


async def test_a_reader_that_fails_costs_one_file(app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    real = ArticleReader.read_file

    def fail(self: ArticleReader, path: Path, *, root: Path):  # type: ignore[no-untyped-def]
        if path.name == "a.md":
            raise RuntimeError("customer text")
        return real(self, path, root=root)

    monkeypatch.setattr(ArticleReader, "read_file", fail)
    report = await app.indexing.add([shelf.folder])
    assert list(await texts(app)) == ["b"]
    [row] = report.rejected
    assert "RuntimeError" in row.reason
    assert "customer text" not in row.reason


async def test_relative_paths_are_reported_as_given(app: App, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf.folder / "b.md").write_bytes(b"\x00\x01binary")
    monkeypatch.chdir(shelf.folder.parent)
    assert [row.file for row in (await app.indexing.add([Path("shelf")])).rejected] == ["shelf/b.md"]
    assert [source.path for source in await app.indexing.sources()] == [str(shelf.folder)]


async def test_a_folder_that_is_not_watched_takes_nothing_away(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.jsonl", '{"id":"x","text":"1"}\n{"id":"y","text":"2"}\n')
    await app.indexing.add([shelf.folder])
    (shelf.folder / "a.md").unlink()
    shelf.write("b.jsonl", '{"id":"x","text":"1"}\n')
    report = await app.indexing.reindex()
    assert report.removed == 0
    assert len(report.kept) == 1
    assert set(await texts(app)) == {"a", "x", "y"}


async def test_an_edited_article_is_kept_and_said(app: App, shelf: Shelf) -> None:
    path = shelf.write("a.md", "alpha")
    await app.indexing.watch(shelf.folder)
    article = await app.knowledge.get("a")
    await app.articles.save(replace(article, text="written by a person"))
    shelf.write("a.md", "alpha two")
    report = await app.indexing.reindex()
    assert [row.file for row in report.kept] == [str(path)]
    assert "kept" in report.kept[0].reason
    assert await texts(app) == {"a": "written by a person"}
    shelf.write("b.md", "beta")
    path.unlink()
    report = await app.indexing.reindex()
    assert "edited" in report.kept[0].reason
    assert await texts(app) == {"a": "written by a person", "b": "beta"}


async def test_a_deleted_article_does_not_come_back_with_its_file(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    await app.indexing.add([shelf.folder])
    await app.articles.delete("a")
    shelf.write("a.md", "alpha two")
    assert len((await app.indexing.add([shelf.folder])).kept) == 1
    assert await texts(app) == {}


async def test_removing_a_source_takes_out_what_only_it_gave(app: App, shelf: Shelf, tmp_path: Path) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.jsonl", '{"id":"x","text":"1"}\n{"id":"y","text":"2"}\n')
    other = tmp_path / "other.jsonl"
    other.write_text('{"id":"x","text":"1"}\n', encoding="utf-8")
    await app.indexing.add([shelf.folder, other])
    await app.articles.save(replace(await app.knowledge.get("y"), text="edited"))
    heard: list[object] = []
    app.events.subscribe(heard.append)
    gone = await app.indexing.remove(shelf.folder)
    assert (gone.removed, gone.edited) == (1, ("y",))
    assert await texts(app) == {"x": "1", "y": "edited"}
    assert [source.path for source in await app.indexing.sources()] == [str(other)]
    assert KnowledgeChanged(articles=1) in heard
    with pytest.raises(NotFoundError):
        await app.indexing.remove(shelf.folder)


async def test_an_article_of_two_files_is_what_the_one_that_stays_says(app: App, shelf: Shelf) -> None:
    shelf.write("a.jsonl", '{"id":"x","text":"of a"}\n')
    shelf.write("b.jsonl", '{"id":"x","text":"of b"}\n')
    await app.indexing.watch(shelf.folder)
    assert await texts(app) == {"x": "of b"}
    (shelf.folder / "b.jsonl").unlink()
    await app.indexing.reindex()
    await app.indexing.reindex()
    assert await texts(app) == {"x": "of a"}


async def test_everything_anew(app: App, shelf: Shelf, engine: CountingEngine) -> None:
    shelf.write("a.md", "alpha")
    shelf.write("b.md", "beta")
    await app.indexing.add([shelf.folder])
    engine.embedded.clear()
    assert (await app.indexing.reindex()).embedded == 0
    report = await app.indexing.reindex([shelf.folder], anew=True)
    assert (report.updated, report.embedded) == (2, 2)
    assert sorted(engine.embedded) == ["alpha\nalpha", "beta\nbeta"]
    hits = await app.knowledge.search("alpha")
    assert hits[0].passage.doc_id == "a"


async def test_errors_say_what_to_do(app: App, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        await app.indexing.watch(tmp_path / "nowhere")
    with pytest.raises(NotFoundError, match="knowledge sources"):
        await app.indexing.unwatch(tmp_path / "nowhere")
    assert (await app.indexing.status()).state is IndexingState.IDLE


async def test_the_engine_away_leaves_articles_that_get_their_vectors_later(
    app: App, shelf: Shelf, engine: CountingEngine
) -> None:
    engine.available = False
    shelf.sections("long.md", "a", "b")
    report = await app.indexing.add([shelf.folder])
    assert (report.added, report.without_vectors) == (1, 1)
    assert (await app.indexing.add([shelf.folder])).unchanged == 1
    engine.available = True
    assert (await app.knowledge.search("warehouse"))[0].similarity == 0.0
    await app.knowledge.embed_outdated()
    assert (await app.knowledge.search("warehouse"))[0].similarity > 0.0


async def test_a_source_that_is_gone_when_asked_for_is_said(app: App, shelf: Shelf) -> None:
    shelf.write("a.md", "alpha")
    await app.indexing.add([shelf.folder])
    heard: list[object] = []
    app.events.subscribe(heard.append)
    shutil.rmtree(shelf.folder)
    report = await app.indexing.add([shelf.folder])
    [row] = report.rejected
    assert "cannot be reached" in row.reason
    assert await texts(app) == {"a": "alpha"}
    assert any(isinstance(event, SourceChanged) and event.problem for event in heard)
