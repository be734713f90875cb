"""What was pressed, and giving the keyboard back to where it was, if that is still there."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


def pressed(event: QKeyEvent) -> str:
    """The keys of an event in Qt's portable spelling; those of the number pad are like the others."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    keys = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


class Keyboard:
    """Remembers what had the keyboard while something else takes it for a moment."""

    def __init__(self) -> None:
        self._widget: QWidget | None = None

    def remember(self) -> None:
        """Remember what has it now."""
        self._widget = QApplication.focusWidget()

    def give_back(self) -> bool:
        """Put it back; False where that widget went away meanwhile, as chips do when labels come, or out of sight."""
        widget, self._widget = self._widget, None
        if widget is None or not isValid(widget) or not widget.isVisible():
            return False
        widget.setFocus()
        return True
