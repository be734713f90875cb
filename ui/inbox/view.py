"""The ticket list's widgets."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStackedLayout, QVBoxLayout, QWidget

from agent_assist.domain.tickets import TicketState
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.inbox.delegate import TicketDelegate
from ui.inbox.filters import FilterBar
from ui.inbox.model import TicketListModel
from ui.inbox.presenter import InboxPresenter
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button

MINUTE_MS = 60_000


class TicketList(QListView):
    """A list whose letters J and K move, instead of searching as they would in Qt's lists."""

    step = Signal(int)
    entered = Signal()
    escape_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K move, Enter goes on to the editor, Esc is for the suggestion."""
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        key = Qt.Key(event.key())
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and key in steps:
            self.step.emit(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do not jump about in the list."""


class InboxView(QFrame):
    """Filters above the list; an empty state in its place when there is nothing to show."""

    entered = Signal()

    def __init__(self, presenter: InboxPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._i18n, self._actions = presenter, i18n, actions
        self._query = presenter.query
        self._texts = Texts(i18n)
        self.filters = FilterBar(presenter, look, i18n)
        self.list = self._make_list(look)
        self.empty = self._make_empty(look)
        stack_holder = QWidget()
        self._stack = QStackedLayout(stack_holder)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(stack_holder, 1)
        self._connect()

    def focus_list(self) -> None:
        """Put the keyboard onto the list."""
        self.list.setFocus()

    def _make_list(self, look: Look) -> TicketList:
        view = TicketList()
        self._model = TicketListModel(self._presenter, self._i18n, view)
        self._delegate = TicketDelegate(look, self._i18n, view)
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        self._texts.bind(view.setAccessibleName, Key.INBOX_LIST)
        look.changed.connect(view.doItemsLayout)
        # Waiting times grow while nothing else happens.
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(view.viewport().update)
        self._minute.start()
        return view

    def _make_empty(self, look: Look) -> EmptyState:
        empty = EmptyState(look, "inbox")
        self._import = button("primary", lambda: self._actions.trigger("import"))
        self._samples = button("", lambda: self._actions.trigger("load_samples"))
        self._texts.bind(self._import.setText, Key.ACTION_IMPORT)
        self._texts.bind(self._samples.setText, Key.ACTION_LOAD_SAMPLES)
        empty.add_button(self._import)
        empty.add_button(self._samples)
        return empty

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.step.connect(self._presenter.move)
        self.list.entered.connect(self.entered)
        self.list.escape_pressed.connect(lambda: self._actions.trigger("reject"))
        self.filters.leave.connect(self.focus_list)
        self._presenter.counted.subscribe(self._render)
        self._presenter.loaded.subscribe(self._show_selection)
        self._presenter.selected.subscribe(self._show_selection)
        self._i18n.changes.subscribe(self._render)
        self._render()

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and current.row() != self._presenter.selected_index:
            self._presenter.select_index(current.row())

    def _show_selection(self) -> None:
        """Bring the view's current line to the presenter's choice."""
        index = self._presenter.selected_index
        if index is None or index >= self._model.rowCount():
            self.list.selectionModel().clear()
            return
        target = self._model.index(index, 0)
        if self.list.currentIndex() != target:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(target, flags)
            self.list.scrollTo(target)

    def _render(self) -> None:
        if self._presenter.query != self._query:
            self._query = self._presenter.query
            self.list.scrollToTop()
        if self._presenter.total or self._presenter.any_tickets is None:
            self._stack.setCurrentWidget(self.list)
            self._show_selection()
            return
        nothing_yet = not self._presenter.any_tickets
        self._import.setVisible(nothing_yet)
        self._samples.setVisible(nothing_yet)
        self.empty.set_texts(*(self._i18n(key) for key in self._empty_keys()))
        self._stack.setCurrentWidget(self.empty)

    def _empty_keys(self) -> tuple[Key, Key]:
        if not self._presenter.any_tickets:
            return Key.INBOX_EMPTY_TITLE, Key.INBOX_EMPTY_HINT
        if self._presenter.query.state is TicketState.WAITING and not self._presenter.filtered:
            return Key.INBOX_ALL_DONE_TITLE, Key.INBOX_ALL_DONE_HINT
        return Key.INBOX_NOTHING_TITLE, Key.INBOX_NOTHING_HINT
