"""Which articles cease to hold: told in time, and what rested on them withdrawn when they do."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent_assist.domain.article_versions import ArticleQuery, ArticleRow
from agent_assist.domain.events import ArticlesExpiring, KnowledgeChanged
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.services.background import Lifelong
from agent_assist.services.events import EventBus
from agent_assist.settings import Settings
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.tickets import TicketStore

log = logging.getLogger(__name__)

# Also looked at this often, since articles are edited and clocks are set.
LONGEST_PAUSE_S = 3600.0


class ExpiryService:
    """Lists approved articles whose time ends, and watches the clock for the window."""

    def __init__(
        self,
        *,
        store: ArticleStore,
        tickets: TicketStore,
        settings: Settings,
        events: EventBus,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._tickets = tickets
        self._settings = settings
        self._events = events
        self._now = now
        self._checked: datetime | None = None
        self._life = Lifelong("expiry", self._watch)

    def horizon(self) -> datetime:
        """Until when an end counts as soon, as the setting says."""
        return self._now() + timedelta(days=self._settings.knowledge.expiry_days)

    async def expiring(self, *, days: int | None = None) -> list[ArticleRow]:
        """Articles that hold and cease to within `days` (None: as the setting says), the first to end first."""
        now = self._now()
        days = self._settings.knowledge.expiry_days if days is None else days
        return [row for row in await self._ending(now + timedelta(days=days)) if not _is_over(row, now)]

    async def expired(self) -> list[ArticleRow]:
        """Articles whose time is over, the last to end first."""
        return (await self._ending(self._now()))[::-1]

    async def check(self) -> None:
        """Tell how many end, and withdraw suggestions where one began or ceased to hold since the last check."""
        now = self._now()
        if self._checked is not None:
            limit = await self._store.next_limit(self._checked)
            if limit is not None and limit <= now:
                await self._tickets.forget_suggestions()
                self._events.publish(KnowledgeChanged(articles=1))
        self._checked = now
        expiring, expired = len(await self.expiring()), len(await self.expired())
        self._events.publish(ArticlesExpiring(expiring=expiring, expired=expired))

    def start(self) -> None:
        """Check now and at every limit to come; a second call does nothing."""
        self._life.start()

    async def close(self) -> None:
        """Stop watching."""
        await self._life.close()

    async def _watch(self) -> None:
        while True:
            try:
                await self.check()
                limit = await self._store.next_limit(self._now())
            except Exception:
                log.exception("the validity of articles could not be checked")
                limit = None
            until_limit = LONGEST_PAUSE_S if limit is None else (limit - self._now()).total_seconds()
            await asyncio.sleep(min(LONGEST_PAUSE_S, max(0.05, until_limit)))

    async def _ending(self, before: datetime) -> list[ArticleRow]:
        rows = await self._store.page(ArticleQuery(status=ArticleStatus.APPROVED, expires_before=before))
        return sorted(rows, key=_end)


def _end(row: ArticleRow) -> datetime:
    assert row.article.valid_until is not None
    return row.article.valid_until


def _is_over(row: ArticleRow, now: datetime) -> bool:
    return _end(row) <= now
