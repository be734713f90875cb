"""Goes through sources: looks, finds out what changed, runs the job, and takes out what is gone."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from agent_assist.domain.events import KnowledgeChanged, SourceChanged
from agent_assist.domain.sources import FileState, IndexingState, KnowledgeSource, SourceFile
from agent_assist.errors import ProfileError
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge.index import SCHEME
from agent_assist.services.events import EventBus
from agent_assist.services.indexing.files import FileJob, FileReader, settled_time
from agent_assist.services.indexing.job import Job, take_out
from agent_assist.services.indexing.looking import Changes, Seen, compare, look
from agent_assist.services.indexing.pace import Pace
from agent_assist.services.indexing.reading import ReadingThread
from agent_assist.services.indexing.report import KnowledgeReport, Tally
from agent_assist.services.indexing.turns import Turns, Wishes
from agent_assist.services.indexing.vectors import Vectors
from agent_assist.storage.indexing import IndexingStore
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.sources import ReadFile, SourceStore
from agent_assist.storage.tickets import TicketStore

Progress = Callable[[int, int], None]
# A file in a watched folder is left alone until nobody has written to it for so long.
SETTLE_NS = 1_000_000_000
# What was seen longer ago is looked at again.
_NOW_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What indexing works with."""

    store: KnowledgeStore
    sources: SourceStore
    shared: IndexingStore
    tickets: TicketStore
    events: EventBus
    thread: ReadingThread
    vectors: Vectors
    turns: Turns
    wishes: Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A source and what changed in it; `counts` are the articles of its files, by their keys."""

    source: KnowledgeSource
    known: tuple[SourceFile, ...]
    changes: Changes
    counts: dict[int, int]

    @property
    def unchanged(self) -> int:
        """Articles of files that are not read."""
        read = {found.known.key for found in self.changes.read if found.known}
        gone = {file.key for file in self.changes.gone}
        return sum(count for key, count in self.counts.items() if key not in read | gone)


class Runner:
    """One job at a time; a job that was killed is done by running it again."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def run(
        self,
        keys: Sequence[int],
        *,
        asked: bool,
        seen: Mapping[int, Seen] | None = None,
        progress: Progress | None = None,
    ) -> KnowledgeReport:
        """Go through the sources with these keys, of which the caller may have `seen` some just now.

        `asked`: by a person, who also wants files tried again that failed, and means it when files are gone. Raises
        `ProfileError`.
        """
        room, tally, began = self._room, Tally(), time.monotonic()
        async with room.turns.hold():
            seen = seen if seen and time.monotonic() - began < _NOW_S else {}
            await room.wishes.forget_cancel()
            before = room.vectors.embedded
            pace = Pace(here=self._publish(progress), elsewhere=room.shared.tell)
            encoder = await room.vectors.encoder()
            looks = [
                await self._look(source, seen.get(source.key), encoder, asked)
                for source in await room.sources.all()
                if source.key in keys
            ]
            try:
                cancelled = await self._work(looks, encoder, pace, tally, asked)
            finally:
                pace.state = IndexingState.IDLE
                with suppress(ProfileError):  # where it was closed, the next program sees that nobody is at work
                    await pace.tell(now=True)
                    if tally.changed:
                        await self._changed(tally.changed)
        return tally.report(embedded=room.vectors.embedded - before, cancelled=cancelled)

    async def _work(self, looks: Sequence[_Look], encoder: str, pace: Pace, tally: Tally, asked: bool) -> bool:
        room = self._room
        reader = FileReader(store=room.store, sources=room.sources, thread=room.thread, encoder=encoder)
        job = Job(
            store=room.store,
            sources=room.sources,
            vectors=room.vectors,
            reader=reader,
            wishes=room.wishes,
            pace=pace,
            tally=tally,
            sure=asked,
        )
        files = [FileJob(source=one.source, found=found) for one in looks for found in one.changes.read]
        pace.files_total, pace.bytes_total = len(files), sum(file.found.size for file in files)
        if files:
            await pace.tell(now=True)
            await job.run(files)
        if job.cancelled:
            await self._leave_out(job.left_out(files))
            await room.wishes.forget_cancel()
        for one in looks:
            tally.unchanged += one.unchanged
            if not job.cancelled:
                await self._settle(one, tally, asked)
            await self._note(one)
        return job.cancelled

    async def _look(self, source: KnowledgeSource, seen: Seen | None, encoder: str, asked: bool) -> _Look:
        room = self._room
        known = tuple(await room.sources.files(source.key))
        again = set[int]()
        if asked:
            again |= await room.sources.incomplete(source.key, model=encoder)
            again |= {file.key for file in known if file.state is not FileState.READ or file.error}
        if seen is None:
            seen = await room.thread.run(partial(look, Path(source.path)))
        find = partial(
            compare,
            seen,
            known,
            scheme=SCHEME,
            again=again,
            sure=asked,
            settled_before_ns=None if asked else time.time_ns() - SETTLE_NS,
        )
        changes = await room.thread.run(find)
        return _Look(source=source, known=known, changes=changes, counts=await room.sources.article_counts(source.key))

    async def _settle(self, one: _Look, tally: Tally, asked: bool) -> None:
        """What was touched and what is gone; what cannot be reached is said and kept."""
        room, source = self._room, one.source
        touched = []
        for found in one.changes.touched:
            assert found.known is not None
            mtime_ns = await room.thread.run(partial(settled_time, found))
            touched.append(ReadFile(source=source.key, file=replace(found.known, mtime_ns=mtime_ns), articles=None))
        await room.sources.remember(touched)
        if one.changes.problem and asked:
            tally.rejected.append(RejectedRow(file=source.path, line=0, reason=one.changes.problem))
        if source.watched:
            await self._take_out(one, tally)
        elif asked:
            reason = "The file is gone; its articles are kept. `agent-assist knowledge remove` takes them out."
            tally.kept += [RejectedRow(file=file.path, line=0, reason=reason) for file in one.changes.gone]

    async def _take_out(self, one: _Look, tally: Tally) -> None:
        room, keys = self._room, [file.key for file in one.changes.gone]
        for file in one.changes.gone:
            doc_ids = list((await room.sources.articles(file.key)).values())
            gone = await take_out(doc_ids, keys, store=room.store, sources=room.sources)
            await room.sources.forget([file.key])
            tally.removed += gone.removed
            reason = "The file is gone; “{}” was edited here and is kept."
            tally.kept += [RejectedRow(file=file.path, line=0, reason=reason.format(name)) for name in gone.edited]

    async def _note(self, one: _Look) -> None:
        room, source, problem = self._room, one.source, one.changes.problem
        await room.sources.checked(source.key, problem=problem)
        if problem != source.problem:
            room.events.publish(SourceChanged(path=source.path, problem=problem))

    async def _leave_out(self, files: Sequence[FileJob]) -> None:
        """What a person gave up is not begun again by itself, until the file changes or somebody asks."""
        left = []
        for file in files:
            file.mtime_ns = file.found.mtime_ns
            left.append(file.remembered(FileState.CANCELLED, None))
        await self._room.sources.remember(left)

    async def _changed(self, articles: int) -> None:
        """Suggestions rest on the knowledge as it was: they are written anew."""
        await self._room.tickets.forget_suggestions()
        self._room.events.publish(KnowledgeChanged(articles=articles))

    def _publish(self, progress: Progress | None) -> Callable[[Pace], None]:
        def tell(pace: Pace) -> None:
            self._room.events.publish(pace.progress)
            if progress is not None and pace.files_total:
                progress(*pace.counted)

        return tell
