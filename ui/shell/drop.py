"""Dropping files onto the window: two places appear, one for tickets and one for knowledge."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import I18n, Texts
from ui.text_keys import Key
from ui.widgets.basics import label, set_property

Dropped = Callable[[Sequence[Path]], None]


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(QFrame):
    """One of the two places."""

    def __init__(self, i18n: I18n, key: Key, dropped: Dropped, done: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setAcceptDrops(True)
        self._dropped, self._done = dropped, done
        self._texts = Texts(i18n)
        title = label("display")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._texts.bind(title.setText, key)
        QVBoxLayout(self).addWidget(title)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that this is the place."""
        if dropped_paths(event.mimeData()):
            set_property(self, "over", True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It is not, after all."""
        set_property(self, "over", False)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Still the place."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        set_property(self, "over", False)
        paths = dropped_paths(event.mimeData())
        event.acceptProposedAction()
        self._done()
        self._dropped(paths)


class DropOverlay(QWidget):
    """Covers `host` while files are dragged over it."""

    def __init__(self, host: QWidget, i18n: I18n, *, tickets: Dropped, knowledge: Dropped) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("dropShade")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.tickets = DropZone(i18n, Key.DROP_TICKETS, tickets, self.hide)
        self.knowledge = DropZone(i18n, Key.DROP_KNOWLEDGE, knowledge, self.hide)
        hint = label("muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._texts = Texts(i18n)
        self._texts.bind(hint.setText, Key.DROP_HINT)
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addWidget(self.tickets)
        row.addWidget(self.knowledge)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 32)
        column.setSpacing(20)
        column.addLayout(row, 1)
        column.addWidget(hint)
        host.setAcceptDrops(True)
        host.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Appear when files come over the host."""
        if isinstance(event, QDragEnterEvent) and watched is self._host and dropped_paths(event.mimeData()):
            self.setGeometry(self._host.rect())
            self.show()
            self.raise_()
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Between the two places nothing is taken, but the overlay stays."""
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files went away."""
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Dropped between the places: nothing happens."""
        self.hide()
