"""The list widget of the inbox: its keys and clicks, told as signals."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from agent_assist.domain.tickets import TicketRow
from ui.inbox.delegate import TicketDelegate
from ui.inbox.model import ROW_ROLE
from ui.keymap.keymap import Keymap
from ui.keymap.spec import DESK
from ui.widgets.keyboard import pressed

_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class TicketList(QListView):
    """A list whose letters act, by the keys in force, instead of searching as they would in Qt's lists.

    A ticket that was answered may have left the list while it is still open. No line is the current one then, and the
    arrows go on from its old place, as `step` tells; `any_chosen` says whether a ticket is open.
    """

    step = Signal(int)
    mark_step = Signal(int)
    acted = Signal(str)
    entered = Signal()
    unfolded = Signal()
    folded = Signal()
    escape_pressed = Signal()
    marked = Signal(int)
    marked_to = Signal(int)
    badge_clicked = Signal(int)

    def __init__(self, keymap: Keymap, *, any_chosen: Callable[[], bool]) -> None:
        super().__init__()
        self._keymap, self._any_chosen = keymap, any_chosen
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Nothing is written here: with an input method on, letters are still keys."""
        return False if query is Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the table of actions act, with Shift the arrows mark; Enter goes on to the editor, Esc goes back a
        step. The right arrow opens a customer's row, the left one goes back."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        plain = not modifiers & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key in _ARROWS:
            self.mark_step.emit(_ARROWS[key])
        elif plain and not self.currentIndex().isValid() and (step := self._steps().get(key)):
            self.step.emit(step)
        elif act := self._keymap.in_list(DESK, pressed(event)):
            self.acted.emit(act)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif plain and key == Qt.Key.Key_Right and self._stands_for_more():
            self.unfolded.emit()
        elif plain and key == Qt.Key.Key_Left:
            self.folded.emit()
        elif key == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first line the current one where there is none; with a ticket open that is no choice of the
        agent's."""
        none_yet = self._any_chosen() and not self.currentIndex().isValid()
        if none_yet:
            self.selectionModel().blockSignals(True)
        super().focusInEvent(event)
        if none_yet:
            self.selectionModel().clearCurrentIndex()
            self.selectionModel().blockSignals(False)

    def _steps(self) -> dict[Qt.Key, int]:
        """How far the keys go that move by lines and pages."""
        page = max(1, self.viewport().height() // max(1, self.sizeHintForRow(0)) - 1)
        return _ARROWS | {Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen ticket's line stays in sight where it was."""
        line = self.visualRect(self.currentIndex())
        seen = self.currentIndex().isValid() and line.top() < event.oldSize().height() and line.bottom() > 0
        super().resizeEvent(event)
        if seen:
            self.scrollTo(self.currentIndex())

    def keyboardSearch(self, search: str) -> None:
        """Letters do not jump about in the list."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the gutter or with Ctrl marks, one with Shift marks up to there; else the line is chosen."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.marked_to.emit(index.row())
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or self._in_gutter(place):
            self.marked.emit(index.row())
        else:
            super().mousePressEvent(event)
            if self._on_badge(index, place):
                self.badge_clicked.emit(index.row())

    def _stands_for_more(self) -> bool:
        row = self.currentIndex().data(ROW_ROLE)
        return isinstance(row, TicketRow) and row.grouped > 1

    def _in_gutter(self, place: QPoint) -> bool:
        delegate = self.itemDelegate()
        return isinstance(delegate, TicketDelegate) and place.x() < delegate.box_width()

    def _on_badge(self, index: QModelIndex, place: QPoint) -> bool:
        row, delegate = index.data(ROW_ROLE), self.itemDelegate()
        if not isinstance(row, TicketRow) or row.open_tickets < 2 or not isinstance(delegate, TicketDelegate):
            return False
        return delegate.badge_rect(self.visualRect(index), row).contains(place)
