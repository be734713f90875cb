"""The editor of an article's text: completes slots after an opening brace, and marks the unknown ones."""

import re

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QTextEdit

from agent_assist.domain.language import Language
from agent_assist.domain.slots import NAMES, find_slots
from ui.look import Look
from ui.textpos import to_qt
from ui.widgets.inputs import TextInput

_OPEN = re.compile(r"\{([A-Za-z_0-9\u3400-\u9fff]*)$")
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape)


def slot_words(language: Language) -> list[str]:
    """The slots as they are written in a language: the first Chinese word, or the English name."""
    if language is Language.ZH:
        return [next((word for word in words if not word.isascii()), name) for name, words in NAMES.items()]
    return list(NAMES)


class SlotText(TextInput):
    """A text with slots such as `{order_number}`."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("editor")
        self._look = look
        self._words = QStringListModel(self)
        self.completer = QCompleter(self._words, self)
        self.completer.setWidget(self)
        self.popup = QListView()
        self.completer.setPopup(self.popup)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self._complete)
        self.textChanged.connect(self.mark_unknown)
        look.changed.connect(self.mark_unknown)

    def set_language(self, language: Language) -> None:
        """Offer the slots as texts in this language write them."""
        self._words.setStringList(slot_words(language))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While slots are offered, their list has the keys that choose."""
        if self.popup.isVisible() and Qt.Key(event.key()) in _CHOOSING:
            event.ignore()
            return
        super().keyPressEvent(event)
        self._offer()

    def mark_unknown(self) -> None:
        """Underline what is written as a slot and is none."""
        text = self.toPlainText()
        tone = QTextCharFormat()
        tone.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        tone.setUnderlineColor(self._look.colour("bad"))
        tone.setBackground(self._look.colour("bad_soft"))
        marks = []
        for slot in find_slots(text):
            if not slot.name:
                mark = QTextEdit.ExtraSelection()
                cursor = QTextCursor(self.document())
                cursor.setPosition(to_qt(text, slot.start))
                cursor.setPosition(to_qt(text, slot.end), QTextCursor.MoveMode.KeepAnchor)
                mark.cursor, mark.format = cursor, tone
                marks.append(mark)
        self.setExtraSelections(marks)

    def begun(self) -> str | None:
        """What is written of a slot before the cursor, None where none is begun."""
        cursor = self.textCursor()
        found = _OPEN.search(cursor.block().text()[: cursor.positionInBlock()])
        return found[1] if found else None

    def _offer(self) -> None:
        begun, popup = self.begun(), self.popup
        if begun is None or self.preedit:
            popup.hide()
            return
        self.completer.setCompletionPrefix(begun)
        if not self.completer.completionCount():
            popup.hide()
            return
        popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        place = self.cursorRect()
        place.setWidth(popup.sizeHintForColumn(0) + self._look.scale.px(40))
        self.completer.complete(place)

    def _complete(self, word: str) -> None:
        begun = self.begun()
        if begun is None:
            return
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun))
        closed = self.toPlainText()[cursor.selectionEnd() : cursor.selectionEnd() + 1] == "}"
        cursor.insertText(word if closed else word + "}")
        if closed:
            cursor.movePosition(QTextCursor.MoveOperation.Right)
        self.setTextCursor(cursor)
