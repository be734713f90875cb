"""The line above a list that takes a while to make: how many there are, how far it is, again or stop."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label


class WaitingLine(QFrame):
    """`again` makes the list anew, `cancel` stops that."""

    def __init__(self, look: Look, i18n: I18n, *, again: Callable[[], object], cancel: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("paneHeader")
        self._look, self._i18n = look, i18n
        self._texts = Texts(i18n)
        self._text = label("small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self._texts.bind(self.bar.setAccessibleName, Key.KB_PROGRESS)
        self.again = button("quiet", again)
        self.cancel = button("", cancel)
        self._texts.bind(self.again.setText, Key.KB_AGAIN)
        self._texts.bind(self.cancel.setText, Key.KB_CANCEL)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 18, 8)
        row.setSpacing(10)
        row.addWidget(self._text)
        row.addWidget(self.bar, 1)
        row.addStretch()
        row.addWidget(self.again)
        row.addWidget(self.cancel)
        look.changed.connect(self._paint)
        self._paint()
        self.show_state("", busy=False, progress=None)

    def show_state(self, text: str, *, busy: bool, progress: tuple[int, int] | None) -> None:
        """Say `text`; while busy show a bar, which goes to and fro where nobody knows how far it is."""
        done, total = progress or (0, 0)
        self._text.setText(text)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.again.setVisible(not busy)

    def _paint(self) -> None:
        self.again.setIcon(self._look.icon("refresh"))
        self.bar.setFixedHeight(self._look.scale.px(6))
