"""An order with its items and its parcel's steps."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from agent_assist.domain.shop import Order, OrderEvent
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import chip, label
from ui.widgets.flow import FlowLayout
from ui.words import clock, money

STATUS_LOOKS = {
    "pending": (Key.ORDER_PENDING, "warn"),
    "paid": (Key.ORDER_PAID, "accent"),
    "shipped": (Key.ORDER_SHIPPED, "accent"),
    "delivered": (Key.ORDER_DELIVERED, "good"),
    "cancelled": (Key.ORDER_CANCELLED, ""),
    "refunded": (Key.ORDER_REFUNDED, ""),
}


class OrderCard(QFrame):
    """One order; `parcel` is the part with its steps, None where it has no parcel yet."""

    def __init__(self, order: Order, i18n: I18n, *, parcel_focused: bool) -> None:
        super().__init__()
        self._i18n = i18n
        self.parcel: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._add_head(order)
        self._add_items(order)
        if order.carrier or order.tracking_number or order.events:
            self._add_parcel(order, focused=parcel_focused)

    def _add_head(self, order: Order) -> None:
        key, tone = STATUS_LOOKS.get(order.status, (None, ""))
        holder = QWidget()
        head = FlowLayout(holder)
        head.addWidget(text_label(order.order_number, "strong", select=True))
        head.addWidget(chip(self._i18n(key) if key else order.status, tone))
        self._column.addWidget(holder)
        placed = clock(self._i18n, order.placed_at, datetime.now(UTC))
        self._column.addWidget(text_label(self._i18n(Key.CARD_PLACED, time=placed), "faint", wrap=True))

    def _add_items(self, order: Order) -> None:
        self._column.addWidget(text_label(self._i18n(Key.CARD_ITEMS), "section"))
        for item in order.items:
            self._column.addWidget(text_label(item.name, wrap=True))
            price = money(item.unit_price, order.currency)
            self._pair(self._i18n(Key.CARD_QUANTITY, n=item.quantity), price, "small")
        self._pair(self._i18n(Key.CARD_TOTAL), money(order.total, order.currency), "strong")

    def _pair(self, left: str, right: str, tone: str) -> None:
        """Two texts at the ends of one line."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(text_label(left, tone))
        row.addStretch()
        row.addWidget(text_label(right, "strong" if tone == "strong" else ""))
        self._column.addWidget(holder)

    def _add_parcel(self, order: Order, *, focused: bool) -> None:
        self.parcel = QFrame()
        self.parcel.setObjectName("asked" if focused else "part")
        column = QVBoxLayout(self.parcel)
        column.setContentsMargins(8 if focused else 0, 4, 8 if focused else 0, 4)
        column.setSpacing(6)
        column.addWidget(text_label(self._i18n(Key.CARD_PARCEL), "section"))
        if order.tracking_number:
            line = f"{order.carrier} {order.tracking_number}".strip()
            column.addWidget(text_label(line, select=True, wrap=True))
        else:
            column.addWidget(text_label(self._i18n(Key.CARD_NO_TRACKING), "muted", wrap=True))
        for step in reversed(order.events):
            column.addWidget(self._step(step))
        self._column.addWidget(self.parcel)

    def _step(self, step: OrderEvent) -> QWidget:
        holder = QWidget()
        row = QVBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(text_label(step.text, wrap=True))
        row.addWidget(text_label(clock(self._i18n, step.at, datetime.now(UTC)), "faint"))
        return holder


def text_label(text: str, tone: str = "", *, wrap: bool = False, select: bool = False) -> QLabel:
    """A label with its text."""
    made = label(tone, wrap=wrap, selectable=select)
    made.setText(text)
    return made
