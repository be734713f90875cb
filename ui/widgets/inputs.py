"""Text inputs that know when an input method is composing, so that no shortcut acts on half-written Chinese."""

from collections.abc import Callable

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
    """The reply editor: Esc, undo in an empty editor, and Tab as long as somebody wants it, are offered to the window
    instead of being typed. `first_look` sees every other key before the editor does and says whether it took it; while
    an input method composes nobody but the editor sees any."""

    tab_pressed = Signal()
    escape_pressed = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preedit = ""
        self.wants_tab: Callable[[], bool] = lambda: False
        self.first_look: Callable[[QKeyEvent], bool] = lambda _event: False
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
            if event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):  # it would be typed into the middle
                super().keyPressEvent(event)
        elif self.first_look(event):
            event.accept()
        elif plain and event.key() == Qt.Key.Key_Tab and self.wants_tab():
            self.tab_pressed.emit()
        elif plain and event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and self._nothing_typed():
            self.undo_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves on only when it is not wanted, and never away from what an input method composes."""
        if self.preedit or (forward and self.wants_tab()):
            return False
        return super().focusNextPrevChild(forward)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files dropped here are for the window to import, not text to insert."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def _nothing_typed(self) -> bool:
        return self.is_empty() and not self.document().isUndoAvailable()
