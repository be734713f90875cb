"""The head of a screen beside the tickets: the way back, its title, what it is for, and its own controls."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.flow import padded_flow


class ScreenHead(QFrame):
    """Controls are added with `add`; they go into the next line where it is narrow."""

    def __init__(self, look: Look, i18n: I18n, *, title: Key, hint: Key, back: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("paneHeader")
        self._look, self._texts = look, Texts(i18n)
        self.back = button("quiet", back)
        self._texts.bind(self.back.setText, Key.ACTION_DESK)
        title_label, hint_label = label("heading"), label("muted", wrap=True)
        self._texts.bind(title_label.setText, title)
        self._texts.bind(hint_label.setText, hint)
        hint_label.setContentsMargins(20, 0, 20, 10)
        controls = QWidget()
        self._row = padded_flow(controls, 10)
        for part in (self.back, title_label):
            self._row.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(controls)
        layout.addWidget(hint_label)
        look.changed.connect(self._paint)
        self._paint()

    def add(self, made: QWidget) -> None:
        """Put a control behind the title."""
        self._row.addWidget(made)

    def _paint(self) -> None:
        self.back.setIcon(self._look.icon("inbox"))
