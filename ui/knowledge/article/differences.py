"""What differs between two versions of an article, field by field."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtGui import QTextCharFormat, QTextCursor

from agent_assist.domain.article_versions import DiffKind, DiffPiece, FieldDiff
from ui.difference_text import insert_pieces
from ui.i18n import I18n
from ui.knowledge.words import FIELD_KEYS, day
from ui.look import Look
from ui.widgets.safe_text import SafeText

TIMES = ("valid_from", "valid_until")


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
        insert_pieces(cursor, spelled_out(field), look)
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
