"""A product with its price and stock."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_assist.domain.language import Language
from agent_assist.domain.shop import Product
from ui.card.order_card import text_label
from ui.i18n import I18n
from ui.text_keys import Key
from ui.widgets.basics import chip
from ui.widgets.flow import FlowLayout
from ui.words import money


class ProductCard(QFrame):
    """One product; `focused` where a message asked for it."""

    def __init__(self, product: Product, i18n: I18n, *, focused: bool) -> None:
        super().__init__()
        self.setObjectName("asked" if focused else "part")
        column = QVBoxLayout(self)
        column.setContentsMargins(8 if focused else 0, 4, 8 if focused else 0, 6)
        column.setSpacing(2)
        chinese = i18n.language is Language.ZH or not product.name_en
        column.addWidget(text_label(product.name if chinese else product.name_en, "strong", wrap=True))
        line = QWidget()
        row = FlowLayout(line)
        row.addWidget(text_label(money(product.price, product.currency)))
        stock = i18n(Key.CARD_STOCK, n=product.stock) if product.stock else i18n(Key.CARD_NO_STOCK)
        row.addWidget(chip(stock, "good" if product.stock else "bad"))
        column.addWidget(line)
        facts = " · ".join(part for part in (product.brand, product.sku) if part)
        column.addWidget(text_label(facts, "faint", wrap=True))
