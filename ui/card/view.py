"""The order card and the product cards."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order, OrderEvent, Product
from ui.card.presenter import CardPresenter
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import EmptyState, chip, clear_layout, label, rule
from ui.widgets.flow import FlowLayout
from ui.widgets.scroll_column import ScrollColumn
from ui.words import clock, money

STATUS_LOOKS = {
    "pending": (Key.ORDER_PENDING, "warn"),
    "paid": (Key.ORDER_PAID, "accent"),
    "shipped": (Key.ORDER_SHIPPED, "accent"),
    "delivered": (Key.ORDER_DELIVERED, "good"),
    "cancelled": (Key.ORDER_CANCELLED, ""),
    "refunded": (Key.ORDER_REFUNDED, ""),
}


class CardView(QFrame):
    """Shows a `CardPresenter`."""

    def __init__(self, presenter: CardPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        title = label("heading")
        self._texts.bind(title.setText, Key.CARD_TITLE)
        head = QFrame()
        head.setObjectName("paneHeader")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 10, 16, 10)
        row.addWidget(title)
        self._empty = EmptyState(look, "box")
        self._texts.bind_call(lambda: self._empty.set_texts(i18n(Key.CARD_EMPTY_TITLE), i18n(Key.CARD_EMPTY_HINT)))
        self._scroll = ScrollColumn(margins=(16, 14, 16, 14), spacing=8)
        self._column = self._scroll.column
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._scroll, 1)
        presenter.changes.subscribe(self.render_card)
        i18n.changes.subscribe(self.render_card)
        look.changed.connect(self.render_card)
        self.render_card()

    def render_card(self) -> None:
        """Show the presenter's state."""
        order, products = self._presenter.order, self._presenter.products
        self._scroll.setVisible(order is not None or bool(products))
        self._empty.setVisible(order is None and not products)
        clear_layout(self._column)
        if self._presenter.missing is not None:
            self._note(self._i18n(Key.CARD_NOT_FOUND, text=self._presenter.missing))
        if order is not None:
            self._add_order(order)
        if products:
            self._section(Key.CARD_PRODUCTS)
            for product in sorted(products, key=lambda product: product.sku != self._presenter.focused_sku):
                self._column.addWidget(self._product(product))
        self._column.addStretch(1)

    def _add_order(self, order: Order) -> None:
        key, tone = STATUS_LOOKS.get(order.status, (None, ""))
        holder = QWidget()
        head = FlowLayout(holder)
        head.addWidget(self._text(order.order_number, "strong", select=True))
        head.addWidget(chip(self._i18n(key) if key else order.status, tone))
        self._column.addWidget(holder)
        placed = clock(self._i18n, order.placed_at, datetime.now(UTC))
        self._column.addWidget(self._text(self._i18n(Key.CARD_PLACED, time=placed), "faint", wrap=True))
        self._add_items(order)
        if order.carrier or order.tracking_number or order.events:
            self._add_parcel(order)
        self._add_customer(order)

    def _add_items(self, order: Order) -> None:
        self._section(Key.CARD_ITEMS)
        for item in order.items:
            self._column.addWidget(self._text(item.name, wrap=True))
            price = money(item.unit_price, order.currency)
            self._pair(self._i18n(Key.CARD_QUANTITY, n=item.quantity), price, "small")
        self._pair(self._i18n(Key.CARD_TOTAL), money(order.total, order.currency), "strong")

    def _pair(self, left: str, right: str, tone: str) -> None:
        """Two texts at the ends of one line."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text(left, tone))
        row.addStretch()
        row.addWidget(self._text(right, "strong" if tone == "strong" else ""))
        self._column.addWidget(holder)

    def _add_parcel(self, order: Order) -> None:
        self._section(Key.CARD_PARCEL)
        if order.tracking_number:
            line = f"{order.carrier} {order.tracking_number}".strip()
            self._column.addWidget(self._text(line, select=True, wrap=True))
        else:
            self._column.addWidget(self._text(self._i18n(Key.CARD_NO_TRACKING), "muted"))
        for step in reversed(order.events):
            self._column.addWidget(self._step(step))

    def _step(self, step: OrderEvent) -> QWidget:
        holder = QWidget()
        row = QVBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._text(step.text, wrap=True))
        row.addWidget(self._text(clock(self._i18n, step.at, datetime.now(UTC)), "faint"))
        return holder

    def _add_customer(self, order: Order) -> None:
        self._section(Key.CARD_CUSTOMER)
        lines = (order.customer, order.customer_phone, order.customer_email, order.shipping_address)
        for line in lines:
            if line:
                self._column.addWidget(self._text(line, wrap=True, select=True))

    def _product(self, product: Product) -> QWidget:
        holder = QFrame()
        if product.sku == self._presenter.focused_sku:
            holder.setObjectName("sunken")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(2)
        chinese = self._i18n.language is Language.ZH or not product.name_en
        column.addWidget(self._text(product.name if chinese else product.name_en, "strong", wrap=True))
        line = QWidget()
        row = FlowLayout(line)
        row.addWidget(self._text(money(product.price, product.currency)))
        stock = self._i18n(Key.CARD_STOCK, n=product.stock) if product.stock else self._i18n(Key.CARD_NO_STOCK)
        row.addWidget(chip(stock, "good" if product.stock else "bad"))
        column.addWidget(line)
        column.addWidget(
            self._text(" · ".join(part for part in (product.brand, product.sku) if part), "faint", wrap=True)
        )
        return holder

    def _section(self, key: Key) -> None:
        if self._column.count():
            self._column.addSpacing(4)
            self._column.addWidget(rule())
        self._column.addWidget(self._text(self._i18n(key), "section"))

    def _note(self, text: str) -> None:
        self._column.addWidget(self._text(text, "warn", wrap=True))

    def _text(self, text: str, tone: str = "", *, wrap: bool = False, select: bool = False) -> QLabel:
        made = label(tone, wrap=wrap, selectable=select)
        made.setText(text)
        return made
