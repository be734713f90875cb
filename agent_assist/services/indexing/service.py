"""Sources of knowledge and the job that indexes them, for window and command line alike."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent_assist.domain.events import KnowledgeChanged, SourceChanged, WorkProgress
from agent_assist.domain.sources import IndexingProgress, IndexingState, KnowledgeSource, SourceFile
from agent_assist.engine.api import Engine
from agent_assist.errors import InputError, NotFoundError
from agent_assist.files.rows import RejectedRow
from agent_assist.services.events import EventBus
from agent_assist.services.indexing.job import TakenOut, take_out
from agent_assist.services.indexing.reading import ReadingThread
from agent_assist.services.indexing.refresh import Refresh
from agent_assist.services.indexing.report import KnowledgeReport, Tally
from agent_assist.services.indexing.runner import Progress, Room, Runner
from agent_assist.services.indexing.turns import Turns, Wishes
from agent_assist.services.indexing.vectors import Vectors
from agent_assist.services.indexing.watcher import Watcher
from agent_assist.storage.indexing import IndexingStore
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.sources import SourceStore
from agent_assist.storage.tickets import TicketStore


class IndexingService:
    """Files and folders in, articles in the index. One job a profile at a time, also between programs."""

    def __init__(
        self,
        *,
        folder: Path,
        store: KnowledgeStore,
        sources: SourceStore,
        shared: IndexingStore,
        tickets: TicketStore,
        engine: Engine,
        events: EventBus,
    ) -> None:
        """`folder` is the profile's, for the lock between programs."""
        self._room = Room(
            store=store,
            sources=sources,
            shared=shared,
            tickets=tickets,
            events=events,
            thread=ReadingThread(),
            vectors=Vectors(store, engine),
            turns=Turns(folder),
            wishes=Wishes(shared),
        )
        self._runner = Runner(self._room)
        self._refresh = Refresh(
            store=store, vectors=self._room.vectors, thread=self._room.thread, wishes=self._room.wishes
        )
        self.watcher = Watcher(self._room, self._runner)

    # -- sources ------------------------------------------------------------------------------------------

    async def add(
        self, paths: Sequence[Path], *, watched: bool | None = None, progress: Progress | None = None
    ) -> KnowledgeReport:
        """Add files and folders and index them; what is unchanged is not read, a bad row or file is reported.

        A `watched` folder is mirrored from now on; None leaves that as it is. Goes on with a paused job, since
        somebody wants something now. What is killed on the way goes on at the next start.
        """
        exist = await self._room.thread.run(lambda: [path.exists() for path in paths])
        there = [path for path, exists in zip(paths, exist, strict=True) if exists or await self._known(path)]
        missing = [path for path in paths if path not in there]
        rejected = [RejectedRow(file=str(path), line=0, reason="The file does not exist.") for path in missing]
        if not there:
            return replace(Tally().report(embedded=0, cancelled=False), rejected=tuple(rejected))
        sources = await self._room.sources.want([absolute(path) for path in there], watched=watched)
        self._tell(sources)
        await self._room.wishes.go_on()
        report = await self._runner.run([source.key for source in sources], asked=True, progress=progress)
        as_given = {absolute(path): str(path) for path in paths}
        named = [replace(row, file=_as_given(row.file, as_given)) for row in report.rejected]
        return replace(report, rejected=(*rejected, *named))

    async def watch(self, path: Path, *, progress: Progress | None = None) -> KnowledgeReport:
        """Add a folder (or file) and follow it. Raises `InputError` where there is none."""
        if not await self._room.thread.run(path.exists):
            raise InputError(f"{path} does not exist. Name a folder that is there now.")
        return await self.add([path], watched=True, progress=progress)

    async def unwatch(self, path: Path) -> None:
        """Follow it no longer; its articles stay. Raises `NotFoundError`."""
        source = await self._source(path)
        await self._room.sources.set_watched(source.key, False)
        self._tell([source])

    async def remove(self, path: Path) -> TakenOut:
        """Forget a source and take out its articles, except those that people edited. Raises `NotFoundError`."""
        room, source = self._room, await self._source(path)
        async with room.turns.hold():
            files = [file.key for file in await room.sources.files(source.key)]
            doc_ids = await room.sources.articles_of(source.key)
            await room.sources.set_watched(source.key, False)
            gone = await take_out(doc_ids, files, store=room.store, sources=room.sources)
            await room.sources.remove(source.key)
        if gone.removed:
            await self._changed(gone.removed)
        self._tell([source])
        return gone

    async def sources(self) -> list[KnowledgeSource]:
        """All sources by path, with what they hold."""
        return await self._room.sources.all(count=True)

    async def files(self, path: Path) -> list[SourceFile]:
        """The files of a source with their last errors. Raises `NotFoundError`."""
        return await self._room.sources.files((await self._source(path)).key)

    async def reindex(
        self, paths: Sequence[Path] = (), *, anew: bool = False, progress: Progress | None = None
    ) -> KnowledgeReport:
        """Go through sources again (all without `paths`): what changed, failed or was left out, and what is gone.

        `anew` reads, cuts and embeds also what is unchanged. Raises `NotFoundError` for a path that is no source.
        """
        chosen = [await self._source(path) for path in paths] or await self._room.sources.all()
        if anew:
            async with self._room.turns.hold():
                for source in chosen:
                    await self._room.sources.read_again(source.key)
        await self._room.wishes.go_on()
        return await self._runner.run([source.key for source in chosen], asked=True, progress=progress)

    # -- the job ------------------------------------------------------------------------------------------

    async def pause(self) -> None:
        """Let indexing rest, in whatever program; it stays so until `go_on`, `add` or `reindex`."""
        await self._room.wishes.pause()

    async def go_on(self) -> None:
        """Index on."""
        await self._room.wishes.go_on()
        self.watcher.wake()

    async def finish(self, *, progress: Progress | None = None) -> KnowledgeReport:
        """Do what an ended program left, and look at watched folders once."""
        due = [one.key for one in await self._room.sources.all() if one.wanted or one.watched]
        return await self._runner.run(due, asked=False, progress=progress)

    async def cancel(self) -> None:
        """Give up what is under way, in whatever program. What was stored stays; the other files are left out until
        they change or `reindex` takes them in. Without a job this gives up what an ended program left."""
        await self._room.wishes.cancel()
        if self.state_here is IndexingState.IDLE and not self._room.turns.held_elsewhere():
            for source in await self._room.sources.all():
                if source.wanted:
                    await self._room.sources.checked(source.key, problem=source.problem)
            await self._room.wishes.forget_cancel()

    @property
    def state_here(self) -> IndexingState:
        """Whether this program is at work."""
        return IndexingState.RUNNING if self._room.turns.held_here else IndexingState.IDLE

    def busy_elsewhere(self) -> bool:
        """Whether another program indexes."""
        return self._room.turns.held_elsewhere()

    async def status(self) -> IndexingProgress:
        """How far the job is, in whatever program."""
        room = self._room
        told = await room.shared.told()
        paused = await room.wishes.paused()
        if room.turns.held_here or room.turns.held_elsewhere():
            return replace(told, state=IndexingState.PAUSED if paused else IndexingState.RUNNING)
        left = any(source.wanted for source in await room.sources.all())
        resting = IndexingState.PAUSED if paused else IndexingState.STOPPED
        return replace(told, state=resting if left else IndexingState.IDLE, seconds_left=None)

    async def counts(self) -> tuple[int, int]:
        """Number of articles and of passages that are stored."""
        return await self._room.store.counts()

    # -- vectors ------------------------------------------------------------------------------------------

    def edited(self, doc_id: str) -> None:
        """A person changed this article: its vectors come first."""
        self._refresh.edited(doc_id)

    async def embed_outdated(self) -> None:
        """Make the vectors that are missing or of another encoder; does nothing while the engine is away."""

        def progress(done: int, total: int) -> None:
            self._room.events.publish(WorkProgress(task="index", done=done, total=total))

        if found := await self._refresh.run(progress):
            await self._changed(found)

    # -- life ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on with what was left, and follow watched folders."""
        self.watcher.start()

    async def close(self) -> None:
        """Stop; what is not done is done at the next start."""
        await self.watcher.close()
        await self._room.thread.close()

    async def _changed(self, articles: int) -> None:
        await self._room.tickets.forget_suggestions()
        self._room.events.publish(KnowledgeChanged(articles=articles))

    async def _known(self, path: Path) -> bool:
        return any(source.path == absolute(path) for source in await self._room.sources.all())

    async def _source(self, path: Path) -> KnowledgeSource:
        for source in await self._room.sources.all():
            if source.path == absolute(path):
                return source
        raise NotFoundError(f"{path} is no source. `agent-assist knowledge sources` lists them.")

    def _tell(self, sources: Sequence[KnowledgeSource]) -> None:
        for source in sources:
            self._room.events.publish(SourceChanged(path=source.path, problem=source.problem))


def absolute(path: Path) -> str:
    """A source's name: the path from the root, without the steps up and down that a person took."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve would also follow links


def _as_given(file: str, given: dict[str, str]) -> str:
    """A file as the person named it, or below the folder that they named."""
    for path, name in given.items():
        if file == path or file.startswith(path + os.sep):
            return name + file[len(path) :]
    return file
