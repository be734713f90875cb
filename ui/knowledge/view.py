"""The knowledge screen: its parts as tabs with counts, under one head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.late import Late
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.knowledge.article.view import ArticleView
from ui.knowledge.catalogue.view import CatalogueView
from ui.knowledge.presenter import KnowledgePresenter, Room
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import padded_flow

if TYPE_CHECKING:
    from ui.knowledge.conflicts.view import ConflictsView
    from ui.knowledge.editor.view import EditorView
    from ui.knowledge.gaps.view import GapsView
    from ui.knowledge.sources.view import SourcesView
    from ui.knowledge.trial.view import TrialView

ROOMS = {
    Room.ARTICLES: Key.KB_ROOM_ARTICLES,
    Room.CONFLICTS: Key.KB_ROOM_CONFLICTS,
    Room.GAPS: Key.KB_ROOM_GAPS,
    Room.SOURCES: Key.KB_ROOM_SOURCES,
    Room.TRIAL: Key.KB_ROOM_TRIAL,
}
COUNTED = {
    Room.CONFLICTS: Key.KB_ROOM_CONFLICTS_N,
    Room.GAPS: Key.KB_ROOM_GAPS_N,
    Room.SOURCES: Key.KB_ROOM_SOURCES_N,
}
COLUMNS = (620, 800)


class KnowledgeView(QWidget):
    """Shows a `KnowledgePresenter`; `closed` asks to go back to the tickets, `ticket_asked` to show one of them.

    List and article are there at once, the other parts when they are first entered.
    """

    closed = Signal()
    ticket_asked = Signal(str)
    editor: Late[EditorView] = Late("ui.knowledge.parts:editor")
    conflicts: Late[ConflictsView] = Late("ui.knowledge.parts:conflicts")
    gaps: Late[GapsView] = Late("ui.knowledge.parts:gaps")
    sources: Late[SourcesView] = Late("ui.knowledge.parts:sources")
    trial: Late[TrialView] = Late("ui.knowledge.parts:trial")

    def __init__(
        self, presenter: KnowledgePresenter, look: Look, i18n: I18n, actions: Actions, memory: QSettings
    ) -> None:
        super().__init__()
        self.presenter, self.look, self.i18n, self.table = presenter, look, i18n, actions
        self._memory = memory
        self._texts = Texts(i18n)
        self.catalogue = CatalogueView(presenter.catalogue, presenter.acts, presenter.editor, look, i18n, actions)
        self.article = ArticleView(presenter.article, look, i18n, actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_head())
        layout.addWidget(self._make_rooms(), 1)
        self._connect()
        self._anew()

    def focus_search(self) -> None:
        """Put the cursor into the search field of what is shown."""
        if self.presenter.room is Room.TRIAL:
            self.trial.focus_question()
        else:
            self.presenter.enter(Room.ARTICLES)
            self.catalogue.filters.focus_search()

    def focus_list(self) -> None:
        """Put the keyboard onto the list of articles."""
        self.presenter.enter(Room.ARTICLES)
        self.catalogue.focus_list()

    def try_search(self) -> None:
        """Show the trial search."""
        self.presenter.enter(Room.TRIAL)
        self.trial.focus_question()

    def review(self, status: ArticleStatus) -> None:
        """Approve, block or send back what is selected."""
        self.presenter.review(self.catalogue.table.selected_rows(), status)

    def delete(self) -> None:
        """Take out what is selected."""
        self.presenter.delete(self.catalogue.table.selected_rows())

    def move_article(self, step: int) -> None:
        """Choose another article in the list, where that is shown."""
        if self.presenter.room is Room.ARTICLES:
            self.catalogue.table.move_by(step)

    def remember(self) -> None:
        """Keep the pane sizes."""
        self._memory.setValue("knowledge/columns", self._columns.saveState())

    def _connect(self) -> None:
        presenter = self.presenter
        self.article.restored.connect(lambda number: presenter.acts.restore(presenter.article.doc_id, number))
        self.article.ticket_asked.connect(self.ticket_asked)
        presenter.entered.subscribe(self._enter)
        presenter.editor.opened.subscribe(self._show_editor)
        for changes in (presenter.conflicts.changes, presenter.gaps.changes, presenter.sources.changes):
            changes.subscribe(self._render_tabs)
        self.i18n.changes.subscribe(self._anew)
        self.look.changed.connect(self._anew)

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("paneHeader")
        self._back = button("quiet", self.closed.emit)
        self._texts.bind(self._back.setText, Key.ACTION_DESK)
        title = label("heading")
        self._texts.bind(title.setText, Key.KB_TITLE)
        self.new = button("primary", lambda: self.table.trigger("new_article"))
        self._texts.bind(self.new.setText, Key.ACTION_NEW_ARTICLE)
        first = QHBoxLayout()
        first.setSpacing(10)
        for part in (self._back, title):
            first.addWidget(part)
        first.addStretch()
        first.addWidget(self.new)
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 10, 16, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self._make_tabs())
        return head

    def _make_tabs(self) -> QWidget:
        group = QButtonGroup(self)
        self.tabs: dict[Room, QPushButton] = {}
        box = QWidget()
        row = padded_flow(box, 0, side=8, spacing=16, line_spacing=0)
        for number, room in enumerate(ROOMS):
            tab = button("tab")
            tab.setCheckable(True)
            group.addButton(tab, number)
            self.tabs[room] = tab
            row.addWidget(tab)
        group.idClicked.connect(lambda number: self.presenter.enter(list(ROOMS)[number]))
        return box

    def _make_rooms(self) -> QStackedWidget:
        self._pane = QStackedWidget()
        self._pane.addWidget(self.article)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setChildrenCollapsible(False)
        self._columns.setHandleWidth(1)
        self._columns.addWidget(self.catalogue)
        self._columns.addWidget(self._pane)
        self._columns.setSizes(list(COLUMNS))
        state = self._memory.value("knowledge/columns")
        if state is not None:
            self._columns.restoreState(state)
        self._rooms = QStackedWidget()
        self._rooms.addWidget(self._columns)
        return self._rooms

    def _enter(self) -> None:
        room = self.presenter.room
        self._show(self._rooms, self._part(room))
        self.tabs[room].setChecked(True)
        if self.isVisible() and room is Room.ARTICLES:
            self.catalogue.focus_list()
        elif self.isVisible():
            self.tabs[room].setFocus()

    def _show_editor(self) -> None:
        open_ = self.presenter.editor.open
        self._show(self._pane, self.editor if open_ else self.article)
        if open_:
            self.editor.focus_first()
        else:
            self.catalogue.focus_list()

    def _part(self, room: Room) -> QWidget:
        match room:
            case Room.CONFLICTS:
                return self.conflicts
            case Room.GAPS:
                return self.gaps
            case Room.SOURCES:
                return self.sources
            case Room.TRIAL:
                return self.trial
            case _:
                return self._columns

    def _show(self, stack: QStackedWidget, part: QWidget) -> None:
        if stack.indexOf(part) < 0:
            stack.addWidget(part)
        stack.setCurrentWidget(part)

    def _render_tabs(self) -> None:
        presenter = self.presenter
        counts = {
            Room.CONFLICTS: len(presenter.conflicts.found or ()),
            Room.GAPS: len(presenter.gaps.report.open) if presenter.gaps.report else 0,
            Room.SOURCES: presenter.sources.problems,
        }
        for room, tab in self.tabs.items():
            count = counts.get(room, 0)
            tab.setText(self.i18n(COUNTED[room], n=count) if count else self.i18n(ROOMS[room]))

    def _anew(self) -> None:
        scale = self.look.scale
        self.catalogue.setMinimumWidth(scale.px(330))
        self._pane.setMinimumWidth(scale.px(400))
        self._back.setIcon(self.look.icon("inbox"))
        self.new.setIcon(self.look.icon("edit", "on_accent"))
        self.new.setToolTip(self.table.tooltip("new_article"))
        self._render_tabs()
        self._enter()
