"""An open profile in the window: builds presenters and screens, and passes what happens between them."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind
from agent_assist.domain.suggestion import Source
from agent_assist.late import load, parts
from ui.bridge import EventBridge
from ui.composer.reasons import REASON_KEYS
from ui.i18n import I18n
from ui.ports import Services
from ui.shell.desk_view import DeskView
from ui.shell.drop import DropOverlay
from ui.shell.history import Toast
from ui.shell.presenter import DeskPresenter
from ui.shell.report import ReportDialog
from ui.shell.rooms.rooms import Rooms
from ui.shell.window import Window
from ui.tasks import Tasks
from ui.text_keys import Key
from ui.triage.words import move_text, undone_text

if TYPE_CHECKING:
    from ui.log.view import LogView
    from ui.shell.open_ticket_view import OpenTicketView
    from ui.shell.rooms.knowledge import KnowledgeRoom

# A turn of the event loop in which what was asked for is painted.
PAINTED_S = 0.01
# What `furnish` imports, in an order in which each costs little.
TICKET_VIEWS = (
    "ui.thread.presenter",
    "ui.thread.view",
    "ui.composer.presenter",
    "ui.composer.view",
    "ui.drafting.view",
    "ui.side.view",
    "ui.attachments.light_box",
    "ui.shell.open_ticket_view",
    "ui.shell.conversation",
)

TICKET_PATTERNS = "*.csv *.tsv *.xlsx *.json *.jsonl *.eml *.mbox"
KNOWLEDGE_PATTERNS = "*.md *.txt *.html *.htm *.pdf *.docx *.csv *.tsv *.xlsx *.json *.jsonl"
TOAST_KEYS = {
    FeedbackKind.ACCEPTED: Key.TOAST_ACCEPTED,
    FeedbackKind.EDITED: Key.TOAST_EDITED,
    FeedbackKind.WRITTEN: Key.TOAST_WRITTEN,
    FeedbackKind.REJECTED: Key.TOAST_REJECTED,
    FeedbackKind.INTENTS_CORRECTED: Key.TOAST_INTENTS_CORRECTED,
    FeedbackKind.ENTITIES_CORRECTED: Key.TOAST_ENTITIES_CORRECTED,
    FeedbackKind.SENTIMENT_CORRECTED: Key.TOAST_SENTIMENT_CORRECTED,
    FeedbackKind.URGENCY_CORRECTED: Key.TOAST_URGENCY_CORRECTED,
    FeedbackKind.NOTED: Key.TOAST_NOTED,
    FeedbackKind.UNDONE: Key.TOAST_UNDONE,
}


class Session:
    """Ties `services` to `window` until `close`. The list is there at once; `furnish` brings what is beside it."""

    def __init__(self, services: Services, window: Window, tasks: Tasks, *, refresh_pause: float) -> None:
        self.window = window
        self.desk = DeskPresenter(services, tasks, refresh_pause=refresh_pause)
        self.desk.waits = True  # the list comes first, also where it gets the keyboard with its first line
        self._bridge = EventBridge(services.events, window)
        self._bridge.happened.connect(self.desk.handle)
        look, i18n = window.look, window.i18n
        self.view = DeskView(self.desk, look, i18n, window.table, window.memory)
        self.view.furnished.connect(self._connect_ticket)
        window.pages.addWidget(self.view)
        self.drop = DropOverlay(
            window.centre,
            i18n,
            tickets=self.desk.intake.import_tickets,
            knowledge=self.desk.intake.add_knowledge,
        )
        self.rooms = Rooms(
            services=services,
            window=window,
            tasks=tasks,
            desk=self.desk,
            desk_view=self.view,
            pause=refresh_pause,
            go_to=self._show_ticket,
            show=self._show_menu,
            show_page=self._show,
            told=self._toast_of_knowledge,
        )
        self._bridge.happened.connect(self.rooms.handle)
        window.status.attach(self.desk.status, self.desk.history)
        self._connect()
        self._bind_actions()
        self.show_desk()
        self.desk.start()
        self.view.inbox.focus_list()

    @property
    def knowledge(self) -> "KnowledgeRoom":
        """The screen of the shop's knowledge."""
        return self.rooms.knowledge

    @property
    def log(self) -> "LogView":
        """The log's screen."""
        return self.rooms.log

    async def shown(self) -> None:
        """Wait until the list was read and painted; open what was chosen in it by then."""
        await self.desk.inbox.counted_once()
        await asyncio.sleep(PAINTED_S)
        self.desk.release()
        if self.desk.inbox.selected_id is not None:
            self._furnish_now()

    async def furnish(self) -> None:
        """Make what an open ticket needs, in portions during which the window does not seem to stand still."""
        await load(TICKET_VIEWS)
        for name in parts(DeskPresenter):
            getattr(self.desk, name)
            await asyncio.sleep(0)
        self._furnish_now()

    async def close(self) -> None:
        """Store what is unsaved and listen no longer."""
        self._bridge.close()
        self.window.toast.keep_over(None)
        self.view.remember()
        await self.rooms.finish()
        for part in (DeskPresenter.composer.made(self.desk), DeskPresenter.notes.made(self.desk)):
            if part is not None:
                await part.finish()

    def show_desk(self) -> None:
        """Show the tickets."""
        self._show(self.view)

    def show_log(self) -> None:
        """Show the learning log, read anew."""
        self._show(self.log)
        self.desk.log.load()

    def show_knowledge(self) -> None:
        """Show the shop's knowledge, read anew."""
        self._show(self.knowledge.view)
        self.knowledge.presenter.activate()
        self.knowledge.view.focus_list()

    def _show(self, page: QWidget) -> None:
        """Show a screen; the keys of the others must not act out of sight."""
        self.rooms.left(page)
        self.window.table.enable(Key.MENU_INBOX, page is self.view)
        self.window.table.enable(Key.MENU_TICKET, page is self.view)
        self.window.table.enable(Key.MENU_KNOWLEDGE, self.rooms.in_knowledge(page))
        self.window.pages.setCurrentWidget(page)

    def _connect(self) -> None:
        toast = self.window.toast
        self._undo_toast = self.desk.history.undo
        toast.undo_asked.connect(lambda: self._undo_toast())
        toast.keep_over(self.view.inbox)
        self.desk.saved_changes.subscribe(self._toast_saved)
        self.desk.history.toasted.subscribe(self._toast)
        self.desk.intake.changes.subscribe(self._show_report)
        self.desk.inbox.selected.subscribe(self._furnish_now)
        self._reported: object = None

    def _furnish_now(self) -> None:
        """A ticket is open: what shows it has to be there."""
        if not self.desk.waits:
            self.view.ticket  # noqa: B018  # made by being asked for

    def _connect_ticket(self, ticket: "OpenTicketView") -> None:
        toast = self.window.toast
        for sources in (ticket.composer.card.sources, ticket.drafting.panel):
            sources.article_asked.connect(self._open_source)
        for part in (ticket.conversation, ticket.composer, ticket.side, ticket.drafting):
            part.hint.connect(toast.say)

    def _bind_actions(self) -> None:
        window, inbox, intake = self.window, self.desk.inbox, self.desk.intake
        actions = window.table
        actions.on("next_ticket", lambda: inbox.move(1))
        actions.on("previous_ticket", lambda: inbox.move(-1))
        actions.on("filter", self._focus_filter)
        actions.on("focus_list", self._focus_list)
        actions.on("stop", self._stop)
        actions.on("undo", self.desk.history.undo)
        actions.on("log", self.show_log)
        actions.on("desk", self.show_desk)
        actions.on("knowledge", self.show_knowledge)
        actions.on("try_search", self._try_search)
        actions.on("article_from_ticket", self._article_from_ticket)
        actions.on("load_samples", intake.load_samples)
        actions.on(
            "import",
            lambda: window.ask_files(
                Key.IMPORT_CHOOSE, Key.IMPORT_TICKET_FILES, TICKET_PATTERNS, intake.import_tickets
            ),
        )
        actions.on(
            "add_knowledge",
            lambda: window.ask_files(
                Key.IMPORT_CHOOSE_KNOWLEDGE, Key.IMPORT_KNOWLEDGE_FILES, KNOWLEDGE_PATTERNS, intake.add_knowledge
            ),
        )

    def _stop(self) -> None:
        if not self.desk.stop():
            self.window.toast.say(self.window.i18n(Key.STOP_NOTHING))

    def _focus_filter(self) -> None:
        if self.rooms.in_knowledge():
            self.knowledge.view.focus_search()
            return
        self.show_desk()
        self.view.inbox.filters.focus_search()

    def _focus_list(self) -> None:
        if self.rooms.in_knowledge():
            self.knowledge.view.focus_list()
            return
        self.show_desk()
        self.view.inbox.focus_list()

    def _show_menu(self, menu: Key) -> None:
        """Show the screen that a menu's actions act on."""
        self.show_knowledge() if menu is Key.MENU_KNOWLEDGE else self.show_desk()

    def _show_ticket(self, ticket_id: str) -> None:
        self.show_desk()
        self.desk.inbox.select(ticket_id)

    def _try_search(self) -> None:
        self.show_knowledge()
        self.knowledge.view.try_search()

    def _article_from_ticket(self) -> None:
        ticket_id = self.desk.inbox.selected_id
        if ticket_id is not None:
            self.show_knowledge()
            self.knowledge.presenter.create_from_ticket(ticket_id)

    def _open_source(self, source: object) -> None:
        if isinstance(source, Source):
            self.show_knowledge()
            self.knowledge.open_passage(source)

    def _toast_of_knowledge(self) -> None:
        self._undo_toast = self.knowledge.undo

    def _toast(self) -> None:
        toast, i18n = self.desk.history.toast, self.window.i18n
        self._undo_toast = self.desk.history.undo
        if toast is not None and (moved := self._moved_text(toast)):
            self.window.toast.say(moved, undoable=toast.undoable)
            return
        if toast is None or toast.event is None:
            self.window.toast.say(i18n(Key.TOAST_NOTHING_TO_UNDO))
            return
        text = toast_text(i18n, toast.event, toast.customer, act=toast.act)
        if toast.held_seconds:
            self.window.toast.count_down(
                lambda seconds: i18n(Key.TOAST_HELD, sent=text, seconds=seconds), toast.held_seconds, then=text
            )
        else:
            self.window.toast.say(text, undoable=toast.undoable)

    def _toast_saved(self) -> None:
        if self.desk.saved is not None:
            attachment, path = self.desk.saved
            self.window.toast.say(self.window.i18n(Key.FILES_SAVED, name=attachment.name, place=str(path.parent)))

    def _moved_text(self, toast: Toast) -> str:
        if toast.undone is not None:
            return undone_text(self.window.i18n, toast.undone)
        if toast.returned:
            return self.window.i18n(Key.TOAST_RETURNED, n=toast.returned)
        if toast.move is None:
            return ""
        return move_text(self.window.i18n, toast.move, self.desk.triage.me, datetime.now(UTC))

    def _show_report(self) -> None:
        report = self.desk.intake.report
        if report is not None and report is not self._reported:
            self._reported = report
            dialog = ReportDialog(self.window, report, self.window.i18n)
            dialog.done_reading.connect(self.desk.intake.dismiss)
            dialog.open()


def toast_text(i18n: I18n, event: FeedbackEvent, customer: str, *, act: FeedbackEvent | None = None) -> str:
    """What was done, in a sentence; of an undo also whether the reply, the `act`, had gone out before."""
    if act is not None and act.held_seconds:
        return i18n(Key.TOAST_UNDONE_HELD if event.at < act.leaves_at else Key.TOAST_UNDONE_SENT)
    reason = i18n(REASON_KEYS[event.reason]) if event.reason else ""
    return i18n(TOAST_KEYS[event.kind], customer=customer or i18n(Key.INBOX_UNNAMED), reason=reason)
