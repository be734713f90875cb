"""The knowledge store for people: add files, list, search; vectors come from the engine."""

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from agent_assist.domain.events import ArticleChanged, DomainEvent, EngineState, EngineStateChanged
from agent_assist.domain.knowledge import Article, Hit, SearchFilter
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind, Turn
from agent_assist.errors import EngineError
from agent_assist.knowledge import Searcher
from agent_assist.services.article_profiles import ArticleProfileService
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.services.indexing import IndexingService, KnowledgeReport
from agent_assist.services.judging import JudgingService
from agent_assist.services.reranking import RerankingService
from agent_assist.settings import Settings
from agent_assist.storage.knowledge import KnowledgeStore

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class KnowledgeService:
    """Articles in, hits out."""

    def __init__(
        self,
        *,
        store: KnowledgeStore,
        indexing: IndexingService,
        profiles: ArticleProfileService,
        engine: Engine,
        events: EventBus,
        settings: Settings,
    ) -> None:
        self._store = store
        self._indexing = indexing
        self._profiles = profiles
        self._engine = engine
        self._events = events
        self._searcher = Searcher(store)
        self._settings = settings
        self._reranking = RerankingService(engine=engine, events=events)
        self._judging = JudgingService(engine=engine, events=events)
        self._background = Background("vectors", self.embed_outdated, events=events, wakes=self._wakes)

    async def add_paths(self, paths: Sequence[Path], *, progress: Progress | None = None) -> KnowledgeReport:
        """Add and index files and folders; see `IndexingService.add`."""
        report = await self._indexing.add(paths, progress=progress)
        if not self._profiles.running:  # nobody would do it later
            await self._profiles.read_all()
        return report

    async def list(self) -> tuple[Article, ...]:
        """All articles by title."""
        return tuple(await self._store.articles())

    async def get(self, doc_id: str) -> Article:
        """One article. Raises `NotFoundError`."""
        return await self._store.get(doc_id)

    async def search(
        self,
        query: str,
        *,
        k: int = 5,
        wanted: SearchFilter | None = None,
        include_internal: bool = False,
        rerank: Priority = Priority.OPEN_TICKET,
    ) -> tuple[Hit, ...]:
        """The best `k` passages among those that `wanted` lets through; by words alone while the encoder is away.

        `rerank` says how long to wait for a reranker where there is one, see `reranking.DEADLINES_S`; without one the
        reader of passages judges the best hits, see `judging.SEARCH_S`.
        """
        vector, read = b"", None
        query = await self._searcher.without_pinyin(query)
        try:
            # One pass of the encoder gives both.
            thread = [Turn(role=Role.CUSTOMER, text=query)]
            [message] = await self._engine.understand([thread], priority=Priority.OPEN_TICKET)
            vector, read = message.vector, message.understanding
        except EngineError as error:
            log.info("searching by words alone: %s", error)
        wanted = wanted or SearchFilter(include_internal=include_internal)
        hits = await self.search_vector(query, vector, k=k, wanted=wanted, read=read, rerank=rerank)
        if not self._settings.knowledge.read_hits or any(hit.reranked is not None for hit in hits):
            return hits
        return await self._judging.found([Turn(role=Role.CUSTOMER, text=query)], hits, priority=rerank)

    async def sources(
        self,
        thread: Sequence[Turn],
        hits: Sequence[Hit],
        *,
        texts: Sequence[str],
        also: Iterable[int] = (),
        priority: Priority,
    ) -> tuple[Hit, ...]:
        """What was found for a ticket, as the reader of passages judges it; see `JudgingService.sources`."""
        return await self._judging.sources(thread, hits, texts=texts, also=also, priority=priority)

    async def query_vector(self, query: str, *, priority: Priority = Priority.OPEN_TICKET) -> bytes:
        """The query's vector. Raises `EngineError`."""
        [vector] = await self._engine.embed([query], kind=TextKind.QUERY, priority=priority)
        return vector

    async def search_vector(
        self,
        query: str,
        vector: bytes,
        *,
        k: int = 5,
        wanted: SearchFilter | None = None,
        include_internal: bool = False,
        read: Understanding | None = None,
        rerank: Priority | None = None,
    ) -> tuple[Hit, ...]:
        """Like `search`, with the query's vector (b"" for none) and what was read out of it where they are known.

        A reranker has no say where `rerank` is None.
        """
        wanted = wanted or SearchFilter(include_internal=include_internal)
        among = k if rerank is None else self._reranking.asked_for(k, priority=rerank)
        hits = await self._searcher.search(query, vector, k=among, wanted=wanted, read=read)
        return tuple(hits) if rerank is None else await self._reranking.best(query, hits, k=k, priority=rerank)

    def start(self) -> None:
        """Give vectors to articles that lack them whenever the encoder is ready."""
        self._background.start()

    async def close(self) -> None:
        """Stop the background work; it goes on at the next start."""
        await self._background.close()

    async def embed_outdated(self) -> None:
        """Make the vectors that are missing; does nothing while the engine is away."""
        await self._indexing.embed_outdated()

    def _wakes(self, event: DomainEvent) -> bool:
        match event:
            case ArticleChanged(doc_id=doc_id):
                self._indexing.edited(doc_id)
                return True
            case EngineStateChanged(model="encoder", state=EngineState.READY):
                return True
            case _:
                return False
