"""The draft as it is read: doubts underlined with the reason in a tooltip, and which sentence is pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QToolTip

from ui.textpos import from_qt, to_qt
from ui.widgets.flat_text import FlatText


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of the draft are doubtful, and why, in the language of the window.

    A `faint` one is a sentence that rests on no source, which need not be wrong.
    """

    start: int
    end: int
    reason: str
    faint: bool = False


class DraftText(FlatText):
    """Grows while the draft streams in; marks are set when it is whole. `pointed` carries the character that mouse or
    cursor is at, -1 for none."""

    pointed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setMouseTracking(True)
        self.cursorPositionChanged.connect(self._tell_cursor)
        self._draft = ""
        self._marks: tuple[Mark, ...] = ()
        self._shown: object = None

    def set_draft(self, draft: str, marks: Sequence[Mark], ground: QColor, line: QColor) -> None:
        """Show `draft`; a longer one that begins like the present one is appended, which keeps a selection."""
        state = (draft, tuple(marks), ground.name(), line.name())
        if state == self._shown:
            return
        self._shown = state
        if self._draft and draft.startswith(self._draft) and not self._marks:
            self._append(draft[len(self._draft) :])
        elif draft != self._draft:
            self.setPlainText(draft)
        self._draft, self._marks = draft, tuple(marks)
        self._underline(ground, line)
        self.fit()

    def mark_at(self, place: QPoint) -> Mark | None:
        """The doubt under a point of the viewport, the narrower first."""
        index = self.character_at(place)
        over = [mark for mark in self._marks if mark.start <= index < mark.end]
        return min(over, key=lambda mark: mark.end - mark.start, default=None)

    def character_at(self, place: QPoint) -> int:
        """The character of the draft under a point of the viewport, -1 for none."""
        position = self.document().documentLayout().hitTest(place.toPointF(), Qt.HitTestAccuracy.ExactHit)
        return from_qt(self._draft, position) if position >= 0 else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is pointed at."""
        super().mouseMoveEvent(event)
        self.pointed.emit(self.character_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self.pointed.emit(-1)

    def _tell_cursor(self) -> None:
        if self.hasFocus():
            self.pointed.emit(from_qt(self._draft, self.textCursor().position()))

    def viewportEvent(self, event: QEvent) -> bool:
        """Say why a fact is underlined."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(event.pos())
            QToolTip.showText(event.globalPos(), mark.reason if mark else "", self)
            return True
        return super().viewportEvent(event)

    def _append(self, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)

    def _underline(self, ground: QColor, line: QColor) -> None:
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(QTextCharFormat())
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(line)
        style.setBackground(ground)
        dotted = QTextCharFormat()
        dotted.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        dotted.setUnderlineColor(line)
        for mark in sorted(self._marks, key=lambda one: not one.faint):
            cursor.setPosition(to_qt(self._draft, mark.start))
            cursor.setPosition(to_qt(self._draft, mark.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(dotted if mark.faint else style)
