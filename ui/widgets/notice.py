"""What passes by: the bar of an error above everything, and the toast of an act with its "Undo"."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label

TOAST_MS = 8_000
MARGIN = 14


class NoticeBar(QFrame):
    """One sentence that stays until it is dismissed."""

    def __init__(self, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._look = look
        self._texts = Texts(i18n)
        self._icon, self._text = label(), label(wrap=True, selectable=True)
        self._close = button("quiet", self.hide)
        self._texts.bind(self._close.setToolTip, Key.NOTICE_DISMISS)
        self._texts.bind(self._close.setAccessibleName, Key.NOTICE_DISMISS)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        look.changed.connect(self._paint)
        self._paint()
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says."""
        return self._text.text()

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()

    def _paint(self) -> None:
        self._icon.setPixmap(self._look.pixmap("alert", "bad"))
        self._close.setIcon(self._look.icon("close"))


class Toast(QFrame):
    """Floats at the lower left of its parent for 8 seconds, over the pane `keep_over` names and never beside it, where
    something is being written."""

    undo_asked = Signal()

    def __init__(self, parent: QWidget, look: Look, i18n: I18n) -> None:
        super().__init__(parent)
        self._host = parent
        self._pane: QWidget | None = None
        self.setObjectName("toast")
        self._texts = Texts(i18n)
        self._text = label()
        self._undo = button("", self._undo_pressed)
        self._texts.bind(self._undo.setText, Key.TOAST_UNDO)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(14)
        row.addWidget(self._text)
        row.addWidget(self._undo)
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._count)
        self._counting: tuple[Callable[[int], str], int, str] | None = None
        parent.installEventFilter(self)
        look.changed.connect(self._place)
        self.hide()

    def keep_over(self, pane: QWidget | None) -> None:
        """Be no wider than `pane` while that is in sight."""
        self._pane = pane
        self._place()

    @property
    def text(self) -> str:
        """What the toast says."""
        return self._text.text()

    def say(self, text: str, *, undoable: bool = False) -> None:
        """Show `text`, with "Undo" where there is something to take back."""
        self._second.stop()
        self._show(text, undoable=undoable)
        self.setAccessibleName(text)
        self._timer.start()

    def count_down(self, text: Callable[[int], str], seconds: float, *, then: str) -> None:
        """Show `text` of the seconds that are left, with "Undo" as long as there are any, and `then` at the end."""
        self._timer.stop()
        self._counting = (text, ceil(seconds), then)
        self._show(text(ceil(seconds)), undoable=True)
        self.setAccessibleName(self.text)  # told once: a screen reader is not to count aloud
        self._second.start()

    def _count(self) -> None:
        assert self._counting is not None
        text, left, then = self._counting
        if left > 1:
            self._counting = (text, left - 1, then)
            self._show(text(left - 1), undoable=True)
        else:
            self.say(then)

    def _show(self, text: str, *, undoable: bool) -> None:
        self._text.setText(text)
        self._undo.setVisible(undoable)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window is resized."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        pane = self._pane if self._pane is not None and self._pane.isVisible() else self._host
        margins = self._row.contentsMargins()
        taken = margins.left() + margins.right()
        if not self._undo.isHidden():
            taken += self._row.spacing() + self._undo.sizeHint().width()
        self._text.setWordWrap(False)
        size, room = self._text.sizeHint(), max(pane.width() - 2 * MARGIN - taken, 0)
        if size.width() > room:
            self._text.setWordWrap(True)
            size = QSize(room, self._text.heightForWidth(room))
        self._text.setFixedSize(size)
        self.adjustSize()
        self.move(MARGIN, self._host.height() - self.height() - MARGIN)

    def _undo_pressed(self) -> None:
        self._second.stop()
        self.hide()
        self.undo_asked.emit()
