"""Screens over one another, of which only the one that is shown takes room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Pages(QStackedWidget):
    """A screen out of sight must not keep the window wider than the one in sight needs it."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """What the shown page needs: its own minimum where it has one, else what its parts need."""
        page = self.currentWidget()
        if page is None:
            return super().minimumSizeHint()
        own, parts = page.minimumSize(), page.minimumSizeHint()
        return QSize(own.width() or parts.width(), own.height() or parts.height())
