"""Read-only text that is as high as it is long."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit


class FlatText(QTextEdit):
    """Read-only text as high as it is long: the pane scrolls, not the text."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)

    def natural_width(self) -> int:
        """How wide the text would be without a limit."""
        document = self.document()
        before = document.textWidth()
        document.setTextWidth(-1)
        width = int(document.idealWidth()) + 4
        document.setTextWidth(before)
        return width

    def set_plain(self, text: str) -> None:
        """Show `text` and take the height it needs."""
        if self.toPlainText() != text:
            self.setPlainText(text)
        self.fit()

    def fit(self) -> None:
        """Take the height that the text needs at the present width."""
        self.document().setTextWidth(max(40, self.viewport().width()))
        height = int(self.document().size().height()) + 2
        if height != self.height() or height != self.maximumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the pane likes."""
        return QSize(80, 16)
