"""Paints a line of the ticket list: customer and clock, preview, then urgency, intent, mood, assignee and language."""

from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from agent_assist.domain.tickets import TicketRow
from ui.i18n import I18n
from ui.inbox.marks import Marks
from ui.inbox.model import MARKED_ROLE, ROW_ROLE
from ui.look import Look
from ui.text_keys import Key
from ui.words import group_size, open_tickets, response

URGENCY_TONES = {"critical": "bad", "high": "warn"}
MOOD_ICONS = {
    "very_negative": "mood-bad",
    "negative": "mood-bad",
    "positive": "mood-good",
    "very_positive": "mood-good",
}
# Room for the tick box, in design pixels; always there, so that nothing moves under the mouse.
GUTTER = 28
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TicketDelegate(QStyledItemDelegate):
    """Fonts and metrics are made once per look, not per line: painting is what scrolling costs."""

    def __init__(self, look: Look, i18n: I18n, marks: Marks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._i18n, self._marks = look, i18n, marks
        self._on_selected = False
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
        marked = bool(index.data(MARKED_ROLE))
        rect = self._ground(painter, option, marked=marked)
        if self._marks or option.state & QStyle.StateFlag.State_MouseOver:
            self._paint_box(painter, option.rect, marked=marked)
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

    def box_width(self) -> int:
        """The width at the left of a line in which a click marks it."""
        return self._look.scale.px(GUTTER)

    def badge_rect(self, rect: QRect, row: TicketRow) -> QRect:
        """The name and the number of the customer's open tickets in a line's `rect`, where a click shows them."""
        px = self._look.scale.px
        name = self._name_metrics.horizontalAdvance(row.customer or self._i18n(Key.INBOX_UNNAMED))
        return QRect(rect.left() + px(GUTTER), rect.top() + px(8), name + px(64 if row.grouped > 1 else 50), self._line)

    def _paint_box(self, painter: QPainter, rect: QRect, *, marked: bool) -> None:
        """A tick box in the gutter."""
        px = self._look.scale.px
        box = QRect(rect.left() + px(8), rect.top() + px(10), px(13), px(13))
        painter.setBrush(self._look.colour("accent" if marked else "surface"))
        painter.setPen(QPen(self._look.colour("accent" if marked else "text_muted"), 1))
        painter.drawRoundedRect(box, 3, 3)
        if marked:
            painter.drawPixmap(box.left() + px(1), box.top() + px(1), self._look.pixmap("check", "on_accent", 11))

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, *, marked: bool) -> QRect:
        rect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        self._on_selected = selected or marked
        token = "selected" if self._on_selected else "hover" if hovered else "surface"
        painter.fillRect(rect, self._look.colour(token))
        if selected:  # a marked line has the same ground
            bar = "accent" if state & QStyle.StateFlag.State_HasFocus else "border_strong"
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self._look.colour(bar))
        painter.setPen(QPen(self._look.colour("border"), 1))
        painter.drawLine(rect.bottomLeft() + QPoint(self._look.scale.px(GUTTER), 0), rect.bottomRight())
        side, top = self._look.scale.px(GUTTER), self._look.scale.px(8)
        return rect.adjusted(side, top, -self._look.scale.px(12), -top)

    def _paint_row(self, painter: QPainter, rect: QRect, row: TicketRow) -> None:
        first = QRect(rect.left(), rect.top(), rect.width(), self._line)
        second = first.translated(0, self._line + self._gap)
        third = QRect(rect.left(), second.bottom() + 1 + self._gap, rect.width(), self._chip)
        px = self._look.scale.px
        time = response(self._i18n, row, datetime.now(UTC))
        used = self._small_metrics.horizontalAdvance(time.text) + px(10)
        self._text(painter, first, time.text, self._small_font, time.tone, RIGHT)
        if time.icon:
            used += px(16)
            icon = self._look.pixmap(time.icon, time.tone, 13)
            painter.drawPixmap(first.right() - used + px(10), first.top() + (first.height() - px(13)) // 2, icon)
        group = group_size(row)
        badge, mark = (group, "copy") if group else (open_tickets(row), "")
        if badge:
            used += self._small_metrics.horizontalAdvance(badge) + px(34 if mark else 20)
        name = row.customer or self._i18n(Key.INBOX_UNNAMED)
        elided = self._name_metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width() - used)
        self._text(painter, first, elided, self._name_font, "text", LEFT)
        if badge:
            left = first.left() + self._name_metrics.horizontalAdvance(elided) + px(6)
            self._paint_chip(painter, QRect(left, first.top() + 1, px(72), self._chip), badge, "accent", mark)
        preview = self._text_metrics.elidedText(
            " ".join(row.preview.split()), Qt.TextElideMode.ElideRight, rect.width()
        )
        self._text(painter, second, preview, self._text_font, "text_muted", LEFT)
        self._paint_labels(painter, third, row)

    def _paint_labels(self, painter: QPainter, rect: QRect, row: TicketRow) -> None:
        right = rect.right()
        if row.language:
            right = self._paint_language(painter, rect, row.language)
        if row.assignee:
            right = self._paint_assignee(painter, rect, right, row.assignee)
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

    def _paint_assignee(self, painter: QPainter, rect: QRect, right: int, name: str) -> int:
        px = self._look.scale.px
        elided = self._small_metrics.elidedText(name, Qt.TextElideMode.ElideRight, px(72))
        left = right - self._small_metrics.horizontalAdvance(elided)
        room = QRect(left, rect.top(), right - left, rect.height())
        self._text(painter, room, elided, self._small_font, "text_muted", RIGHT)
        icon = self._look.pixmap("person", "text_muted", 12)
        painter.drawPixmap(left - px(15), rect.top() + (rect.height() - px(12)) // 2, icon)
        return left - px(22)

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
        # On the ground of a chosen or marked line a chip of the same colour would not be seen.
        plain = "surface" if self._on_selected else "chip"
        painter.setBrush(self._look.colour(f"{tone}_soft" if tone else plain))
        ink = "accent_text" if tone == "accent" else tone or "chip_text"
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        if icon:
            top = body.top() + (body.height() - self._look.scale.px(11)) // 2
            painter.drawPixmap(body.left() + pad - 2, top, self._look.pixmap(icon, ink, 11))
        self._text(painter, body.adjusted(pad + mark, 0, 0, 0), elided, self._small_font, ink, LEFT)
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
