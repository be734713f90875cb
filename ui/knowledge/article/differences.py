"""What differs between two texts, shown by colour and by sign: added words are [+so+], removed ones [−so−]."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtGui import QTextCharFormat, QTextCursor

from agent_assist.domain.article_versions import DiffKind, DiffPiece, FieldDiff
from ui.i18n import I18n
from ui.knowledge.words import FIELD_KEYS, day
from ui.look import Look
from ui.widgets.safe_text import SafeText

# Signs around a piece, and the colours of text and ground.
LOOKS = {
    DiffKind.KEPT: ("", "", "text", ""),
    DiffKind.ADDED: ("[+", "+]", "good", "good_soft"),
    DiffKind.REMOVED: ("[−", "−]", "bad", "bad_soft"),
}
TIMES = ("valid_from", "valid_until")
# Of an unchanged stretch only its ends are shown.
KEPT_CHARS = 240


def show_differences(view: SafeText, fields: Sequence[FieldDiff], look: Look, i18n: I18n) -> None:
    """Put the fields that differ, word by word, in place of what `view` shows."""
    view.clear()
    cursor = QTextCursor(view.document())
    cursor.beginEditBlock()
    for number, field in enumerate(fields):
        name = QTextCharFormat()
        name.setFont(look.font(look.scale.small, bold=True))
        name.setForeground(look.colour("text_muted"))
        key = FIELD_KEYS.get(field.field)
        cursor.insertText(("\n\n" if number else "") + (i18n(key) if key else field.field) + "\n", name)
        for piece in spelled_out(field):
            before, after, colour, ground = LOOKS[piece.kind]
            sign = QTextCharFormat()
            sign.setFont(look.font(look.scale.body))
            sign.setForeground(look.colour(colour))
            if ground:
                sign.setBackground(look.colour(ground))
            tone = QTextCharFormat(sign)
            tone.setFontStrikeOut(piece.kind is DiffKind.REMOVED)
            cursor.insertText(before, sign)
            cursor.insertText(shortened(piece.text) if piece.kind is DiffKind.KEPT else piece.text, tone)
            cursor.insertText(after, sign)
    cursor.endEditBlock()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    view.setTextCursor(cursor)


def spelled_out(field: FieldDiff) -> Sequence[DiffPiece]:
    """The pieces of a field; a time as people write it, before and after."""
    if field.field not in TIMES:
        return field.pieces
    sides = {
        kind: "".join(piece.text for piece in field.pieces if piece.kind in (DiffKind.KEPT, kind))
        for kind in (DiffKind.REMOVED, DiffKind.ADDED)
    }
    return [DiffPiece(kind, day(datetime.fromisoformat(text))) for kind, text in sides.items() if text]


def shortened(text: str) -> str:
    """The ends of a long text."""
    half = KEPT_CHARS // 2
    return text if len(text) <= KEPT_CHARS else f"{text[:half]} … {text[-half:]}"
