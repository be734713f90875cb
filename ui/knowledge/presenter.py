"""The knowledge screen: ties list, article, editor, sources and trial search together. No Qt."""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from agent_assist.domain.events import ArticleChanged, DomainEvent, KnowledgeChanged, SourceChanged
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.domain.sources import IndexingProgress
from ui.knowledge.acts import Acts
from ui.knowledge.article.presenter import ArticlePresenter, Span
from ui.knowledge.catalogue.presenter import CataloguePresenter
from ui.knowledge.conflicts.presenter import ConflictsPresenter
from ui.knowledge.editor.presenter import EditorPresenter
from ui.knowledge.gaps.presenter import GapsPresenter
from ui.knowledge.sources.presenter import SourcesPresenter
from ui.knowledge.trial.presenter import TrialPresenter
from ui.observable import Changes
from ui.ports import Services
from ui.tasks import Tasks

THRESHOLD = "suggestion.minimum_relevance"


class Room(StrEnum):
    """A part of the screen."""

    ARTICLES = "articles"
    CONFLICTS = "conflicts"
    GAPS = "gaps"
    SOURCES = "sources"
    TRIAL = "trial"


class KnowledgePresenter:
    """Nothing is read before the screen is shown. `entered` tells of another room."""

    def __init__(
        self, services: Services, tasks: Tasks, *, ticket: Callable[[], str], refresh_pause: float = 0.3
    ) -> None:
        """`ticket` names the open ticket, "" for none."""
        articles = services.articles
        self._services = services
        self._scope = tasks.scope()
        self._refresh_pause = refresh_pause
        self.active = False
        self.room = Room.ARTICLES
        self.acts = Acts(articles, tasks.scope())
        self.catalogue = CataloguePresenter(articles, services.expiry, tasks.scope())
        self.article = ArticlePresenter(articles, services.citations, tasks.scope())
        self.editor = EditorPresenter(
            articles=articles,
            drafts=services.article_drafts,
            previews=services.previews,
            acts=self.acts,
            scope=tasks.scope(),
            ticket=ticket,
        )
        self.conflicts = ConflictsPresenter(services.conflicts, tasks.scope())
        self.gaps = GapsPresenter(services.gaps, tasks.scope(), write=self.create)
        self.sources = SourcesPresenter(services.indexing, tasks.scope())
        self.trial = TrialPresenter(
            services.knowledge, tasks.scope(), threshold=lambda: float(services.settings.text(THRESHOLD))
        )
        self.entered = Changes()
        self.catalogue.selected.subscribe(self._selected)
        self.editor.saved.subscribe(self._saved)
        self.editor.opened.subscribe(self._pin)

    # coming and going

    def activate(self) -> None:
        """The screen is shown: read what it shows."""
        self.active = True
        self.catalogue.load()
        self.sources.load()
        self.article.reload()
        self.editor.load_drafts()
        self.editor.preview()

    def deactivate(self) -> None:
        """Another screen is shown."""
        self.active = False
        self.editor.keep()

    def enter(self, room: Room) -> None:
        """Show another part of the screen."""
        if room is Room.CONFLICTS:
            self.conflicts.load()
        elif room is Room.GAPS:
            self.gaps.load()
        if room is not self.room:
            self.room = room
            self.entered.notify()

    def step(self, by: int) -> None:
        """Show the part `by` further on."""
        rooms = list(Room)
        self.enter(rooms[(rooms.index(self.room) + by) % len(rooms)])

    async def finish(self) -> None:
        """Store what is unsaved."""
        await self.editor.finish()

    # articles

    def open(self, doc_id: str, span: Span | None = None) -> None:
        """Show an article, wherever it stands, with a passage of it marked."""
        self.editor.leave()
        self.enter(Room.ARTICLES)
        self.catalogue.select(doc_id)
        self.article.open(doc_id, span)

    def edit(self) -> None:
        """Edit the article that is shown."""
        version = self.article.version
        if version is not None and not version.deleted and self.room is Room.ARTICLES and not self.editor.open:
            self.editor.edit(version)

    def create(self, article: Article | None = None, *, language: Language = Language.EN) -> None:
        """Write a new article."""
        self.enter(Room.ARTICLES)
        self.editor.create(article, language=language)

    def create_from_ticket(self, ticket_id: str) -> None:
        """Write an article from what an agent answered, without personal data."""

        async def work() -> None:
            self.create(await self._services.ticket_articles.compose(ticket_id))

        self._scope.start("compose", work)

    def review(self, rows: list[int], status: ArticleStatus) -> None:
        """Approve, block or send back what is selected, else the article that is shown."""
        self._with_selected(rows, lambda ids: self.acts.review(ids, status))

    def delete(self, rows: list[int]) -> None:
        """Take out what is selected, else the article that is shown."""
        self._with_selected(rows, self.acts.delete)

    # what happens elsewhere

    def handle(self, event: DomainEvent) -> None:
        """React to what happened."""
        match event:
            case ArticleChanged() | KnowledgeChanged() if self.active:
                self._refresh_soon()
            case SourceChanged() if self.active:
                self.sources.load()
            case IndexingProgress():
                self.sources.told(event)

    def _with_selected(self, rows: list[int], act: Callable[[list[str]], None]) -> None:
        if self.room is not Room.ARTICLES or self.editor.open:
            return

        async def work() -> None:
            shown = self.article.doc_id
            ids = await self.catalogue.ids(rows) if rows else [shown] if shown else []
            act(ids)

        self._scope.start("select", work)

    def _selected(self) -> None:
        self.editor.leave()
        self.article.open(self.catalogue.selected_id)

    def _pin(self) -> None:
        self.catalogue.pinned = self.editor.open

    def _saved(self) -> None:
        self.catalogue.select(self.editor.saved_id)
        self.article.open(self.editor.saved_id)
        self.article.reload()

    def _refresh_soon(self) -> None:
        async def work() -> None:
            await asyncio.sleep(self._refresh_pause)
            self.catalogue.load()
            self.article.reload()

        self._scope.restart("refresh", work)
