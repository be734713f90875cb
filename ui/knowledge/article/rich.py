"""Lays an article's blocks out in a text widget, and finds the places of its source there."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

from agent_assist.domain.knowledge import Article
from ui.knowledge.article.blocks import Block, BlockKind, Span, blocks_of, is_markdown
from ui.look import Look
from ui.textpos import to_qt
from ui.widgets.safe_text import SafeText

HEADING_SIZES = {1: 17, 2: 15, 3: 14}


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of the source from `start` on, and where they begin in the document."""

    start: int
    text: str
    position: int


class RichArticle:
    """The text of one article in `view`."""

    def __init__(self, view: SafeText, look: Look) -> None:
        self._view, self._look = view, look
        self._runs: list[_Run] = []

    def show(self, article: Article) -> None:
        """Put the article's text in place of what is there."""
        self._runs = []
        self._view.clear()
        self._view.setCurrentCharFormat(QTextCharFormat())  # or plain text would look like the last word before it
        if is_markdown(article):
            self._lay_out(blocks_of(article.text))
        else:
            self._view.setPlainText(article.text)
            self._runs = [_Run(0, article.text, 0)]

    def mark(self, start: int, end: int) -> bool:
        """Mark characters `start` to `end` of the source and scroll to them; False where they are not shown."""
        tone = QTextCharFormat()
        tone.setBackground(self._look.colour("entity_money"))
        tone.setForeground(self._look.colour("text"))
        first: QTextCursor | None = None
        for run in self._runs:
            left, right = max(start, run.start), min(end, run.start + len(run.text))
            if left < right:
                cursor = QTextCursor(self._view.document())
                cursor.setPosition(run.position + to_qt(run.text, left - run.start))
                first = first or QTextCursor(cursor)
                cursor.setPosition(run.position + to_qt(run.text, right - run.start), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(tone)
        if first is None:
            return False
        self._view.setTextCursor(first)
        self._view.ensureCursorVisible()
        return True

    def _lay_out(self, blocks: Sequence[Block]) -> None:
        cursor = QTextCursor(self._view.document())
        cursor.beginEditBlock()
        for number, block in enumerate(blocks):
            if block.kind is BlockKind.TABLE:
                self._table(cursor, block)
                continue
            shape = self._shape(block, first=number == 0)
            if number == 0:
                cursor.setBlockFormat(shape)
            else:
                cursor.insertBlock(shape, QTextCharFormat())
            if block.mark:
                cursor.insertText(f"{block.mark} ", self._tone(block, Span("")))
            self._write(cursor, block, block.spans)
        cursor.endEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self._view.setTextCursor(cursor)

    def _shape(self, block: Block, *, first: bool) -> QTextBlockFormat:
        px = self._look.scale.px
        shape = QTextBlockFormat()
        gap = {BlockKind.HEADING: 14, BlockKind.ITEM: 3, BlockKind.CODE: 0}.get(block.kind, 7)
        shape.setTopMargin(0 if first else px(gap))
        if block.kind is BlockKind.ITEM:
            shape.setLeftMargin(px(18 * block.level))
            shape.setTextIndent(-px(14) if block.mark else 0)
        if block.kind is BlockKind.QUOTE:
            shape.setLeftMargin(px(14 * block.level))
        if block.kind is BlockKind.CODE:
            shape.setBackground(self._look.colour("sunken"))
        return shape

    def _tone(self, block: Block, span: Span) -> QTextCharFormat:
        tone = QTextCharFormat()
        size = HEADING_SIZES.get(block.level, 13) if block.kind is BlockKind.HEADING else 13
        bold = span.bold or block.kind is BlockKind.HEADING
        tone.setFont(self._look.font(self._look.scale.px(size), bold=bold, mono=span.code))
        faint = (span.start < 0 and bool(span.text)) or block.kind is BlockKind.QUOTE
        tone.setForeground(self._look.colour("text_muted" if faint else "text"))
        return tone

    def _write(self, cursor: QTextCursor, block: Block, spans: Sequence[Span]) -> None:
        for span in spans:
            if span.start >= 0:
                self._runs.append(_Run(span.start, span.text, cursor.position()))
            cursor.insertText(span.text, self._tone(block, span))

    def _cell(self, *, head: bool) -> QTextTableCellFormat:
        shape = QTextTableCellFormat()
        shape.setBottomBorder(1)
        shape.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBottomBorderBrush(self._look.colour("border_strong" if head else "border"))
        return shape

    def _table(self, cursor: QTextCursor, block: Block) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        shape = QTextTableFormat()
        shape.setCellPadding(self._look.scale.px(5))
        shape.setCellSpacing(0)
        shape.setBorder(0)
        shape.setHeaderRowCount(1)
        shape.setTopMargin(self._look.scale.px(8))
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table = cursor.insertTable(len(block.rows), columns, shape)
        for number, row in enumerate(block.rows):
            for place, cell in enumerate(row):
                table.cellAt(number, place).setFormat(self._cell(head=number == 0))
                inside = table.cellAt(number, place).firstCursorPosition()
                head = Block(BlockKind.HEADING, level=6) if number == 0 else block
                self._write(inside, head, cell)
        cursor.movePosition(QTextCursor.MoveOperation.End)
