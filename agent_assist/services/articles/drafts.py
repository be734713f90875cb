"""Unsaved texts of articles, which survive a crash and the closing of the window."""

from collections.abc import Callable
from datetime import UTC, datetime

from agent_assist.domain.article_versions import ArticleDraft
from agent_assist.domain.knowledge import Article
from agent_assist.storage.articles.drafts import ArticleDraftStore


class ArticleDraftService:
    """One draft a key: the doc_id of the article that is edited, or an id of its own for a new one."""

    def __init__(self, store: ArticleDraftStore, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def keep(self, key: str, article: Article, *, base: int) -> None:
        """Keep `article` as it stands, over version `base` (0: new); it need not be fit to be saved."""
        await self._store.keep(key, article, base=base, at=self._now())

    async def forget(self, key: str) -> None:
        """The draft was saved or given up."""
        await self._store.forget(key)

    async def get(self, key: str) -> ArticleDraft | None:
        """The draft under `key`, None where there is none."""
        return await self._store.get(key)

    async def all(self) -> list[ArticleDraft]:
        """All drafts, the newest first."""
        return await self._store.all()
