"""Vectors for articles that lack them or have those of another encoder; what a person edited comes first."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from agent_assist.engine.protocol import Priority
from agent_assist.errors import NotFoundError
from agent_assist.services.indexing.reading import ReadingThread
from agent_assist.services.indexing.turns import Wishes
from agent_assist.services.indexing.vectors import Vectors, prepare
from agent_assist.storage.knowledge import KnowledgeStore, Outcome, Over

Progress = Callable[[int, int], None]
_BATCH = 16


class Refresh:
    """Makes the vectors that are missing, a few articles at a time."""

    def __init__(self, *, store: KnowledgeStore, vectors: Vectors, thread: ReadingThread, wishes: Wishes) -> None:
        self._store, self._vectors, self._thread, self._wishes = store, vectors, thread, wishes
        self._edited: dict[str, None] = {}

    def edited(self, doc_id: str) -> None:
        """A person changed this article and wants to find it by meaning soon."""
        self._edited[doc_id] = None

    async def run(self, progress: Progress) -> int:
        """Make what is missing; returns how many articles can now be found by meaning. Does nothing without engine."""
        encoder = await self._vectors.encoder(again=True)
        if not encoder:
            return 0
        found = await self._edited_first(encoder)
        outdated = await self._store.outdated(encoder)
        for start in range(0, len(outdated), _BATCH):
            progress(start, len(outdated))
            await self._wishes.rest()
            found += await self._edited_first(encoder)
            found += await self._fill(outdated[start : start + _BATCH], encoder, Priority.BATCH)
        if outdated:
            progress(len(outdated), len(outdated))
        return found

    async def _edited_first(self, encoder: str) -> int:
        doc_ids, self._edited = list(self._edited), {}
        return await self._fill(doc_ids, encoder, Priority.PREFETCH) if doc_ids else 0

    async def _fill(self, doc_ids: Sequence[str], encoder: str, priority: Priority) -> int:
        articles = []
        for doc_id in doc_ids:
            with suppress(NotFoundError):  # deleted meanwhile
                articles.append(await self._store.get(doc_id))
        batch = await self._thread.run(lambda: [prepare(article, encoder=encoder) for article in articles])
        filled = await self._vectors.fill(batch, priority=priority)
        outcomes = await self._store.store(filled, over=Over.THE_SAME)
        stored = zip(filled, outcomes, strict=True)
        return sum(bool(one.passages) and outcome is not Outcome.KEPT for one, outcome in stored)
