"""The list widget of the inbox: its keys and clicks, told as signals."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from agent_assist.domain.tickets import TicketRow
from ui.actions import ACTIONS
from ui.inbox.delegate import TicketDelegate
from ui.inbox.model import ROW_ROLE
from ui.text_keys import Key

# Letters that act on the list's tickets, by the table of actions.
_LETTERS = {letter: spec.id for spec in ACTIONS if spec.menu is Key.MENU_INBOX for letter in spec.local_keys}
_STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class TicketList(QListView):
    """A list whose letters act, instead of searching as they would in Qt's lists."""

    step = Signal(int)
    mark_step = Signal(int)
    acted = Signal(str)
    entered = Signal()
    escape_pressed = Signal()
    marked = Signal(int)
    marked_to = Signal(int)
    badge_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
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
        """J and K move, with Shift they mark; Enter goes on to the editor, Esc goes back a step."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key in _STEPS | _ARROWS:
            self.mark_step.emit((_STEPS | _ARROWS)[key])
        elif plain and key in _STEPS:
            self.step.emit(_STEPS[key])
        elif plain and (act := _LETTERS.get(QKeySequence(key).toString())):
            self.acted.emit(act)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.acted.emit("mark_all")
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

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

    def _in_gutter(self, place: QPoint) -> bool:
        delegate = self.itemDelegate()
        return isinstance(delegate, TicketDelegate) and place.x() < delegate.box_width()

    def _on_badge(self, index: QModelIndex, place: QPoint) -> bool:
        row, delegate = index.data(ROW_ROLE), self.itemDelegate()
        if not isinstance(row, TicketRow) or row.open_tickets < 2 or not isinstance(delegate, TicketDelegate):
            return False
        return delegate.badge_rect(self.visualRect(index), row).contains(place)
