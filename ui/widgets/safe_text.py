"""Read-only text that loads nothing and follows no link, whatever it holds."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit


class SafeText(QTextEdit):
    """Scrolls, can be selected from with keys and mouse; no picture or style sheet is ever fetched for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)

    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Nothing: neither from the network nor from the disk."""
        return None
