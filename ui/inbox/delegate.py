"""Paints a line of the ticket list: customer and waiting time, preview, then intent, urgency, mood and language."""

from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from agent_assist.domain.tickets import TicketRow
from ui.i18n import I18n
from ui.inbox.model import ROW_ROLE
from ui.look import Look
from ui.text_keys import Key
from ui.words import waiting

URGENCY_TONES = {"critical": "bad", "high": "warn"}
MOOD_ICONS = {
    "very_negative": "mood-bad",
    "negative": "mood-bad",
    "positive": "mood-good",
    "very_positive": "mood-good",
}
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TicketDelegate(QStyledItemDelegate):
    """Fonts and metrics are made once per look, not per line: painting is what scrolling costs."""

    def __init__(self, look: Look, i18n: I18n, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._i18n = look, i18n
        look.changed.connect(self._measure)
        self._measure()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for every line."""
        return QSize(200, self._height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self._ground(painter, option)
        row = index.data(ROW_ROLE)
        if isinstance(row, TicketRow):
            self._paint_row(painter, rect, row)
        else:
            self._paint_placeholder(painter, rect)
        painter.restore()

    def _measure(self) -> None:
        scale = self._look.scale
        self._name_font = self._look.font(scale.body, bold=True)
        self._text_font = self._look.font(scale.body)
        self._small_font = self._look.font(scale.small)
        self._name_metrics = QFontMetrics(self._name_font)
        self._text_metrics = QFontMetrics(self._text_font)
        self._small_metrics = QFontMetrics(self._small_font)
        # Chinese fonts have tall lines; one that is 1.4 times its size high holds both scripts.
        self._gap = scale.px(3)
        self._line = round(scale.body * 1.4)
        self._chip = round(scale.small * 1.45)
        self._height = 2 * scale.px(8) + 2 * self._line + self._chip + 2 * self._gap

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> QRect:
        rect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        token = "selected" if selected else "hover" if hovered else "surface"
        painter.fillRect(rect, self._look.colour(token))
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self._look.colour("accent"))
        painter.setPen(QPen(self._look.colour("border"), 1))
        painter.drawLine(rect.bottomLeft() + QPoint(self._look.scale.px(14), 0), rect.bottomRight())
        side, top = self._look.scale.px(14), self._look.scale.px(8)
        return rect.adjusted(side, top, -self._look.scale.px(12), -top)

    def _paint_row(self, painter: QPainter, rect: QRect, row: TicketRow) -> None:
        first = QRect(rect.left(), rect.top(), rect.width(), self._line)
        second = first.translated(0, self._line + self._gap)
        third = QRect(rect.left(), second.bottom() + 1 + self._gap, rect.width(), self._chip)
        time = waiting(self._i18n, row.waiting_since, datetime.now(UTC), row.state)
        used = self._small_metrics.horizontalAdvance(time.text)
        self._text(painter, first, time.text, self._small_font, time.tone, RIGHT)
        name = row.customer or self._i18n(Key.INBOX_UNNAMED)
        room = rect.width() - used - self._look.scale.px(10)
        elided = self._name_metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        self._text(painter, first, elided, self._name_font, "text", LEFT)
        preview = self._text_metrics.elidedText(
            " ".join(row.preview.split()), Qt.TextElideMode.ElideRight, rect.width()
        )
        self._text(painter, second, preview, self._text_font, "text_muted", LEFT)
        self._paint_labels(painter, third, row)

    def _paint_labels(self, painter: QPainter, rect: QRect, row: TicketRow) -> None:
        right = rect.right()
        if row.language:
            right = self._paint_language(painter, rect, row.language)
        x = rect.left()
        tone = URGENCY_TONES.get(row.urgency)
        if tone:
            x = self._paint_chip(
                painter, QRect(x, rect.top(), right - x, rect.height()), self._i18n.urgency(row.urgency), tone, "flag"
            )
        if row.intent:
            room = QRect(x, rect.top(), right - x, rect.height())
            x = self._paint_chip(painter, room, self._i18n.intent(row.intent), "", "")
        else:
            self._text(painter, rect, self._i18n(Key.INBOX_UNREAD), self._small_font, "text_faint", LEFT)
        mood = MOOD_ICONS.get(row.sentiment)
        size = self._look.scale.px(15)
        if mood and x + size < right:
            token = "bad" if mood == "mood-bad" else "good"
            painter.drawPixmap(x, rect.top() + (rect.height() - size) // 2, self._look.pixmap(mood, token, 15))

    def _paint_language(self, painter: QPainter, rect: QRect, language: str) -> int:
        text = self._i18n(Key.LANG_SHORT_ZH if language == "zh" else Key.LANG_SHORT_EN)
        self._text(painter, rect, text, self._small_font, "text_faint", RIGHT)
        return rect.right() - self._small_metrics.horizontalAdvance(text) - self._look.scale.px(8)

    def _paint_chip(self, painter: QPainter, room: QRect, text: str, tone: str, icon: str) -> int:
        """Draw a chip at the left of `room`; returns where the next one may begin."""
        pad, mark = self._look.scale.px(7), self._look.scale.px(13) if icon else 0
        width = room.width() - 2 * pad - mark
        if width < self._look.scale.px(24):
            return room.left()
        elided = self._small_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        whole = self._small_metrics.horizontalAdvance(elided) + 2 * pad + mark
        body = QRect(room.left(), room.top(), whole, room.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour(f"{tone}_soft" if tone else "chip"))
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        if icon:
            top = body.top() + (body.height() - self._look.scale.px(11)) // 2
            painter.drawPixmap(body.left() + pad - 2, top, self._look.pixmap(icon, tone, 11))
        self._text(painter, body.adjusted(pad + mark, 0, 0, 0), elided, self._small_font, tone or "chip_text", LEFT)
        return body.right() + self._look.scale.px(6)

    def _paint_placeholder(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colour("chip")))
        for line, share in enumerate((0.4, 0.9, 0.3)):
            top = rect.top() + line * (self._line + self._gap) + self._line // 4
            painter.drawRoundedRect(rect.left(), top, int(rect.width() * share), self._line // 2, 3, 3)

    def _text(
        self, painter: QPainter, rect: QRect, text: str, font: object, token: str, flags: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(self._look.colour(token))
        painter.drawText(rect, int(flags | Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, text)
