"""The desk: ties list, conversation, composer and card together over one open ticket. No Qt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

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
from agent_assist.late import Late
from ui.composer.phases import Phase
from ui.composer.renewal import Why
from ui.inbox.presenter import InboxPresenter
from ui.observable import Changes
from ui.ports import Services
from ui.shell.engine_status import EngineStatus
from ui.shell.history import History
from ui.shell.intake import Intake
from ui.tasks import Scope, Tasks
from ui.triage.presenter import TriagePresenter

if TYPE_CHECKING:
    from ui.attachments.presenter import AttachmentPresenter
    from ui.card.presenter import CardPresenter
    from ui.composer.presenter import ComposerPresenter
    from ui.drafting.presenter import DraftingPresenter
    from ui.log.presenter import LogPresenter
    from ui.notes.presenter import NotePresenter
    from ui.side.presenter import SidePresenter
    from ui.summary.presenter import SummaryPresenter
    from ui.thread.presenter import ThreadPresenter
    from ui.translation.presenter import TranslationPresenter


class DeskPresenter:
    """All presenters of the main screen: the list's at once, those of an open ticket when they are first asked for.

    Background reading changes many tickets in a row; `refresh_pause` (seconds) after the first of them the list is
    loaded again, once for all.
    """

    thread: Late[ThreadPresenter] = Late("ui.shell.conversation:thread")
    composer: Late[ComposerPresenter] = Late("ui.shell.conversation:composer")
    drafting: Late[DraftingPresenter] = Late("ui.shell.conversation:drafting")
    summary: Late[SummaryPresenter] = Late("ui.shell.conversation:summary")
    card: Late[CardPresenter] = Late("ui.shell.conversation:card")
    side: Late[SidePresenter] = Late("ui.shell.conversation:side")
    notes: Late[NotePresenter] = Late("ui.shell.conversation:notes")
    translations: Late[TranslationPresenter] = Late("ui.shell.conversation:translations")
    attachments: Late[AttachmentPresenter] = Late("ui.shell.conversation:attachments")
    log: Late[LogPresenter] = Late("ui.shell.conversation:log")

    def __init__(self, services: Services, tasks: Tasks, *, refresh_pause: float) -> None:
        self.services = services
        self._tasks = tasks
        self._scope = tasks.scope()
        self.refresh_pause = refresh_pause
        self.waits = False  # while it does, what is chosen is not opened yet
        self.status = EngineStatus()
        self.inbox = InboxPresenter(
            services.tickets, tasks.scope(), people=services.triage.people, tally_pause=3 * refresh_pause
        )
        self.saved: tuple[Attachment, Path] | None = None
        self.saved_changes = Changes()
        self.history = History(lambda: services.feedback, services.triage, tasks.scope(), went_back=self._went_back)
        self.triage = TriagePresenter(services.triage, self.inbox, tasks.scope(), moved=self.history.push_move)
        self.intake = Intake(services, tasks.scope(), self.status)
        self.inbox.selected.subscribe(self._selected)

    def scope(self) -> Scope:
        """A scope for one of the parts."""
        return self._tasks.scope()

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

    def release(self) -> None:
        """Wait no longer: open what was chosen meanwhile."""
        self.waits = False
        if self.inbox.selected_id is not None:
            self._selected()

    def _selected(self) -> None:
        if self.waits:
            return
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
            view = await self.services.tickets.open(ticket_id)
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

    def recorded(self, event: FeedbackEvent) -> None:
        """An act is stored: say so."""
        ticket = self.composer.view.ticket if self.composer.view else None
        self.history.push(event, ticket.customer if ticket else "")

    def go_on(self, event: FeedbackEvent) -> None:
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

    def undone_in_log(self) -> None:
        """An act was taken back in the log."""
        if self.log.last_undone is not None:
            self.taken_back(self.log.last_undone)

    def taken_back(self, act: FeedbackEvent) -> None:
        """An act was taken back elsewhere than by the undo key."""
        self.history.forget(act.id)
        self._went_back(act)

    def file_saved(self, attachment: Attachment, path: Path) -> None:
        """A customer's file lies where the agent wanted it."""
        self.saved = attachment, path
        self.saved_changes.notify()

    def _knowledge_changed(self) -> None:
        suggestion = self.composer.suggestion
        unanswered = (NoneReason.NOTHING_FOUND, NoneReason.NOT_ANSWERED)
        if self.composer.phase is Phase.NONE and suggestion and suggestion.reason in unanswered:
            self.composer.ask(again=True)

    def _refresh_soon(self) -> None:
        async def work() -> None:
            await asyncio.sleep(self.refresh_pause)
            self.inbox.refresh()

        self._scope.start("refresh", work)
