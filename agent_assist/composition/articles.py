"""Articles as people write them: versions, drafts, review, conflicts."""

from typing import TYPE_CHECKING

from agent_assist.services.articles import (
    ArticleDraftService,
    ArticleService,
    CitationService,
    ConflictService,
    ExpiryService,
    TicketArticleService,
)
from agent_assist.services.slots import PreviewService
from agent_assist.storage.articles.conflicts import ConflictStore
from agent_assist.storage.articles.drafts import ArticleDraftStore
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def articles(app: "App") -> ArticleService:
    """Articles and their versions."""
    return ArticleService(store=ArticleStore(app.database), settings=app.settings, events=app.events)


def article_drafts(app: "App") -> ArticleDraftService:
    """What was typed and not saved yet."""
    return ArticleDraftService(ArticleDraftStore(app.database))


def citations(app: "App") -> CitationService:
    """Which replies rest on an article."""
    return CitationService(FeedbackLog(app.database))


def expiry(app: "App") -> ExpiryService:
    """Articles whose time is over."""
    return ExpiryService(
        store=ArticleStore(app.database),
        tickets=TicketStore(app.database),
        settings=app.settings,
        events=app.events,
    )


def conflicts(app: "App") -> ConflictService:
    """Articles that say different things."""
    return ConflictService(store=ConflictStore(app.database), knowledge=app.knowledge, settings=app.settings)


def ticket_articles(app: "App") -> TicketArticleService:
    """Articles out of what agents answered."""
    return TicketArticleService(
        articles=app.articles,
        tickets=TicketStore(app.database),
        shop=ShopStore(app.database),
        settings=app.settings,
    )


def previews(app: "App") -> PreviewService:
    """An article with its slots filled from a ticket."""
    return PreviewService(tickets=TicketStore(app.database), shop=ShopStore(app.database), settings=app.settings)
