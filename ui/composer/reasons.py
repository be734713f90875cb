"""The bar that asks why a suggestion was put away: six buttons, six digits, Esc to have it back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from agent_assist.domain.feedback import RejectReason
from ui.i18n import I18n, Texts
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import FlowLayout

REASON_KEYS = {
    RejectReason.WRONG_FACT: Key.REJECT_WRONG_FACT,
    RejectReason.NOT_RELEVANT: Key.REJECT_NOT_RELEVANT,
    RejectReason.INCOMPLETE: Key.REJECT_INCOMPLETE,
    RejectReason.WRONG_TONE: Key.REJECT_WRONG_TONE,
    RejectReason.WRONG_LANGUAGE: Key.REJECT_WRONG_LANGUAGE,
    RejectReason.OTHER: Key.REJECT_OTHER,
}


class ReasonBar(QFrame):
    """Hidden until asked for; emits `chosen` with a `RejectReason`, or `dismissed`. What else is typed while it has the
    keyboard is meant for the editor and passed on as `typed`."""

    chosen = Signal(object)
    dismissed = Signal()
    typed = Signal(str)

    def __init__(self, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("reasons")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts = Texts(i18n)
        title = label()
        self._texts.bind(title.setText, Key.REJECT_TITLE)
        self._texts.bind(self.setAccessibleName, Key.REJECT_TITLE)
        holder = QWidget()
        flow = FlowLayout(holder)
        for digit, reason in enumerate(RejectReason, start=1):
            flow.addWidget(self._button(i18n, digit, reason))
        cancel = button("quiet", self.dismissed.emit)
        self._texts.bind(cancel.setText, Key.REJECT_CANCEL)
        flow.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(title)
        layout.addWidget(holder)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, Esc gives the suggestion back."""
        if (reason := reason_of(event)) is not None:
            self.chosen.emit(reason)
        elif event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        elif event.text().isprintable() and event.text():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _button(self, i18n: I18n, digit: int, reason: RejectReason) -> QPushButton:
        made = button("", lambda: self.chosen.emit(reason))
        self._texts.bind_call(lambda: made.setText(f"{digit}  {i18n(REASON_KEYS[reason])}"))
        return made


def reason_of(event: QKeyEvent) -> RejectReason | None:
    """The reason that a digit without Ctrl or Alt stands for."""
    plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier)
    number = event.key() - Qt.Key.Key_1.value
    reasons = list(RejectReason)
    return reasons[number] if plain and 0 <= number < len(reasons) else None
