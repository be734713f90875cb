"""The shop's knowledge: read in, searched, and the sample shop that brings some."""

from typing import TYPE_CHECKING

from agent_assist.services.article_profiles import ArticleProfileService
from agent_assist.services.indexing import IndexingService
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.services.samples import SampleService
from agent_assist.storage.articles.profiles import ArticleProfileStore
from agent_assist.storage.indexing import IndexingStore
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.sources import SourceStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def indexing(app: "App") -> IndexingService:
    """Files become articles."""
    return IndexingService(
        folder=app.profile_dir,
        store=KnowledgeStore(app.database),
        sources=SourceStore(app.database),
        shared=IndexingStore(app.database),
        tickets=TicketStore(app.database),
        engine=app.engine,
        events=app.events,
    )


def article_profiles(app: "App") -> ArticleProfileService:
    """What the questions of articles want."""
    return ArticleProfileService(store=ArticleProfileStore(app.database), engine=app.engine, events=app.events)


def knowledge(app: "App") -> KnowledgeService:
    """Search in what is known."""
    return KnowledgeService(
        store=KnowledgeStore(app.database),
        indexing=app.indexing,
        profiles=app.article_profiles,
        engine=app.engine,
        events=app.events,
        settings=app.settings,
    )


def samples(app: "App") -> SampleService:
    """The sample shop."""
    return SampleService(tickets=app.tickets, knowledge=app.knowledge)
