"""The job: batches across files, pause, continue, cancel and progress, here and from another program."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.sources import FileState, IndexingProgress, IndexingState
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.errors import StorageFaultError
from agent_assist.services.indexing.pace import Pace
from agent_assist.storage.knowledge import KnowledgeStore
from tests.agent_assist.services.indexing.conftest import CountingEngine, Shelf, texts


class SlowEngine(CountingEngine):
    """Answers a batch only when it is let through."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Semaphore(0)
        self.asked = asyncio.Event()
        self.sizes: list[int] = []

    async def embed(self, texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
        if kind is TextKind.PASSAGE:
            self.sizes.append(len(texts))
            self.asked.set()
            await self.gate.acquire()
        return await super().embed(texts, kind=kind, priority=priority)

    async def next_batch(self) -> None:
        await self.asked.wait()
        self.asked.clear()

    def open(self) -> None:
        for _ in range(1000):
            self.gate.release()


@pytest.fixture
def engine() -> SlowEngine:
    return SlowEngine()


def fill(shelf: Shelf, files: int) -> None:
    for number in range(files):
        shelf.write(f"{number:03}.md", f"text {number}")


async def test_texts_of_many_files_go_to_the_encoder_together(app: App, shelf: Shelf, engine: SlowEngine) -> None:
    fill(shelf, 150)
    engine.open()
    report = await app.indexing.add([shelf.folder])
    assert (report.added, report.embedded) == (150, 150)
    assert engine.sizes == [64, 64, 22]


async def test_progress_is_told_here_and_to_other_programs(
    app: App, shelf: Shelf, engine: SlowEngine, tmp_path: Path
) -> None:
    fill(shelf, 150)
    heard: list[IndexingProgress] = []
    app.events.subscribe(lambda event: heard.append(event) if isinstance(event, IndexingProgress) else None)
    shown: list[tuple[int, int]] = []
    job = asyncio.create_task(app.indexing.add([shelf.folder], progress=lambda *step: shown.append(step)))
    await engine.next_batch()
    other = await open_app(tmp_path / "profile", passphrase="秘密", engine=CountingEngine())
    told = await other.indexing.status()
    assert (told.state, told.files_total, told.files_done) == (IndexingState.RUNNING, 150, 0)
    assert other.indexing.busy_elsewhere()
    engine.open()
    await job
    assert (heard[-1].state, heard[-1].files_done, heard[-1].passages) == (IndexingState.IDLE, 150, 150)
    assert shown[-1] == (150, 150)
    assert (await other.indexing.status()).state is IndexingState.IDLE
    assert not other.indexing.busy_elsewhere()
    await other.close()


async def test_pause_and_continue_from_another_program(
    app: App, shelf: Shelf, engine: SlowEngine, tmp_path: Path
) -> None:
    fill(shelf, 200)
    other = await open_app(tmp_path / "profile", passphrase="秘密", engine=CountingEngine())
    paused = asyncio.Event()

    def hear(event: object) -> None:
        if isinstance(event, IndexingProgress) and event.state is IndexingState.PAUSED:
            paused.set()

    app.events.subscribe(hear)
    job = asyncio.create_task(app.indexing.add([shelf.folder]))
    await engine.next_batch()
    await other.indexing.pause()
    engine.open()
    await asyncio.wait_for(paused.wait(), 10)
    assert not job.done()
    assert (await other.indexing.status()).state is IndexingState.PAUSED
    assert len(engine.embedded) < 200
    await other.indexing.go_on()
    assert (await asyncio.wait_for(job, 20)).added == 200
    await other.close()


async def test_cancel_keeps_what_is_stored_and_leaves_out_the_rest(app: App, shelf: Shelf, engine: SlowEngine) -> None:
    fill(shelf, 200)
    job = asyncio.create_task(app.indexing.watch(shelf.folder))
    await engine.next_batch()
    engine.gate.release()
    await engine.next_batch()
    await app.indexing.cancel()
    engine.open()
    report = await job
    assert report.cancelled
    stored = await texts(app)
    assert 64 <= len(stored) < 200
    await app.indexing.watcher.look()  # does not begin again by itself
    assert await texts(app) == stored
    states = [file.state for file in await app.indexing.files(shelf.folder)]
    assert states.count(FileState.CANCELLED) == 200 - len(stored)
    assert (await app.indexing.status()).state is IndexingState.IDLE
    shelf.write("000.md", "changed")
    shelf.write("199.md", "changed")
    await app.indexing.watcher.look()
    found = await texts(app)
    assert (found["000"], found["199"]) == ("changed", "changed")
    assert (await app.indexing.reindex()).added == 199 - len(stored)
    assert len(await texts(app)) == 200


async def test_a_program_that_ended_is_gone_on_with(shelf: Shelf, engine: SlowEngine, tmp_path: Path) -> None:
    fill(shelf, 200)
    first = await open_app(tmp_path / "profile", engine=engine)
    await first.start(background=False)
    job = asyncio.create_task(first.indexing.add([shelf.folder]))
    for _ in range(3):
        await engine.next_batch()
        engine.gate.release()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert (await first.indexing.status()).state is IndexingState.STOPPED
    await first.close()
    again = CountingEngine()
    second = await open_app(tmp_path / "profile", engine=again)
    await second.start(background=False)
    done = len(await texts(second))
    assert 0 < done < 200
    await second.indexing.watcher.look()
    assert len(await texts(second)) == 200
    assert len(again.embedded) == 200 - done
    assert (await second.indexing.status()).state is IndexingState.IDLE
    await second.close()


async def test_two_programs_take_turns(app: App, shelf: Shelf, engine: SlowEngine, tmp_path: Path) -> None:
    fill(shelf, 10)
    (tmp_path / "b.md").write_text("beta", encoding="utf-8")
    other = await open_app(tmp_path / "profile", passphrase="秘密", engine=CountingEngine())
    await other.start(background=False)
    job = asyncio.create_task(app.indexing.add([shelf.folder]))
    await engine.next_batch()
    waiting = asyncio.create_task(other.indexing.add([tmp_path / "b.md"]))
    await asyncio.sleep(0)
    assert not waiting.done()
    engine.open()
    assert (await job).added == 10
    assert (await asyncio.wait_for(waiting, 20)).added == 1
    await other.close()


async def test_an_edit_made_meanwhile_stays(app: App, shelf: Shelf, engine: SlowEngine) -> None:
    fill(shelf, 1)
    engine.gate.release()
    await app.indexing.add([shelf.folder])
    shelf.write("000.md", "new text of the file")
    engine.asked.clear()
    job = asyncio.create_task(app.indexing.add([shelf.folder]))
    await engine.next_batch()
    await app.articles.save(replace(await app.knowledge.get("000"), text="a person's"))
    engine.open()
    report = await job
    assert (report.updated, len(report.kept)) == (0, 1)
    assert await texts(app) == {"000": "a person's"}


async def test_a_full_disk_is_told_and_nothing_hangs(
    app: App, shelf: Shelf, engine: SlowEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StorageFaultError("The disk is full.")

    fill(shelf, 200)
    engine.open()
    real = KnowledgeStore.store
    monkeypatch.setattr(KnowledgeStore, "store", full)
    with pytest.raises(StorageFaultError):
        await asyncio.wait_for(app.indexing.add([shelf.folder]), 20)
    monkeypatch.setattr(KnowledgeStore, "store", real)
    assert (await app.indexing.add([shelf.folder])).added == 200


async def test_pace_counts_the_time_of_work_only() -> None:
    now = 100.0
    told: list[IndexingProgress] = []

    async def elsewhere(progress: IndexingProgress) -> None:
        told.append(progress)

    pace = Pace(here=lambda pace: None, elsewhere=elsewhere, clock=lambda: now)
    pace.files_total, pace.bytes_total = 4, 1000
    assert pace.progress.seconds_left is None
    now = 110.0
    pace.files_done, pace.bytes_done, pace.passages = 1, 250, 50
    assert pace.progress.passages_per_second == pytest.approx(5.0)
    assert pace.progress.seconds_left == pytest.approx(30.0)
    now = 210.0
    pace.rested(100.0)
    assert pace.progress.seconds_left == pytest.approx(30.0)
    await pace.tell()
    await pace.tell()
    assert len(told) == 1
