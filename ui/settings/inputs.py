"""The inputs of settings by the kind of their values: one of some, yes or no, a number, a line, a longer text."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from agent_assist.settings import AnySetting
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import set_property
from ui.widgets.combo import Combo, fill
from ui.widgets.inputs import LineInput, TextInput

# A default longer than this wants more than a line.
LONG_TEXT = 60


class CalmCombo(Combo):
    """A wheel that scrolls the page changes no setting on its way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the page."""
        event.ignore()


class LongText(TextInput):
    """Several lines on the screen, one in the settings; written when the keyboard goes elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever leaves has finished."""
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A line feed has no place in a setting."""
        if event.text() in ("\r", "\n"):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SettingInput(QWidget):
    """The input of one setting. `typed` tells each change, `finished` that the text is as it shall be."""

    typed = Signal(str)
    finished = Signal(str)

    def __init__(self, setting: AnySetting, i18n: I18n) -> None:
        super().__init__()
        self._setting, self._i18n = setting, i18n
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.widget, self._put = self._make()
        layout.addWidget(self.widget)
        self.setFocusProxy(self.widget)

    def show_value(self, text: str) -> None:
        """Show a value, unless somebody is typing another one."""
        typing = self.widget.hasFocus() and isinstance(self.widget, LineInput | LongText)
        self.widget.blockSignals(True)
        if not typing or not self._changed:
            self._put(text)
            self._changed = False
        self.widget.blockSignals(False)

    def forget_typed(self) -> None:
        """What was typed is not wanted; the next value is shown."""
        self._changed = False

    def retranslate(self) -> None:
        """Names in the current language."""
        self.widget.setAccessibleName(self._setting.title(self._i18n.language))
        self.widget.setAccessibleDescription(self._setting.help(self._i18n.language))
        if isinstance(self.widget, CalmCombo):
            chosen = [(one, self._setting.choice(one, self._i18n.language)) for one in self._setting.choices]
            self.widget.blockSignals(True)
            fill(self.widget, chosen)
            self.widget.blockSignals(False)
        if isinstance(self.widget, QCheckBox):
            self.widget.setText(self._i18n(Key.SETTINGS_ON))

    def mark(self, wrong: bool) -> None:
        """Whether the text is no value."""
        set_property(self.widget, "wrong", wrong)

    _changed = False

    def _make(self) -> tuple[QWidget, Callable[[str], object]]:
        if self._setting.choices:
            combo = CalmCombo()
            combo.activated.connect(lambda _index: self.finished.emit(str(combo.currentData())))
            return combo, lambda text: combo.setCurrentIndex(combo.findData(text))
        if isinstance(self._setting.default, bool):
            box = QCheckBox()
            box.toggled.connect(lambda on: self.finished.emit("true" if on else "false"))
            return box, lambda text: box.setChecked(text == "true")
        if isinstance(self._setting.default, str) and len(self._setting.default) > LONG_TEXT:
            long = LongText()
            long.setObjectName("editor")
            long.textChanged.connect(lambda: self._typed(_one_line(long.toPlainText())))
            long.left.connect(lambda: self.finished.emit(_one_line(long.toPlainText())))
            return long, long.setPlainText
        line = LineInput()
        line.textEdited.connect(self._typed)
        line.editingFinished.connect(lambda: self.finished.emit(line.text()))
        return line, line.setText

    def _typed(self, text: str) -> None:
        self._changed = True
        self.typed.emit(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
