"""Text inputs that know when an input method is composing, so that no shortcut acts on half-written Chinese."""

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget


def composing() -> bool:
    """Whether the focused input holds preedit text."""
    focused = QApplication.focusWidget()
    return isinstance(focused, LineInput | TextInput) and bool(focused.preedit)


class LineInput(QLineEdit):
    """A line of text; `preedit` is what the input method composes at the moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preedit = ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember the preedit text."""
        self.preedit = event.preeditString()
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from becoming shortcuts while composing."""
        if event.type() == QEvent.Type.ShortcutOverride and self.preedit:
            event.accept()
            return True
        return super().event(event)


class TextInput(QPlainTextEdit):
    """The reply editor: Tab, Esc and undo in an empty editor are offered to the window instead of being typed."""

    take_asked = Signal()
    escape_pressed = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preedit = ""
        self.takes_tab = False
        self.setTabChangesFocus(True)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember the preedit text."""
        self.preedit = event.preeditString()
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from becoming shortcuts while composing."""
        if event.type() == QEvent.Type.ShortcutOverride and self.preedit:
            event.accept()
            return True
        return super().event(event)

    def is_empty(self) -> bool:
        """No text, composed or being composed."""
        return not self.toPlainText() and not self.preedit

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort out the keys that mean something to the window."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self.preedit:
            super().keyPressEvent(event)
        elif plain and event.key() == Qt.Key.Key_Tab and self.takes_tab and self.is_empty():
            self.take_asked.emit()
        elif plain and event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and self._nothing_typed():
            self.undo_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves on only when it is not wanted for taking the suggestion."""
        if forward and self.takes_tab and self.is_empty():
            return False
        return super().focusNextPrevChild(forward)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files dropped here are for the window to import, not text to insert."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def _nothing_typed(self) -> bool:
        return self.is_empty() and not self.document().isUndoAvailable()
