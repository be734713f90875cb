"""What is the matter with a reply's words, said and marked."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from agent_assist.domain.suggestion import BLOCKING, Unsupported, UnsupportedReason
from ui.i18n import I18n
from ui.text_keys import Key
from ui.textpos import to_qt

UNSUPPORTED_KEYS = {
    UnsupportedReason.AMOUNT: Key.UNSUPPORTED_AMOUNT,
    UnsupportedReason.DATE: Key.UNSUPPORTED_DATE,
    UnsupportedReason.DURATION: Key.UNSUPPORTED_DURATION,
    UnsupportedReason.PERCENTAGE: Key.UNSUPPORTED_PERCENTAGE,
    UnsupportedReason.IDENTIFIER: Key.UNSUPPORTED_IDENTIFIER,
    UnsupportedReason.NUMBER: Key.UNSUPPORTED_NUMBER,
    UnsupportedReason.TIME: Key.UNSUPPORTED_TIME,
    UnsupportedReason.PLACE: Key.UNSUPPORTED_PLACE,
    UnsupportedReason.PRODUCT: Key.UNSUPPORTED_PRODUCT,
    UnsupportedReason.PROMISE: Key.UNSUPPORTED_PROMISE,
    UnsupportedReason.OTHER_SUBJECT: Key.UNSUPPORTED_OTHER_SUBJECT,
    UnsupportedReason.CONTRADICTION: Key.UNSUPPORTED_CONTRADICTION,
    UnsupportedReason.FORBIDDEN: Key.UNSUPPORTED_FORBIDDEN,
    UnsupportedReason.SLOT: Key.UNSUPPORTED_SLOT,
}
# More are marked in the text; here they would push it out of the window.
SHOWN = 4


def doubt_lines(i18n: I18n, text: str, unsupported: Sequence[Unsupported]) -> str:
    """A line for each: the words and what is the matter with them."""
    lines = [
        i18n(Key.UNSUPPORTED_LINE, words=text[one.start : one.end], reason=i18n(UNSUPPORTED_KEYS[one.reason]))
        for one in unsupported
    ]
    return "\n".join([*lines[:SHOWN], *(["…"] if len(lines) > SHOWN else [])])


def mark_editor(
    editor: QPlainTextEdit, unsupported: Sequence[Unsupported], colours: tuple[QColor, QColor, QColor, QColor]
) -> None:
    """Underline words in the editor without touching its text; `colours`: ground and line of doubts, then of bans."""
    text = editor.toPlainText()
    selections = []
    for one in unsupported:
        ground, line = colours[2:] if one.reason in BLOCKING else colours[:2]
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(editor.document())
        cursor.setPosition(to_qt(text, one.start))
        cursor.setPosition(to_qt(text, one.end), QTextCursor.MoveMode.KeepAnchor)
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(line)
        style.setBackground(ground)
        selection.cursor, selection.format = cursor, style
        selections.append(selection)
    editor.setExtraSelections(selections)
