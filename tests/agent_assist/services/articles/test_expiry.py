"""What ends soon is told, and what has ended is withdrawn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_assist.composition import App
from agent_assist.domain.events import ArticlesExpiring, DomainEvent, KnowledgeChanged
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.services.articles import ExpiryService
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore
from tests.agent_assist.services.articles.makers import article
from tests.helpers.shop import ticket_rows, write_rows

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


async def test_articles_that_end_are_listed_and_told(app: App, tmp_path: Path) -> None:
    for doc_id, days in (("over", -1), ("today", 1), ("next", 10), ("far", 20)):
        await app.articles.create(article(doc_id=doc_id, valid_until=NOON + timedelta(days=days)))
    draft = article(doc_id="draft", valid_until=NOON + timedelta(days=1), status=ArticleStatus.DRAFT)
    await app.articles.create(draft)
    await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", ticket_rows())])
    database = await Database.open(app.profile_dir / "profile.db")
    clock = Clock()
    tickets = TicketStore(database)
    expiry = ExpiryService(
        store=ArticleStore(database), tickets=tickets, settings=app.settings, events=app.events, now=clock
    )
    assert [row.article.doc_id for row in await expiry.expiring()] == ["today", "next"]
    assert [row.article.doc_id for row in await expiry.expiring(days=30)] == ["today", "next", "far"]
    assert [row.article.doc_id for row in await expiry.expired()] == ["over"]
    app.settings.set("knowledge.expiry_days", 1)
    told: list[DomainEvent] = []
    app.events.subscribe(told.append)
    await expiry.check()
    assert told == [ArticlesExpiring(expiring=1, expired=1)]
    await app.suggestions.finished("t-refund")
    clock.now += timedelta(hours=23)
    await expiry.check()
    assert (await app.tickets.open("t-refund")).suggestion is not None
    clock.now += timedelta(hours=1)
    await expiry.check()
    assert told[-2:] == [KnowledgeChanged(articles=1), ArticlesExpiring(expiring=0, expired=2)]
    assert (await app.tickets.open("t-refund")).suggestion is None
    await database.close()


async def test_the_window_is_told_at_its_start(app: App) -> None:
    now = datetime.now(UTC)
    await app.articles.create(article(valid_until=now + timedelta(days=3)))
    told: list[DomainEvent] = []
    app.events.subscribe(told.append)
    await app.start()
    while ArticlesExpiring(expiring=1, expired=0) not in told:
        await app.articles.deleted()
