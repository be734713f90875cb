"""The ticket list's widgets."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QTimer, Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from agent_assist.domain.tickets import Queue
from ui.actions import ACTIONS, Actions
from ui.i18n import I18n, Texts
from ui.inbox.delegate import TicketDelegate
from ui.inbox.filters import FilterBar
from ui.inbox.model import TicketListModel
from ui.inbox.presenter import InboxPresenter
from ui.inbox.ticket_list import TicketList
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, button

# How often clocks are painted anew: each second where one shows seconds, else now and then.
TICK_MS, REST_MS = 1_000, 15_000
SECONDS_MATTER = timedelta(minutes=2, seconds=20)
EMPTY_KEYS = {
    Queue.MINE: (Key.INBOX_EMPTY_MINE_TITLE, Key.INBOX_EMPTY_MINE_HINT),
    Queue.UNASSIGNED: (Key.INBOX_EMPTY_UNASSIGNED_TITLE, Key.INBOX_EMPTY_UNASSIGNED_HINT),
    Queue.WAITING: (Key.INBOX_ALL_DONE_TITLE, Key.INBOX_ALL_DONE_HINT),
    Queue.OVERDUE: (Key.INBOX_EMPTY_OVERDUE_TITLE, Key.INBOX_EMPTY_OVERDUE_HINT),
    Queue.SNOOZED: (Key.INBOX_EMPTY_SNOOZED_TITLE, Key.INBOX_EMPTY_SNOOZED_HINT),
}


class InboxView(QFrame):
    """Filters above the list, a bar of acts below it; an empty state in its place when there is nothing to show."""

    entered = Signal()

    def __init__(self, presenter: InboxPresenter, look: Look, i18n: I18n, actions: Actions, *, bar: QWidget) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._i18n, self._actions = presenter, i18n, actions
        self._query = presenter.query
        self._passed = 0
        self._texts = Texts(i18n)
        self.filters = FilterBar(presenter, look, i18n, actions)
        self.list = self._make_list(look)
        self.empty = self._make_empty(look)
        self.bar = bar
        stack_holder = QWidget()
        self._stack = QStackedLayout(stack_holder)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(stack_holder, 1)
        layout.addWidget(self.bar)
        self._connect()

    def focus_list(self) -> None:
        """Put the keyboard onto the list."""
        self.list.setFocus()

    def _make_list(self, look: Look) -> TicketList:
        view = TicketList(self._actions.keymap, any_chosen=lambda: self._presenter.selected_id is not None)
        self._model = TicketListModel(self._presenter, self._i18n, view)
        self._delegate = TicketDelegate(look, self._i18n, self._presenter.marks, view)
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        self._texts.bind(view.setAccessibleName, Key.INBOX_LIST)
        look.changed.connect(view.doItemsLayout)
        for spec in ACTIONS:
            if spec.menu is Key.MENU_INBOX and not spec.id.startswith("queue_"):
                view.addAction(self._actions[spec.id])
        self._clock = QTimer(self, interval=REST_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        return view

    def _tick(self) -> None:
        """Time goes on: paint the clocks anew, and count again when a ticket on the screen became overdue."""
        view, now = self.list, datetime.now(UTC)
        view.viewport().update()
        first, last = view.indexAt(QPoint(1, 1)).row(), view.indexAt(QPoint(1, view.viewport().height() - 1)).row()
        rows = [self._presenter.peek(place) for place in range(max(0, first), (last if last >= 0 else first + 40) + 1)]
        dues = [row.due for row in rows if row is not None and row.due is not None]
        self._clock.setInterval(TICK_MS if any(abs(due - now) < SECONDS_MATTER for due in dues) else REST_MS)
        passed = sum(due < now for due in dues)
        if passed != self._passed:
            self._passed = passed
            self._presenter.refresh()

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
        self.list.mark_step.connect(self._presenter.mark_step)
        self.list.acted.connect(self._actions.trigger)
        self.list.marked.connect(self._presenter.toggle_mark)
        self.list.marked_to.connect(self._presenter.mark_to)
        self.list.unfolded.connect(self._presenter.show_customer)
        self.list.folded.connect(self._presenter.leave_customer)
        self.list.badge_clicked.connect(lambda _row: self._presenter.show_customer())
        self.list.escape_pressed.connect(self._escape)
        self.filters.leave.connect(self.focus_list)
        self._presenter.counted.subscribe(self._render)
        self._presenter.tallied.subscribe(self._render)
        self._presenter.marks.changes.subscribe(self.list.viewport().update)
        self._presenter.loaded.subscribe(self._show_selection)
        self._presenter.selected.subscribe(self._show_selection)
        self._i18n.changes.subscribe(self._render)
        self._render()

    def _escape(self) -> None:
        """Step by step back: marks, the customer's tickets; then it is the suggestion's."""
        if self._presenter.marks:
            self._presenter.marks.clear()
        elif not self._presenter.leave_customer():
            self._actions.trigger("reject")

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and current.row() != self._presenter.shown_index:
            self._presenter.select_index(current.row())

    def _show_selection(self) -> None:
        """Bring the view's current line to the presenter's choice."""
        index = self._presenter.shown_index
        if index is None or index >= self._model.rowCount():
            self.list.selectionModel().clear()
            return
        target = self._model.index(index, 0)
        # A list that gets the keyboard makes its first line the current one without selecting it.
        if self.list.currentIndex() != target or not self.list.selectionModel().isSelected(target):
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
        if self._presenter.filtered:
            return Key.INBOX_NOTHING_TITLE, Key.INBOX_NOTHING_HINT
        return EMPTY_KEYS.get(self._presenter.query.queue, (Key.INBOX_NOTHING_TITLE, Key.INBOX_NOTHING_YET_HINT))
