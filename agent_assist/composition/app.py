"""The services over one profile and one engine: made when they are first asked for, started and closed in order."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.domain.events import OPTIONAL_MODELS, EngineState, EngineStateChanged
from agent_assist.domain.tickets import TicketQuery
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.engine.registry import ModelRegistry, default_models_dir
from agent_assist.late import Late, load, parts
from agent_assist.services.events import EventBus
from agent_assist.storage.profile import Profile, default_directory

if TYPE_CHECKING:
    from agent_assist.engine.api import Engine
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
    from agent_assist.services.feedback import FeedbackService
    from agent_assist.services.gaps import GapService
    from agent_assist.services.importing import Importer
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
    from agent_assist.storage.database import Database
    from agent_assist.storage.solved import SolvedStore

SAMPLE_PROFILE = "sample-shop"

# They hear what the engine tells of itself once, so they are there before it starts.
LISTENING = ("learning", "knowledge", "similar")
BACKGROUND = (
    *("triage", "reading", "knowledge", "article_profiles", "indexing"),
    *("expiry", "recommendation", "similar", "prefetch"),
)
CLOSING = (
    *("triage", "expiry", "prefetch", "learning", "reading", "similar", "article_profiles"),
    *("knowledge", "recommendation", "indexing", "attachments"),
)
# What takes longest to import, in portions during which a window does not seem to stand still; all but rjieba, whose
# dictionary keeps it waiting once wherever it is loaded: here nobody works yet.
PORTIONS = (
    *("charset_normalizer", "snowballstemmer", "opencc", "nh3", "selectolax.lexbor", "email.utils"),
    *("agent_assist.domain.patterns", "agent_assist.domain.facts", "agent_assist.privacy.masking"),
    *("agent_assist.files.table", "agent_assist.storage.knowledge", "agent_assist.storage.solved"),
    *("agent_assist.knowledge", "agent_assist.knowledge.from_ticket", "agent_assist.knowledge.conflicts.judge"),
    *("agent_assist.services.indexing", "agent_assist.services.knowledge", "agent_assist.services.articles"),
    *("agent_assist.suggestion.guard.claims", "agent_assist.suggestion.fact_guard"),
    *("agent_assist.recommendation.wishes.model", "agent_assist.recommendation", "agent_assist.services.suggestions"),
    "rjieba",
)


def sample_profile_dir() -> Path:
    """Where the sample shop lives, apart from the user's own profile."""
    return default_directory() / SAMPLE_PROFILE


class App:
    """The services over one profile and one engine.

    The functions that make them stand beside this module, by what they are about.
    """

    # the list of tickets
    reading: Late[ReadingService] = Late("agent_assist.composition.inbox:reading")
    clock: Late[ResponseClock] = Late("agent_assist.composition.inbox:clock")
    tickets: Late[TicketService] = Late("agent_assist.composition.inbox:tickets")
    triage: Late[TriageService] = Late("agent_assist.composition.inbox:triage")
    importer: Late[Importer] = Late("agent_assist.composition.importing:importer")
    # a ticket that is open
    attachments: Late[AttachmentService] = Late("agent_assist.composition.conversation:attachments")
    customers: Late[CustomerService] = Late("agent_assist.composition.conversation:customers")
    lookup: Late[LookupService] = Late("agent_assist.composition.conversation:lookup")
    feedback: Late[FeedbackService] = Late("agent_assist.composition.conversation:feedback")
    canned: Late[CannedReplyService] = Late("agent_assist.composition.conversation:canned")
    product_names: Late[ProductNameService] = Late("agent_assist.composition.conversation:product_names")
    reply_checks: Late[ReplyCheckService] = Late("agent_assist.composition.conversation:reply_checks")
    # the shop's knowledge
    indexing: Late[IndexingService] = Late("agent_assist.composition.knowledge:indexing")
    article_profiles: Late[ArticleProfileService] = Late("agent_assist.composition.knowledge:article_profiles")
    knowledge: Late[KnowledgeService] = Late("agent_assist.composition.knowledge:knowledge")
    samples: Late[SampleService] = Late("agent_assist.composition.knowledge:samples")
    articles: Late[ArticleService] = Late("agent_assist.composition.articles:articles")
    article_drafts: Late[ArticleDraftService] = Late("agent_assist.composition.articles:article_drafts")
    citations: Late[CitationService] = Late("agent_assist.composition.articles:citations")
    expiry: Late[ExpiryService] = Late("agent_assist.composition.articles:expiry")
    conflicts: Late[ConflictService] = Late("agent_assist.composition.articles:conflicts")
    ticket_articles: Late[TicketArticleService] = Late("agent_assist.composition.articles:ticket_articles")
    previews: Late[PreviewService] = Late("agent_assist.composition.articles:previews")
    # solved tickets, and questions that nothing answers
    solved_store: Late[SolvedStore] = Late("agent_assist.composition.solved:solved_store")
    question_encoder: Late[QuestionEncoder] = Late("agent_assist.composition.solved:question_encoder")
    similar: Late[SimilarService] = Late("agent_assist.composition.solved:similar")
    gaps: Late[GapService] = Late("agent_assist.composition.solved:gaps")
    # what the models write
    recommendation: Late[RecommendationService] = Late("agent_assist.composition.suggesting:recommendation")
    suggester: Late[Suggester] = Late("agent_assist.composition.suggesting:suggester")
    candidates: Late[Candidates] = Late("agent_assist.composition.suggesting:candidates")
    suggestions: Late[SuggestionService] = Late("agent_assist.composition.suggesting:suggestions")
    prefetch: Late[PrefetchService] = Late("agent_assist.composition.suggesting:prefetch")
    ways: Late[Ways] = Late("agent_assist.composition.wording:ways")
    rewriting: Late[RewriteService] = Late("agent_assist.composition.wording:rewriting")
    summaries: Late[SummaryService] = Late("agent_assist.composition.wording:summaries")
    # the models themselves
    learning: Late[LearningService] = Late("agent_assist.composition.models:learning")
    models: Late[ModelService] = Late("agent_assist.composition.models:models")
    self_test: Late[SelfTestService] = Late("agent_assist.composition.models:self_test")

    def __init__(self, profile: Profile, engine: Engine, registry: ModelRegistry) -> None:
        self._profile = profile
        self.engine = engine
        self.registry = registry
        self._problems: dict[str, str] = {}
        self._reply_settled = asyncio.Event()
        self.profile_dir: Path = profile.directory
        self.settings: Settings = profile.settings
        self.events = EventBus()
        engine.on_state(self._on_engine_state)

    @property
    def database(self) -> Database:
        """The profile's database, for the functions that make the services."""
        return self._profile.database

    async def load(self) -> None:
        """Make what was not asked for yet, in small portions."""
        await load(PORTIONS)
        for name in parts(App):
            getattr(self, name)
            await asyncio.sleep(0)

    async def start(self, *, background: bool = True) -> None:
        """Start the engine behind the caller's back and, with `background`, all work ahead of the agent."""
        for name in LISTENING:
            getattr(self, name)
        await self.engine.start()
        await self.learning.start(background=background)
        if background:
            for name in BACKGROUND:
                getattr(self, name).start()

    async def close(self) -> None:
        """Stop the background work, the engine, and the database, in this order."""
        late = parts(App)
        for name in CLOSING:
            if (service := late[name].made(self)) is not None:
                await service.close()
        await self.engine.close()
        await self._profile.close()

    async def warm_up(self) -> None:
        """Wait until the encoder answers and the reply model has loaded or failed. Raises `EngineError`."""
        await self.engine.embed(["ready?"], kind=TextKind.QUERY, priority=Priority.OPEN_TICKET)
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
        if change.model not in OPTIONAL_MODELS:
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
