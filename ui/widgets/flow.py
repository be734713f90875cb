"""A layout that sets widgets in lines like words, for chips."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then the next line; height follows width. `line_spacing` is as `spacing` where it is negative."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 6, line_spacing: int = -1) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self._line_spacing = spacing if line_spacing < 0 else line_spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self.spacing() for size in sizes)
        height = max((size.height() for size in sizes), default=0)
        margins = self.contentsMargins()
        return QSize(
            max(0, width - self.spacing()) + margins.left() + margins.right(), height + margins.top() + margins.bottom()
        )

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def clear(self) -> None:
        """Let all widgets go."""
        while (item := self.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        room = rect.marginsRemoved(margins)
        x, y, height = room.x(), room.y(), 0
        line: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._items:
            if item.isEmpty():  # a hidden widget takes no room, and no gap either
                continue
            size = item.sizeHint()
            if line and x + size.width() > room.right() + 1:
                self._set_line(line, y, height, move=move)
                x, y, height, line = room.x(), y + height + self._line_spacing, 0, []
            line.append((item, x, size))
            x += size.width() + self.spacing()
            height = max(height, size.height())
        self._set_line(line, y, height, move=move)
        return y + height - room.y() + margins.top() + margins.bottom()

    def _set_line(self, line: list[tuple[QLayoutItem, int, QSize]], y: int, height: int, *, move: bool) -> None:
        """Put a line's items on its middle."""
        for item, x, size in line if move else ():
            item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))


def padded_flow(parent: QWidget, above: int, *, side: int = 18, spacing: int = 8, line_spacing: int = -1) -> FlowLayout:
    """A flow of buttons with room around it."""
    made = FlowLayout(parent, spacing=spacing, line_spacing=line_spacing)
    made.setContentsMargins(side, above, side, above)
    return made
