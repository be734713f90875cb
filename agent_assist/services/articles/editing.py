"""Articles are written, changed, reviewed, deleted and taken back; every version stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from agent_assist.domain.article_versions import (
    ArticleDiff,
    ArticleQuery,
    ArticleRow,
    ArticleVersion,
    FieldDiff,
    Problem,
    VersionCause,
)
from agent_assist.domain.events import ArticleChanged, KnowledgeChanged
from agent_assist.domain.ids import new_id
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.knowledge import without_vectors
from agent_assist.knowledge.checks import find_problems, refuse_unusable, tidied
from agent_assist.knowledge.comparing import compare, compare_fields
from agent_assist.services.events import EventBus
from agent_assist.services.people import agent_name
from agent_assist.settings import Settings
from agent_assist.storage.articles.store import ArticleStore, Change


class ArticleService:
    """The articles as people manage them.

    What is saved is durable and found by its words when the call returns; vectors of new texts follow as soon as the
    encoder is there (`KnowledgeService.embed_outdated`, which runs in the background of the window). `base` is the
    number of the version that was worked on: where somebody saved in between, `ChangedMeanwhileError` says who and
    when, and nothing is stored. Without `base` the change goes over whatever is the newest.
    """

    def __init__(
        self,
        *,
        store: ArticleStore,
        settings: Settings,
        events: EventBus,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._settings = settings
        self._events = events
        self._now = now

    async def page(self, query: ArticleQuery, *, offset: int, limit: int) -> list[ArticleRow]:
        """Rows `offset` to `offset + limit` of the list, by title."""
        return await self._store.page(query, offset=offset, limit=limit)

    async def count(self, query: ArticleQuery) -> int:
        """Length of the list."""
        return await self._store.count(query)

    async def tags(self) -> list[str]:
        """All tags that articles carry, each once."""
        return await self._store.tags()

    async def deleted(self) -> list[ArticleVersion]:
        """The versions of the deletions that can be taken back, the last one first."""
        return await self._store.deleted()

    async def get(self, doc_id: str) -> ArticleVersion:
        """The newest version, also that of a deletion. Raises `NotFoundError`."""
        return await self._store.newest(doc_id)

    async def version(self, doc_id: str, number: int) -> ArticleVersion:
        """An older version. Raises `NotFoundError`."""
        return await self._store.version(doc_id, number)

    async def history(self, doc_id: str) -> list[ArticleVersion]:
        """All versions, newest first. Raises `NotFoundError`."""
        await self._store.newest(doc_id)
        return await self._store.history(doc_id)

    async def diff(self, doc_id: str, older: int, newer: int) -> ArticleDiff:
        """What differs between two versions. Raises `NotFoundError`."""
        return compare(await self._store.version(doc_id, older), await self._store.version(doc_id, newer))

    def differences(self, older: Article, newer: Article) -> tuple[FieldDiff, ...]:
        """What differs between two texts of an article that need not be stored."""
        return compare_fields(older, newer)

    def problems(self, article: Article) -> tuple[Problem, ...]:
        """What is the matter with an article as it would be saved: what keeps it from that, and unknown slots."""
        return find_problems(tidied(article))

    async def create(self, article: Article, *, note: str = "") -> ArticleVersion:
        """Add an article; an empty doc_id gets one. Raises `InputError` for one that cannot be kept or exists."""
        named = article if article.doc_id.strip() else replace(article, doc_id=f"doc-{new_id()}")
        return await self._save(named, VersionCause.EDIT, base=0, note=note)

    async def save(self, article: Article, *, base: int | None = None, note: str = "") -> ArticleVersion:
        """Put an edited article in place of the newest version; one that is unchanged makes no version.

        Raises `InputError` for an article that cannot be kept (see `problems`), `ChangedMeanwhileError`, and
        `NotFoundError` where there is no article of that id.
        """
        return await self._save(article, VersionCause.EDIT, base=await self._base(article.doc_id, base), note=note)

    async def review(
        self, doc_id: str, status: ArticleStatus, *, base: int | None = None, note: str = ""
    ) -> ArticleVersion:
        """Approve, block or send back to draft; the version says who did and when, also where the status was so."""
        last = await self._store.newest(doc_id)
        reviewed = replace(last.article, status=status)
        number = last.number if base is None else base
        return await self._save(reviewed, VersionCause.REVIEW, base=number, note=note)

    async def restore(self, doc_id: str, number: int, *, base: int | None = None, note: str = "") -> ArticleVersion:
        """Make version `number` the newest again, as a version of its own; also brings a deleted article back."""
        old = await self._store.version(doc_id, number)
        base = await self._base(doc_id, base)
        return await self._save(old.article, VersionCause.RESTORE, base=base, note=note or f"version {number}")

    async def delete(self, doc_id: str, *, base: int | None = None, note: str = "") -> ArticleVersion:
        """Take an article out of list and search; `restore` brings any version of it back."""
        base = await self._base(doc_id, base)
        return self._told(await self._store.delete(doc_id, self._change(VersionCause.DELETE, note), base=base))

    async def _base(self, doc_id: str, base: int | None) -> int:
        return (await self._store.newest(doc_id)).number if base is None else base

    async def _save(self, article: Article, cause: VersionCause, *, base: int, note: str) -> ArticleVersion:
        article = tidied(article)
        refuse_unusable(article)
        indexed = without_vectors(article)
        return self._told(await self._store.save(indexed, self._change(cause, note), base=base))

    def _change(self, cause: VersionCause, note: str) -> Change:
        return Change(at=self._now(), author=agent_name(self._settings), cause=cause, note=note.strip())

    def _told(self, version: ArticleVersion) -> ArticleVersion:
        self._events.publish(ArticleChanged(doc_id=version.doc_id, number=version.number))
        self._events.publish(KnowledgeChanged(articles=1))
        return version
