"""The composition root: builds the application from its rooms, starts and closes it."""

import asyncio
from pathlib import Path

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.tickets import TicketQuery
from agent_assist.engine.api import Engine
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.engine.registry import ModelRegistry, default_models_dir
from agent_assist.pictures import PictureReader
from agent_assist.services.article_profiles import ArticleProfileService
from agent_assist.services.articles import (
    ArticleDraftService,
    ArticleService,
    CitationService,
    ConflictService,
    ExpiryService,
    TicketArticleService,
)
from agent_assist.services.attachments import AttachmentService
from agent_assist.services.canned import CannedReplyService
from agent_assist.services.clock import ResponseClock
from agent_assist.services.customers import CustomerService, LookupService
from agent_assist.services.events import EventBus
from agent_assist.services.feedback import FeedbackService
from agent_assist.services.gaps import GapService
from agent_assist.services.indexing import IndexingService
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.services.learning import LearningService
from agent_assist.services.models import ModelService
from agent_assist.services.prefetch import PrefetchService
from agent_assist.services.product_names import ProductNameService
from agent_assist.services.reading import ReadingService
from agent_assist.services.recommendation import RecommendationService
from agent_assist.services.replies import ReplyCheckService
from agent_assist.services.rewriting import RewriteService
from agent_assist.services.samples import SampleService
from agent_assist.services.self_test import SelfTestService
from agent_assist.services.similar import SimilarService
from agent_assist.services.slots import PreviewService
from agent_assist.services.small_models import Ways
from agent_assist.services.solved.encoder import QuestionEncoder
from agent_assist.services.suggestions import Candidates, Suggester, SuggestionService
from agent_assist.services.summaries import SummaryService
from agent_assist.services.tickets import TicketService
from agent_assist.services.triage import TriageService
from agent_assist.settings import Settings
from agent_assist.storage.articles.canned import CannedStore
from agent_assist.storage.articles.conflicts import ConflictStore
from agent_assist.storage.articles.drafts import ArticleDraftStore
from agent_assist.storage.articles.profiles import ArticleProfileStore
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.attachments import AttachmentStore
from agent_assist.storage.customers import CustomerStore
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.gaps import GapStore
from agent_assist.storage.indexing import IndexingStore
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.lessons import LessonStore
from agent_assist.storage.moves import MoveStore
from agent_assist.storage.offers import OfferStore
from agent_assist.storage.profile import Profile, default_directory
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.solved import SolvedStore
from agent_assist.storage.sources import SourceStore
from agent_assist.storage.summaries import SummaryStore
from agent_assist.storage.tickets import TicketStore

SAMPLE_PROFILE = "sample-shop"


def sample_profile_dir() -> Path:
    """Where the sample shop lives, apart from the user's own profile."""
    return default_directory() / SAMPLE_PROFILE


class App:
    """The services over one profile and one engine."""

    def __init__(self, profile: Profile, engine: Engine, registry: ModelRegistry) -> None:
        self._profile = profile
        self._engine = engine
        self._problems: dict[str, str] = {}
        self._reply_settled = asyncio.Event()
        self.profile_dir: Path = profile.directory
        self.settings: Settings = profile.settings
        self.events = EventBus()
        engine.on_state(self._on_engine_state)

        database = profile.database
        tickets, log, shop = TicketStore(database), FeedbackLog(database), ShopStore(database)
        self.reading = ReadingService(tickets=tickets, engine=engine, events=self.events)
        self.learning = LearningService(
            lessons=LessonStore(database), reading=self.reading, engine=engine, events=self.events
        )
        attachments = AttachmentStore(database)
        self.clock = ResponseClock(self.settings)
        self.tickets = TicketService(
            tickets=tickets,
            attachments=attachments,
            shop=shop,
            log=log,
            reading=self.reading,
            clock=self.clock,
            settings=self.settings,
            events=self.events,
        )
        self.triage = TriageService(
            tickets=tickets,
            moves=MoveStore(database),
            clock=self.clock,
            settings=self.settings,
            events=self.events,
        )
        self.attachments = AttachmentService(store=attachments, reader=PictureReader())
        self.customers = CustomerService(customers=CustomerStore(database))
        self.lookup = LookupService(shop=shop)
        self.indexing = IndexingService(
            folder=profile.directory,
            store=KnowledgeStore(database),
            sources=SourceStore(database),
            shared=IndexingStore(database),
            tickets=tickets,
            engine=engine,
            events=self.events,
        )
        self.article_profiles = ArticleProfileService(
            store=ArticleProfileStore(database), engine=engine, events=self.events
        )
        self.knowledge = KnowledgeService(
            store=KnowledgeStore(database),
            indexing=self.indexing,
            profiles=self.article_profiles,
            engine=engine,
            events=self.events,
        )
        articles = ArticleStore(database)
        self.articles = ArticleService(store=articles, settings=self.settings, events=self.events)
        self.article_drafts = ArticleDraftService(ArticleDraftStore(database))
        self.citations = CitationService(log)
        self.expiry = ExpiryService(store=articles, tickets=tickets, settings=self.settings, events=self.events)
        self.conflicts = ConflictService(
            store=ConflictStore(database), knowledge=self.knowledge, settings=self.settings
        )
        self.ticket_articles = TicketArticleService(
            articles=self.articles, tickets=tickets, shop=shop, settings=self.settings
        )
        self.previews = PreviewService(tickets=tickets, shop=shop, settings=self.settings)
        self.canned = CannedReplyService(
            canned=CannedStore(database), tickets=tickets, shop=shop, settings=self.settings
        )
        self.recommendation = RecommendationService(
            offers=OfferStore(database), shop=shop, tickets=tickets, engine=engine, events=self.events
        )
        solved = SolvedStore(database)
        encoder = QuestionEncoder(store=solved, engine=engine, events=self.events)
        self.similar = SimilarService(solved=solved, encoder=encoder, settings=self.settings, events=self.events)
        self.gaps = GapService(
            gaps=GapStore(database),
            solved=solved,
            tickets=tickets,
            knowledge=self.knowledge,
            encoder=encoder,
            settings=self.settings,
        )
        product_names = ProductNameService(OfferStore(database))
        self.suggester = Suggester(
            engine=engine,
            knowledge=self.knowledge,
            recommendation=self.recommendation,
            shop=shop,
            product_names=product_names,
            settings=self.settings,
        )
        self.candidates = Candidates(engine=engine, suggester=self.suggester)
        self.suggestions = SuggestionService(
            tickets=tickets,
            reading=self.reading,
            suggester=self.suggester,
            candidates=self.candidates,
            when_unanswered=self.gaps.unanswered,
        )
        self.prefetch = PrefetchService(
            tickets=tickets,
            suggestions=self.suggestions,
            clock=self.clock,
            settings=self.settings,
            events=self.events,
        )
        self.reply_checks = ReplyCheckService(
            tickets=tickets, shop=shop, product_names=product_names, settings=self.settings
        )
        ways = Ways(knowledge=self.knowledge, settings=self.settings)
        self.rewriting = RewriteService(engine=engine, reply_checks=self.reply_checks, ways=ways)
        self.summaries = SummaryService(engine=engine, tickets=tickets, summaries=SummaryStore(database), ways=ways)
        self.feedback = FeedbackService(
            tickets=tickets, log=log, settings=self.settings, events=self.events, product_names=product_names
        )
        self.models = ModelService(registry=registry, engine=engine)
        self.self_test = SelfTestService(registry=registry, engine=engine)
        self.samples = SampleService(tickets=self.tickets, knowledge=self.knowledge)

    async def start(self, *, background: bool = True) -> None:
        """Start the engine behind the caller's back and, with `background`, all work ahead of the agent."""
        await self._engine.start()
        await self.learning.start(background=background)
        if background:
            self.triage.start()
            self.reading.start()
            self.knowledge.start()
            self.article_profiles.start()
            self.indexing.start()
            self.expiry.start()
            self.recommendation.start()
            self.similar.start()
            self.prefetch.start()

    async def close(self) -> None:
        """Stop the background work, the engine, and the database, in this order."""
        await self.triage.close()
        await self.expiry.close()
        await self.prefetch.close()
        await self.learning.close()
        await self.reading.close()
        await self.similar.close()
        await self.article_profiles.close()
        await self.knowledge.close()
        await self.recommendation.close()
        await self.indexing.close()
        await self.attachments.close()
        await self._engine.close()
        await self._profile.close()

    async def warm_up(self) -> None:
        """Wait until the encoder answers and the reply model has loaded or failed. Raises `EngineError`."""
        await self._engine.embed(["ready?"], kind=TextKind.QUERY, priority=Priority.OPEN_TICKET)
        await self._reply_settled.wait()

    async def engine_problem(self) -> str:
        """Why the engine gives no answer, in a sentence that says what to do."""
        told = next((problem for problem in self._problems.values() if problem), "")
        return told or "The engine gives no answer; `agent-assist doctor` says more."

    async def count_tickets(self) -> int:
        """Tickets in the profile."""
        return await self.tickets.count(TicketQuery())

    def _on_engine_state(self, change: EngineStateChanged) -> None:
        if change.model == "reply" and change.state in {EngineState.READY, EngineState.FAILED}:
            self._reply_settled.set()
        failed = change.state in {EngineState.FAILED, EngineState.RESTARTING}
        if change.model != "reranker":  # all goes on without one
            self._problems[change.model] = change.detail if failed else ""
        self.events.publish(change)


async def open_app(
    profile_dir: Path | None = None, *, passphrase: str | None = None, engine: Engine | None = None
) -> App:
    """Open the profile and build the services; nothing runs before `App.start`.

    `engine` replaces the child process, for tests. Raises `ProfileError` where the profile cannot be opened.
    """
    profile = await Profile.open(profile_dir, passphrase=passphrase)
    registry = ModelRegistry(default_models_dir())
    if engine is None:
        settings = profile.settings  # asked before each start of the engine
        engine = local_engine(registry.models_dir, placed=lambda: (settings.engine.device, settings.engine.gpu_layers))
    return App(profile, engine, registry)
