"""A scroll area that is never higher than what it holds."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST = 30


class FitScroll(QScrollArea):
    """Grows with `inner` as far as the layout has room, then scrolls."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWidget(inner)
        inner.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """All of the inside."""
        return QSize(super().sizeHint().width(), self._needed())

    def minimumSizeHint(self) -> QSize:
        """A line: in a low window what scrolls gives way first, lest the window grow."""
        return QSize(120, min(LEAST, self._needed()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The inside wants another height."""
        if watched is self._inner and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self._fit()

    def _needed(self) -> int:
        layout = self._inner.layout()
        width = self.viewport().width()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self._inner.sizeHint().height()

    def _fit(self) -> None:
        needed = max(1, self._needed())
        if self.maximumHeight() != needed:
            self.setMaximumHeight(needed)
            self.updateGeometry()
