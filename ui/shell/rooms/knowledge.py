"""The knowledge screen in the window: its keys, and what it says of each act."""

from collections.abc import Callable

from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.suggestion import Source
from ui.knowledge.article.presenter import Span
from ui.knowledge.presenter import KnowledgePresenter
from ui.knowledge.view import KnowledgeView
from ui.knowledge.words import done_text
from ui.observable import Changes
from ui.ports import Services
from ui.shell.presenter import DeskPresenter
from ui.shell.rooms.host import Host
from ui.shell.window import Window
from ui.tasks import Tasks
from ui.text_keys import Key


class KnowledgeRoom:
    """Ties a `KnowledgePresenter` and its view to the window; `said` tells that the toast is of an act from here."""

    def __init__(
        self, services: Services, window: Window, tasks: Tasks, desk: DeskPresenter, *, refresh_pause: float
    ) -> None:
        self._window = window
        self.presenter = KnowledgePresenter(
            services, tasks, ticket=lambda: desk.inbox.selected_id or "", refresh_pause=refresh_pause
        )
        self.view = KnowledgeView(self.presenter, window.look, window.i18n, window.table, window.memory)
        self._undo: Callable[[], None] = self.presenter.acts.undo
        self.said = Changes()
        self.presenter.acts.told.subscribe(self._tell_act)
        self.presenter.editor.dropped.subscribe(self._tell_discarded)
        self.presenter.gaps.dropped.subscribe(self._tell_dismissed)
        self.presenter.sources.reported.subscribe(self._tell_indexed)
        self._bind_actions()

    def undo(self) -> None:
        """Take back what the last toast told of."""
        undo, self._undo = self._undo, self.presenter.acts.undo
        undo()

    def open_passage(self, source: Source) -> None:
        """Show an article with the passage that a reply rests on."""
        self.presenter.open(source.doc_id, Span(source.start, source.end))

    def _bind_actions(self) -> None:
        actions, presenter, view = self._window.table, self.presenter, self.view
        actions.on("new_article", lambda: presenter.create(language=self._window.i18n.language))
        actions.on("edit_article", presenter.edit)
        actions.on("save_article", presenter.editor.save)
        actions.on("approve_article", lambda: view.review(ArticleStatus.APPROVED))
        actions.on("block_article", lambda: view.review(ArticleStatus.BLOCKED))
        actions.on("draft_article", lambda: view.review(ArticleStatus.DRAFT))
        actions.on("delete_article", view.delete)
        actions.on("undo_article", self.undo)
        actions.on("next_article", lambda: view.move_article(1))
        actions.on("previous_article", lambda: view.move_article(-1))
        actions.on("next_room", lambda: presenter.step(1))
        actions.on("previous_room", lambda: presenter.step(-1))

    def _tell_act(self) -> None:
        done = self.presenter.acts.done
        self._undo = self.presenter.acts.undo
        self._say(done_text(self._window.i18n, done), undoable=done.undoable)

    def _tell_discarded(self) -> None:
        self._undo = self.presenter.editor.undo_discard
        self._say(self._window.i18n(Key.KB_DISCARDED), undoable=True)

    def _tell_dismissed(self) -> None:
        self._undo = self.presenter.gaps.undo_dismiss
        self._say(self._window.i18n(Key.KB_GAP_DISMISSED), undoable=True)

    def _say(self, text: str, *, undoable: bool) -> None:
        self._window.toast.say(text, undoable=undoable)
        self.said.notify()

    def _tell_indexed(self) -> None:
        report = self.presenter.sources.report
        if report is not None:
            i18n = self._window.i18n
            parts = [
                i18n(Key.IMPORT_ADDED, n=report.added),
                i18n(Key.IMPORT_UPDATED, n=report.updated),
                i18n(Key.IMPORT_UNCHANGED, n=report.unchanged),
            ]
            if report.rejected:
                parts.append(i18n(Key.IMPORT_REJECTED, n=len(report.rejected)))
            self._window.toast.say(" · ".join(parts))


def knowledge(rooms: Host) -> KnowledgeRoom:
    """Make the screen."""
    room = KnowledgeRoom(rooms.services, rooms.window, rooms.tasks, rooms.desk, refresh_pause=rooms.pause)
    room.view.closed.connect(lambda: rooms.show(Key.MENU_TICKET))
    room.view.ticket_asked.connect(rooms.go_to)
    room.said.subscribe(rooms.told)
    rooms.window.pages.addWidget(room.view)
    return room
