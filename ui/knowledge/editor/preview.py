"""How a text with slots reads for the open ticket."""

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QVBoxLayout

from agent_assist.domain.slots import FilledText, Slot
from ui.i18n import I18n, Texts
from ui.knowledge.editor.filling import Filling
from ui.look import Look
from ui.text_keys import Key
from ui.textpos import to_qt
from ui.widgets.basics import label
from ui.widgets.flat_text import FlatText


class PreviewPanel(QFrame):
    """Filled slots on a green ground, open ones on a yellow one with their braces; hidden for a text without slots."""

    def __init__(self, filling: Filling, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("suggestionCard")
        self._filling, self._look, self._i18n = filling, look, i18n
        self._texts = Texts(i18n)
        self._name, self._open = label("section", wrap=True), label("warn", wrap=True)
        self.text = FlatText()
        self._texts.bind(self.text.setAccessibleName, Key.KB_PREVIEW)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for part in (self._name, self.text, self._open):
            column.addWidget(part)
        filling.changes.subscribe(self.render_preview)
        self.hide()

    def render_preview(self) -> None:
        """Show or hide the preview."""
        filled = self._filling.filled
        self.setVisible(filled is not None)
        if filled is None:
            return
        ticket = self._filling.ticket_id
        self._name.setText(
            self._i18n(Key.KB_PREVIEW_FOR, ticket=ticket) if ticket else self._i18n(Key.KB_PREVIEW_NO_TICKET)
        )
        self.text.set_plain(filled.text)
        self._paint(filled)
        self._open.setText(self._i18n(Key.KB_PREVIEW_OPEN, slots=", ".join(filled.open_words)))
        self._open.setVisible(bool(filled.open))

    def _paint(self, filled: FilledText) -> None:
        cursor = QTextCursor(self.text.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(QTextCharFormat())
        for slots, ground in ((filled.filled, "good_soft"), (filled.open, "warn_soft")):
            for slot in slots:
                self._mark(cursor, filled.text, slot, ground)

    def _mark(self, cursor: QTextCursor, text: str, slot: Slot, ground: str) -> None:
        tone = QTextCharFormat()
        tone.setBackground(self._look.colour(ground))
        cursor.setPosition(to_qt(text, slot.start))
        cursor.setPosition(to_qt(text, slot.end), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(tone)
