"""What differs between two texts, shown by colour and by sign: added words are [+so+], removed ones [−so−]."""

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextCursor

from agent_assist.domain.article_versions import DiffKind, DiffPiece
from ui.look import Look

# Signs around a piece, and the colours of text and ground.
LOOKS = {
    DiffKind.KEPT: ("", "", "text", ""),
    DiffKind.ADDED: ("[+", "+]", "good", "good_soft"),
    DiffKind.REMOVED: ("[−", "−]", "bad", "bad_soft"),
}
# Of an unchanged stretch only its ends are shown.
KEPT_CHARS = 240


def insert_pieces(cursor: QTextCursor, pieces: Sequence[DiffPiece], look: Look, *, whole: bool = False) -> None:
    """Write the pieces in reading order at `cursor`, long unchanged stretches shortened unless `whole`."""
    for piece in pieces:
        before, after, colour, ground = LOOKS[piece.kind]
        sign = QTextCharFormat()
        sign.setFont(look.font(look.scale.body))
        sign.setForeground(look.colour(colour))
        if ground:
            sign.setBackground(look.colour(ground))
        tone = QTextCharFormat(sign)
        tone.setFontStrikeOut(piece.kind is DiffKind.REMOVED)
        cursor.insertText(before, sign)
        cursor.insertText(piece.text if whole or piece.kind is not DiffKind.KEPT else shortened(piece.text), tone)
        cursor.insertText(after, sign)


def shortened(text: str) -> str:
    """The ends of a long text."""
    half = KEPT_CHARS // 2
    return text if len(text) <= KEPT_CHARS else f"{text[:half]} … {text[-half:]}"
