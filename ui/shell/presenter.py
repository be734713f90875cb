"""The desk: ties list, conversation, composer and card together over one open ticket. No Qt."""

import asyncio
from pathlib import Path

from agent_assist.domain.attachments import Attachment
from agent_assist.domain.events import (
    ArticleChanged,
    DeadlinesChanged,
    DomainEvent,
    DraftsPrepared,
    EngineState,
    EngineStateChanged,
    KnowledgeChanged,
    OrdersChanged,
    TicketChanged,
    TicketsArrived,
    TicketsMoved,
    WorkProgress,
)
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.suggestion import NoneReason
from ui.attachments.presenter import AttachmentPresenter
from ui.card.presenter import CardPresenter
from ui.composer.presenter import ComposerPresenter, Phase
from ui.composer.renewal import Why
from ui.drafting.presenter import DraftingPresenter
from ui.inbox.presenter import InboxPresenter
from ui.log.presenter import LogPresenter
from ui.notes.presenter import NotePresenter
from ui.observable import Changes
from ui.ports import Services
from ui.shell.engine_status import EngineStatus
from ui.shell.history import History
from ui.shell.intake import Intake
from ui.side.presenter import SidePresenter
from ui.summary.presenter import SummaryPresenter
from ui.tasks import Tasks
from ui.thread.presenter import ThreadPresenter
from ui.translation.presenter import TranslationPresenter
from ui.triage.presenter import TriagePresenter


class DeskPresenter:
    """All presenters of the main screen.

    Background reading changes many tickets in a row; `refresh_pause` (seconds) after the first of them the list is
    loaded again, once for all.
    """

    def __init__(self, services: Services, tasks: Tasks, *, refresh_pause: float) -> None:
        self._services = services
        self._scope = tasks.scope()
        self._refresh_pause = refresh_pause
        self.status = EngineStatus()
        self.inbox = InboxPresenter(
            services.tickets, tasks.scope(), people=services.triage.people, tally_pause=3 * refresh_pause
        )
        self.thread = ThreadPresenter(services.tickets, services.feedback, tasks.scope(), recorded=self._recorded)
        self.composer = ComposerPresenter(
            tickets=services.tickets,
            suggestions=services.suggestions,
            feedback=services.feedback,
            reply_checks=services.reply_checks,
            canned=services.canned,
            knowledge=services.knowledge,
            scope=tasks.scope(),
            recorded=self._recorded,
            gone=self._go_on,
            typing=services.prefetch.typing,
        )
        self.drafting = DraftingPresenter(
            composer=self.composer,
            suggestions=services.suggestions,
            rewriting=services.rewriting,
            scope=tasks.scope(),
        )
        self.summary = SummaryPresenter(services.summaries, tasks.scope())
        self.card = CardPresenter(services.lookup, tasks.scope())
        self.side = SidePresenter(
            services.customers, services.similar, tasks.scope(), open_ticket=self.inbox.select, pause=refresh_pause
        )
        self.notes = NotePresenter(
            services.feedback, services.tickets, tasks.scope(), recorded=self._recorded, undone=self._taken_back
        )
        self.translations = TranslationPresenter(services.rewriting, tasks.scope())
        self.saved: tuple[Attachment, Path] | None = None
        self.saved_changes = Changes()
        self.attachments = AttachmentPresenter(services.attachments, tasks.scope(), saved=self._file_saved)
        self.history = History(services.feedback, services.triage, tasks.scope(), went_back=self._went_back)
        self.triage = TriagePresenter(services.triage, self.inbox, tasks.scope(), moved=self.history.push_move)
        self.intake = Intake(services, tasks.scope(), self.status)
        self.log = LogPresenter(services.feedback, tasks.scope())
        self.log.undone_changes.subscribe(self._undone_in_log)
        self.inbox.selected.subscribe(self._selected)

    def start(self) -> None:
        """Load the list."""
        self.inbox.refresh()

    def handle(self, event: DomainEvent) -> None:
        """React to what happened elsewhere."""
        match event:
            case TicketsArrived():
                self.inbox.refresh()
                self._reload_open()
            case TicketChanged(ticket_id=ticket_id):
                self._refresh_soon()
                if ticket_id == self.inbox.selected_id:
                    self._reload(ticket_id)
            case TicketsMoved(ticket_ids=ids, returned=returned):
                self._refresh_soon()
                if returned:
                    self.history.tell_returned(returned)
                if self.inbox.selected_id in ids:
                    self._reload_open()
            case DeadlinesChanged():
                self._refresh_soon()
            case KnowledgeChanged():
                self._knowledge_changed()
                self.composer.check_standing(Why.KNOWLEDGE)
            case ArticleChanged():
                self.composer.check_standing(Why.KNOWLEDGE)
            case OrdersChanged():
                self.composer.check_standing(Why.ORDER)
                self._reload_open()
            case EngineStateChanged():
                self.status.update(event)
                if event.state is EngineState.READY:
                    self.thread.read()
                    self.composer.engine_ready()
            case DraftsPrepared():
                self.status.prepare(event)
            case WorkProgress():
                self.status.work(event)

    def stop(self) -> bool:
        """Stop what is being written for the open ticket; False where nothing is."""
        stopped = [one.stop() for one in (self.drafting, self.summary, self.translations, self.triage)]
        return any(stopped)

    # the open ticket

    def _selected(self) -> None:
        ticket_id = self.inbox.selected_id
        self.composer.leave()
        if ticket_id is not None:
            self._reload(ticket_id)

    def _reload_open(self) -> None:
        """The open ticket may have a new message, or its order another state."""
        if self.inbox.selected_id is not None:
            self._reload(self.inbox.selected_id)

    def _reload(self, ticket_id: str) -> None:
        async def work() -> None:
            view = await self._services.tickets.open(ticket_id)
            if self.inbox.selected_id == ticket_id:
                self.attachments.show(view)
                self.translations.show(view)
                self.thread.show(view)
                self.notes.show(view)
                self.card.show(view)
                self.side.show(view)
                self.composer.show(view)
                self.summary.show(view)

        self._scope.restart("open", work)

    def _recorded(self, event: FeedbackEvent) -> None:
        """An act is stored: say so."""
        ticket = self.composer.view.ticket if self.composer.view else None
        self.history.push(event, ticket.customer if ticket else "")

    def _go_on(self, event: FeedbackEvent) -> None:
        """A reply went out and its ticket is left behind: open the next one."""
        following = self.inbox.successor()
        if following is not None and event.ticket_id == self.inbox.selected_id:
            self.inbox.select(following.id)

    def _went_back(self, act: FeedbackEvent) -> None:
        """An act was taken back: show its ticket again."""
        if act.kind is FeedbackKind.NOTED:
            self.notes.expect_back()
        if act.ticket_id != self.inbox.selected_id:
            self.inbox.select(act.ticket_id)
        else:
            self._reload(act.ticket_id)
        self._refresh_soon()

    def _undone_in_log(self) -> None:
        if self.log.last_undone is not None:
            self._taken_back(self.log.last_undone)

    def _taken_back(self, act: FeedbackEvent) -> None:
        """An act was taken back elsewhere than by the undo key."""
        self.history.forget(act.id)
        self._went_back(act)

    def _file_saved(self, attachment: Attachment, path: Path) -> None:
        self.saved = attachment, path
        self.saved_changes.notify()

    def _knowledge_changed(self) -> None:
        suggestion = self.composer.suggestion
        unanswered = (NoneReason.NOTHING_FOUND, NoneReason.NOT_ANSWERED)
        if self.composer.phase is Phase.NONE and suggestion and suggestion.reason in unanswered:
            self.composer.ask(again=True)

    def _refresh_soon(self) -> None:
        async def work() -> None:
            await asyncio.sleep(self._refresh_pause)
            self.inbox.refresh()

        self._scope.start("refresh", work)
