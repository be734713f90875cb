"""One job: files are read, embedded and stored at the same time, in batches across files and articles.

A file is remembered as read after all its articles are stored, so a job that is killed goes on with the next file that
is not, and a batch that was stored already is found unchanged.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from agent_assist.domain.sources import FileState, IndexingState
from agent_assist.services.indexing.files import FileJob, FileReader
from agent_assist.services.indexing.looking import many_gone
from agent_assist.services.indexing.pace import Pace
from agent_assist.services.indexing.report import Tally
from agent_assist.services.indexing.turns import Wishes
from agent_assist.services.indexing.vectors import TEXTS, Prepared, Vectors
from agent_assist.storage.articles.indexed import IndexedArticle
from agent_assist.storage.knowledge import KnowledgeStore, Outcome, Over
from agent_assist.storage.sources import SourceStore

# Articles or files whose state is written together where next to nothing has to be embedded.
MOST = 256


@dataclass(slots=True, kw_only=True)
class _Batch:
    """Articles in order, with the files that end among them."""

    articles: list[tuple[FileJob, Prepared]] = field(default_factory=list)
    ends: list[FileJob] = field(default_factory=list)

    @property
    def full(self) -> bool:
        texts = sum(one.texts for _, one in self.articles)
        return texts >= TEXTS or len(self.articles) >= MOST or len(self.ends) >= MOST


class Job:
    """Runs once. `sure`: a person asked and means it when much is gone. `cancelled`: one gave up what is left."""

    def __init__(
        self,
        *,
        store: KnowledgeStore,
        sources: SourceStore,
        vectors: Vectors,
        reader: FileReader,
        wishes: Wishes,
        pace: Pace,
        tally: Tally,
        sure: bool,
    ) -> None:
        self._store, self._sources, self._vectors, self._reader = store, sources, vectors, reader
        self._wishes, self._pace, self._tally, self._sure = wishes, pace, tally, sure
        self._finished = set[str]()
        self.cancelled = False

    async def run(self, files: Sequence[FileJob]) -> None:
        """Index the files. Raises `ProfileError` where the profile cannot be written."""
        read: asyncio.Queue[_Batch | None] = asyncio.Queue(maxsize=2)
        filled: asyncio.Queue[tuple[_Batch, list[IndexedArticle]] | None] = asyncio.Queue(maxsize=2)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(files, read))
                group.create_task(self._embed(read, filled))
                group.create_task(self._store_all(filled))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def left_out(self, files: Sequence[FileJob]) -> list[FileJob]:
        """Those of the files that were not gone through."""
        return [file for file in files if _name(file) not in self._finished]

    async def _read(self, files: Sequence[FileJob], read: "asyncio.Queue[_Batch | None]") -> None:
        batch = _Batch()
        for file in files:
            batch = await _passed_on(batch, read)
            async for prepared in self._reader.read(file):
                for one in prepared:
                    batch = await _passed_on(batch, read)
                    batch.articles.append((file, one))
                if self.cancelled:
                    break
            if self.cancelled:
                break
            batch.ends.append(file)
        await read.put(batch)
        await read.put(None)

    async def _embed(
        self,
        read: "asyncio.Queue[_Batch | None]",
        filled: "asyncio.Queue[tuple[_Batch, list[IndexedArticle]] | None]",
    ) -> None:
        while (batch := await read.get()) is not None:
            if self.cancelled or not await self._may_go_on():
                continue
            await filled.put((batch, await self._vectors.fill([one for _, one in batch.articles])))
        await filled.put(None)

    async def _may_go_on(self) -> bool:
        """Rest where a person wants it; False where the job is given up."""
        if await self._wishes.paused():
            self._pace.state = IndexingState.PAUSED
            await self._pace.tell(now=True)
            self._pace.rested(await self._wishes.rest())
            self._pace.state = IndexingState.RUNNING
            await self._pace.tell(now=True)
        self.cancelled = await self._wishes.cancelled()
        return not self.cancelled

    async def _store_all(self, filled: "asyncio.Queue[tuple[_Batch, list[IndexedArticle]] | None]") -> None:
        while (item := await filled.get()) is not None:
            batch, articles = item
            await self._announce({id(file): file for file, _ in batch.articles}.values())
            outcomes = await self._store.store(articles, over=Over.IMPORTED)
            for (file, _), indexed, outcome in zip(batch.articles, articles, outcomes, strict=True):
                self._count(file, indexed, outcome)
            await self._finish(batch.ends)
            await self._pace.tell()

    async def _announce(self, files: Iterable[FileJob]) -> None:
        """Articles that did not come out of these files before."""
        announced = []
        for file in files:
            new = file.new_articles()
            if new:
                announced.append(file.remembered(FileState.FAILED, new))
        if announced:
            await self._sources.announce(announced)

    def _count(self, file: FileJob, indexed: IndexedArticle, outcome: Outcome) -> None:
        if outcome is Outcome.KEPT:
            file.keep(indexed.article.title)
            return
        self._tally.added += outcome is Outcome.ADDED
        self._tally.updated += outcome is Outcome.UPDATED
        self._tally.passages += len(indexed.passages)
        self._tally.bare += bool(indexed.passages) and not indexed.model
        self._pace.passages += len(indexed.passages)
        self._advance(file, len(indexed.article.text.encode("utf-8", "surrogatepass")))

    def _advance(self, file: FileJob, size: int) -> None:
        """A file's bytes are told off as its texts are stored, and all of them at its end."""
        step = min(size, file.found.size - file.bytes_done)
        file.bytes_done += step
        self._pace.bytes_done += step

    async def _finish(self, files: Sequence[FileJob]) -> None:
        remembered = []
        for file in files:
            self._tally.unchanged += file.unchanged
            articles = await self._settle_rows(file)
            if file.renamed:
                await self._store.moved(list(articles.values()), file.path)
            self._tally.rejected += file.rejected
            self._tally.kept += file.kept
            failed = bool(file.rejected) and not file.articles
            self._pace.files_done += 1
            self._pace.files_failed += failed
            self._advance(file, file.found.size)
            remembered.append(file.remembered(FileState.FAILED if failed else FileState.READ, articles))
        if remembered:
            await self._sources.remember(remembered)
        self._finished |= {_name(file) for file in files}

    async def _settle_rows(self, file: FileJob) -> dict[str, str]:
        """Rows that are in the file no longer take their articles away where it is watched and was read whole."""
        lost = {given: doc_id for given, doc_id in file.before.items() if doc_id not in file.articles.values()}
        if not file.source.watched or file.rejected or not lost:
            return {**lost, **file.articles}
        if not self._sure and many_gone(len(lost), len(file.before)):
            file.remark(
                f"{len(lost)} of its {len(file.before)} articles are gone at once. They are kept; if they are to be "
                "gone, `agent-assist knowledge reindex` takes them out."
            )
            return {**lost, **file.articles}
        known = file.found.known
        gone = await take_out(
            list(lost.values()), [known.key] if known else [], store=self._store, sources=self._sources
        )
        self._tally.removed += gone.removed
        for doc_id in gone.edited:
            file.keep(doc_id)
        return file.articles


def _name(file: FileJob) -> str:
    return f"{file.source.key} {file.path}"


async def _passed_on(batch: _Batch, read: "asyncio.Queue[_Batch | None]") -> _Batch:
    """Pass a full batch on; returns the one to go on with."""
    if not batch.full:
        return batch
    await read.put(batch)
    return _Batch()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """How many articles went, and the doc_ids of those that stayed because people edited them."""

    removed: int
    edited: tuple[str, ...]


async def take_out(
    doc_ids: Sequence[str], files: Collection[int], *, store: KnowledgeStore, sources: SourceStore
) -> TakenOut:
    """Remove articles that came out of `files` (keys) alone and that nobody edited."""
    elsewhere = await sources.claimed(doc_ids, besides=files)
    removed, edited = 0, []
    for doc_id in doc_ids:
        state = await store.state(doc_id)
        if state is not None and state.edited and doc_id not in elsewhere:
            edited.append(doc_id)
        elif state is not None and doc_id not in elsewhere:
            removed += await store.delete(doc_id)
    return TakenOut(removed=removed, edited=tuple(edited))
