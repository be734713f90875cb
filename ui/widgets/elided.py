"""A line of text that is cut with an ellipsis where it does not fit, instead of in the middle of a letter."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption


class ElidedLabel(QLabel):
    """As wide as its text where there is room; the whole text is the tooltip and what screen readers hear."""

    def __init__(self, text: str = "", *, tone: str = "", minimum: int = 40) -> None:
        super().__init__()
        self._minimum = minimum
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if tone:
            self.setProperty("tone", tone)
        self.set_line(text)

    def set_line(self, text: str) -> None:
        """Show `text` in one line."""
        line = " ".join(text.split())
        self.setText(line)
        self.setToolTip(line)
        self.setAccessibleName(line)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the text: that is the point."""
        return QSize(min(self._minimum, super().sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
