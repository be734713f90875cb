"""The rows of other tickets and of solved ones."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_assist.domain.customers import OtherTicket, SameCustomer
from agent_assist.domain.solved import OutdatedReason, SimilarReason, SolvedTicket
from agent_assist.domain.tickets import TicketState
from ui.card.order_card import text_label
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, chip, set_property
from ui.widgets.elided import ElidedLabel
from ui.widgets.flat_text import FlatText
from ui.widgets.flow import FlowLayout
from ui.words import clock

STATE_LOOKS = {
    TicketState.WAITING: (Key.SIDE_STATE_WAITING, "warn"),
    TicketState.ANSWERED: (Key.SIDE_STATE_ANSWERED, "accent"),
    TicketState.DONE: (Key.SIDE_STATE_DONE, "good"),
}
WHY_KEYS = {
    SameCustomer.ORDER: Key.SIDE_WHY_ORDER,
    SameCustomer.CONTACT: Key.SIDE_WHY_CONTACT,
    SameCustomer.NAME: Key.SIDE_WHY_NAME,
}
REASON_KEYS = {
    SimilarReason.SAME_WORDS: Key.SIDE_REASON_WORDS,
    SimilarReason.SAME_MEANING: Key.SIDE_REASON_MEANING,
    SimilarReason.SAME_INTENT: Key.SIDE_REASON_INTENT,
    SimilarReason.SAME_PRODUCT: Key.SIDE_REASON_PRODUCT,
}
OUTDATED_KEYS = {
    OutdatedReason.OLD: Key.SIDE_OLD,
    OutdatedReason.ARTICLE_CHANGED: Key.SIDE_ARTICLE_CHANGED,
    OutdatedReason.ARTICLE_BLOCKED: Key.SIDE_ARTICLE_BLOCKED,
    OutdatedReason.ARTICLE_EXPIRED: Key.SIDE_ARTICLE_EXPIRED,
    OutdatedReason.ARTICLE_GONE: Key.SIDE_ARTICLE_GONE,
}
PREVIEW_CHARS = 140


class Row(QFrame):
    """A row that the keyboard stops at: Enter, Space or a click opens it."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sideRow")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(8, 6, 8, 6)
        self.column.setSpacing(2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open; the arrows go to the next row."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.opened.emit()
            case Qt.Key.Key_Down:
                self.focusNextChild()
            case Qt.Key.Key_Up:
                self.focusPreviousChild()
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        set_property(self, "focused", True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It is elsewhere."""
        set_property(self, "focused", False)
        super().focusOutEvent(event)


class OtherTicketRow(Row):
    """Another ticket of the customer."""

    def __init__(self, other: OtherTicket, i18n: I18n) -> None:
        super().__init__()
        row = other.row
        holder = QWidget()
        head = FlowLayout(holder, spacing=6)
        head.addWidget(text_label(clock(i18n, row.waiting_since, datetime.now(UTC)), "small"))
        key, tone = STATE_LOOKS[row.state]
        head.addWidget(chip(i18n(key), tone))
        head.addWidget(chip(i18n(WHY_KEYS[other.why]), "warn" if other.why is SameCustomer.NAME else ""))
        self.column.addWidget(holder)
        said = row.subject or row.preview
        self.column.addWidget(ElidedLabel(said))
        if row.intent:
            self.column.addWidget(ElidedLabel(i18n.intent(row.intent), tone="faint"))
        if other.last_reply:
            self.column.addWidget(ElidedLabel(i18n(Key.SIDE_REPLY, text=other.last_reply), tone="small"))
        name = i18n(Key.SIDE_OPEN_TICKET, ticket=row.id, text=said)
        self.setAccessibleName(name)
        self.setToolTip(name)


class SolvedRow(Row):
    """A solved ticket: Enter unfolds its reply, which can be used, copied, or looked at in its thread."""

    used = Signal()
    copied = Signal()
    ticket_asked = Signal()

    def __init__(self, solved: SolvedTicket, look: Look, i18n: I18n, *, unfolded: bool) -> None:
        super().__init__()
        asked = " ".join(solved.question.text.split())
        line = ElidedLabel(asked, tone="strong")
        self.column.addWidget(line)
        holder = QWidget()
        facts = FlowLayout(holder, spacing=6)
        facts.addWidget(text_label(clock(i18n, solved.at, datetime.now(UTC)), "small"))
        for reason in solved.reasons:
            facts.addWidget(chip(i18n(REASON_KEYS[reason])))
        if solved.times_sent > 1:
            facts.addWidget(chip(i18n(Key.SIDE_TIMES, n=solved.times_sent), "good"))
        self.column.addWidget(holder)
        if solved.outdated:
            why = ", ".join(i18n(OUTDATED_KEYS[reason]) for reason in solved.outdated)
            self.column.addWidget(text_label(i18n(Key.SIDE_OUTDATED, why=why), "warn", wrap=True))
        if unfolded:
            self._add_reply(solved, look, i18n)
        else:
            reply = " ".join(solved.reply_text.split())[:PREVIEW_CHARS]
            self.column.addWidget(ElidedLabel(i18n(Key.SIDE_REPLY, text=reply), tone="small"))
        self.setAccessibleName(i18n(Key.SIDE_ASKED, text=asked))
        self.setAccessibleDescription(i18n(Key.SIDE_REPLY, text=solved.reply_text))

    def _add_reply(self, solved: SolvedTicket, look: Look, i18n: I18n) -> None:
        text = FlatText()
        text.setObjectName("passage")
        text.setAccessibleName(i18n(Key.SIDE_REPLY, text=""))
        text.set_plain(solved.reply_text)
        self.column.addWidget(text)
        if solved.other_customer:
            self.column.addWidget(text_label(i18n(Key.SIDE_MASKED), "faint", wrap=True))
        holder = QWidget()
        buttons = FlowLayout(holder, spacing=6)
        for key, icon, asked in (
            (Key.SIDE_USE_REPLY, "edit", self.used),
            (Key.SIDE_COPY_REPLY, "copy", self.copied),
            (Key.SIDE_OPEN, "inbox", self.ticket_asked),
        ):
            made = button("quiet", asked.emit)
            made.setText(i18n(key))
            made.setIcon(look.icon(icon))
            made.setAccessibleName(f"{i18n(key)}: {solved.ticket_id}")
            buttons.addWidget(made)
        self.column.addWidget(holder)
