"""Points out articles that say the same twice, or different things about the same question."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agent_assist.domain.article_versions import VersionCause
from agent_assist.domain.conflicts import Conflict, ConflictKind
from agent_assist.domain.knowledge import SearchFilter
from agent_assist.knowledge.conflicts.finder import NEIGHBOURS, Finder
from agent_assist.knowledge.conflicts.pairs import Comparer, meet
from agent_assist.services.knowledge import KnowledgeService, Progress
from agent_assist.services.people import agent_name
from agent_assist.settings import Settings
from agent_assist.storage.articles.conflicts import ConflictStore, StoredArticle
from agent_assist.storage.articles.store import Change

# Articles that are remembered as compared together, and how long the event loop is kept at a time.
BATCH = 50
SLICE_S = 0.02


class ConflictService:
    """Conflicts are looked for when they are asked for, among the articles that changed since."""

    def __init__(
        self,
        *,
        store: ConflictStore,
        knowledge: KnowledgeService,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._settings = settings
        self._now = now
        self._lock = asyncio.Lock()

    async def conflicts(
        self, *, progress: Progress | None = None, include_dismissed: bool = False
    ) -> tuple[Conflict, ...]:
        """What is the matter between articles in force, contradictions first.

        Not counted are articles for different products, or that never hold at the same time. `progress(done, total)`
        counts the articles that changed since the last time; the first time takes some seconds a thousand.
        """
        async with self._lock:
            await self._compare_changed(progress)
        found = [
            one.conflict
            for one in await self._store.found()
            if (include_dismissed or not one.conflict.dismissed) and meet(one.one, one.other, self._now())
        ]
        return tuple(sorted(found, key=lambda one: one.kind is ConflictKind.DUPLICATE))

    async def dismiss(self, one: str, other: str, *, note: str = "") -> None:
        """Say that two articles are no conflict; remembered until one of them says something else.

        Raises `NotFoundError` where no conflict is known between them.
        """
        change = Change(at=self._now(), author=agent_name(self._settings), cause=VersionCause.REVIEW, note=note.strip())
        await self._store.dismiss(one, other, change)

    async def recall(self, one: str, other: str) -> bool:
        """Take a dismissal back; False where there was none."""
        return await self._store.recall(one, other)

    async def _compare_changed(self, progress: Progress | None) -> None:
        changed = await self._store.unchecked()
        if not changed:
            return
        breath = _Breath()
        finder, comparer = Finder(), Comparer()
        for what in ("passage", "question"):
            for _ in finder.fill(what, await self._store.vectors(what)):
                await breath.pause()
        for start in range(0, len(changed), BATCH):
            articles = await self._store.load(changed[start : start + BATCH])
            pairs: dict[tuple[str, str], bool] = {}
            for doc_id, article in articles.items():
                near = dict.fromkeys(await self._near_without_vectors(article), False)
                near |= finder.near(article) | dict.fromkeys(await self._store.partners(doc_id), True)
                for other, questions in near.items():
                    pair = min(doc_id, other), max(doc_id, other)
                    pairs[pair] = pairs.get(pair, False) or questions
                await breath.pause()
            await self._compare(comparer, articles, pairs, breath)
            if progress is not None:
                progress(min(start + BATCH, len(changed)), len(changed))

    async def _compare(
        self,
        comparer: Comparer,
        articles: Mapping[str, StoredArticle],
        pairs: Mapping[tuple[str, str], bool],
        breath: "_Breath",
    ) -> None:
        others = await self._store.load(sorted({doc_id for pair in pairs for doc_id in pair} - set(articles)))
        known = {**articles, **others}
        found = []
        for (one, other), near_questions in sorted(pairs.items()):
            if one in known and other in known:
                conflict = comparer.compare(known[one], known[other], near_questions=near_questions)
                found += [(conflict, known[one], known[other])] if conflict else []
                await breath.pause()
        await self._store.keep(list(articles.values()), found)

    async def _near_without_vectors(self, stored: StoredArticle) -> set[str]:
        """By shared words, for articles that the encoder has not seen yet."""
        if any(one.vector for one in stored.passages):
            return set()
        article = stored.article
        wanted = SearchFilter(language=article.language, include_internal=True)
        hits = await self._knowledge.search_vector(article.question or article.title, b"", k=NEIGHBOURS, wanted=wanted)
        return {hit.passage.doc_id for hit in hits} - {article.doc_id}


class _Breath:
    """Lets others use the event loop now and then."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def pause(self) -> None:
        """Give way where it is time to."""
        if time.perf_counter() - self._since > SLICE_S:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
