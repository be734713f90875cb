"""The knowledge store for people: add files, list, search; vectors come from the engine."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from agent_assist.domain.events import ArticleChanged, DomainEvent, EngineState, EngineStateChanged, KnowledgeChanged
from agent_assist.domain.knowledge import Article, Hit, SearchFilter
from agent_assist.domain.language import Language
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.errors import EngineError, NotFoundError
from agent_assist.knowledge import IndexPlan, KnowledgeIndex, RejectedRow, Searcher, read_articles
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.tickets import TicketStore

log = logging.getLogger(__name__)

T = TypeVar("T")
Progress = Callable[[int, int], None]
# Articles whose texts go to the encoder together.
BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeReport:
    """What adding did. `without_vectors` articles are found by their words only until the encoder is there."""

    added: int
    updated: int
    unchanged: int
    passages: int
    without_vectors: int
    rejected: tuple[RejectedRow, ...]


class KnowledgeService:
    """Articles in, hits out."""

    def __init__(self, *, store: KnowledgeStore, tickets: TicketStore, engine: Engine, events: EventBus) -> None:
        self._store = store
        self._tickets = tickets
        self._engine = engine
        self._events = events
        self._index = KnowledgeIndex(store)
        self._searcher = Searcher(store)
        self._version = ""
        self._background = Background("vectors", self.embed_outdated, events=events, wakes=_wakes)

    async def add_paths(self, paths: Sequence[Path], *, progress: Progress | None = None) -> KnowledgeReport:
        """Index files and folders, each article in a transaction; skips what is unchanged, reports bad rows."""
        rows = list(read_articles(paths))
        articles = [row for row in rows if isinstance(row, Article)]
        added = updated = unchanged = passages = bare = 0
        version = await self._encoder_version()
        for done, batch in _batches(articles):
            plans = [await self._index.plan(article, model=version) for article in batch]
            for plan, is_new, has_vectors in await self._store_plans(plans):
                unchanged += plan.unchanged
                added += is_new and not plan.unchanged
                updated += not is_new and not plan.unchanged
                passages += len(plan.passages)
                bare += not has_vectors and not plan.unchanged
            if progress is not None:
                progress(done, len(articles))
        if added or updated:
            await self._changed(added + updated)
        return KnowledgeReport(
            added=added,
            updated=updated,
            unchanged=unchanged,
            passages=passages,
            without_vectors=bare,
            rejected=tuple(row for row in rows if isinstance(row, RejectedRow)),
        )

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
        self._version = ""  # the engine may have come back with another encoder
        version = await self._encoder_version()
        if not version:
            return
        found = 0
        for _, batch in _batches(await self._store.outdated(version)):
            plans = []
            for doc_id in batch:
                with suppress(NotFoundError):  # deleted meanwhile
                    plans.append(await self._index.plan(await self._store.get(doc_id), model=version))
            await self._store_plans(plans, refresh=True)
            found += sum(bool(plan.passages) for plan in plans)
        if found:
            await self._changed(found)

    async def _changed(self, articles: int) -> None:
        """Suggestions rest on the knowledge as it was: they are written anew."""
        await self._tickets.forget_suggestions()
        self._events.publish(KnowledgeChanged(articles=articles))

    async def _encoder_version(self) -> str:
        """Version of the encoder, waiting for it to load; "" where there is none."""
        if not self._version:
            with suppress(EngineError):
                await self._engine.embed(["?"], kind=TextKind.QUERY)
                statuses = await self._engine.status()
                self._version = next(one.version for one in statuses if one.name == "encoder")
        return self._version

    async def _store_plans(
        self, plans: Sequence[IndexPlan], *, refresh: bool = False
    ) -> Sequence[tuple[IndexPlan, bool, bool]]:
        """Store plans with vectors, or without where the engine gives none; (plan, is new, has vectors) each."""
        texts = [text for plan in plans for text in plan.passage_texts]
        questions = [question for plan in plans for question in plan.questions]
        try:
            passage_vectors = iter(await self._engine.embed(texts, kind=TextKind.PASSAGE))
            question_vectors = iter(await self._engine.embed(questions, kind=TextKind.QUERY))
        except EngineError:
            return [(plan, await self._index.store(plan, refresh=refresh), False) for plan in plans]
        results = []
        for plan in plans:
            is_new = await self._index.store(
                plan,
                passage_vectors=_take(passage_vectors, len(plan.passages)),
                question_vectors=_take(question_vectors, len(plan.questions)),
                refresh=refresh,
            )
            results.append((plan, is_new, True))
        return results


def _wakes(event: DomainEvent) -> bool:
    match event:
        case EngineStateChanged(model="encoder", state=EngineState.READY) | ArticleChanged():
            return True
        case _:
            return False


def _take(vectors: Iterator[bytes], count: int) -> Sequence[bytes]:
    return [next(vectors) for _ in range(count)]


def _batches(items: Sequence[T]) -> Iterable[tuple[int, Sequence[T]]]:
    """Slices of `BATCH` with the number of items up to their end."""
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        yield start + len(batch), batch
