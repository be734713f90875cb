"""The knowledge store for people: add files, list, search; vectors come from the engine."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from agent_assist.domain.events import ArticleChanged, DomainEvent, EngineState, EngineStateChanged
from agent_assist.domain.knowledge import Article, Hit, SearchFilter
from agent_assist.domain.language import Language
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.errors import EngineError
from agent_assist.knowledge import Searcher
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.services.indexing import IndexingService, KnowledgeReport
from agent_assist.storage.knowledge import KnowledgeStore

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class KnowledgeService:
    """Articles in, hits out."""

    def __init__(self, *, store: KnowledgeStore, indexing: IndexingService, engine: Engine, events: EventBus) -> None:
        self._store = store
        self._indexing = indexing
        self._engine = engine
        self._events = events
        self._searcher = Searcher(store)
        self._background = Background("vectors", self.embed_outdated, events=events, wakes=self._wakes)

    async def add_paths(self, paths: Sequence[Path], *, progress: Progress | None = None) -> KnowledgeReport:
        """Add and index files and folders; see `IndexingService.add`."""
        return await self._indexing.add(paths, progress=progress)

    async def list(self) -> tuple[Article, ...]:
        """All articles by title."""
        return tuple(await self._store.articles())

    async def get(self, doc_id: str) -> Article:
        """One article. Raises `NotFoundError`."""
        return await self._store.get(doc_id)

    async def search(
        self, query: str, *, k: int = 5, language: Language | None = None, include_internal: bool = False
    ) -> tuple[Hit, ...]:
        """The best `k` passages; by words alone while the encoder is away."""
        try:
            vector = await self.query_vector(query)
        except EngineError as error:
            log.info("searching by words alone: %s", error)
            vector = b""
        return await self.search_vector(query, vector, k=k, language=language, include_internal=include_internal)

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
        language: Language | None = None,
        include_internal: bool = False,
    ) -> tuple[Hit, ...]:
        """Like `search`, with the query's vector where it is known already (b"" for none)."""
        wanted = SearchFilter(language=language, include_internal=include_internal)
        hits = await self._searcher.search(query, vector, k=k, wanted=wanted)
        return tuple(hits)

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
