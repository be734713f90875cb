"""What stands beside the conversation: the ticket's order and its products. No Qt."""

from agent_assist.domain.shop import Order, Product
from agent_assist.domain.understanding import Entity
from ui.observable import Changes
from ui.ports import TicketView


class CardPresenter:
    """The order of the open ticket, its products, and which of them the agent asked for."""

    def __init__(self) -> None:
        self.order: Order | None = None
        self.products: tuple[Product, ...] = ()
        self.customer = ""
        self.focused_sku: str | None = None
        self.order_focused = False
        self.missing: str | None = None
        self.changes = Changes()

    def show(self, view: TicketView | None) -> None:
        """Show what belongs to a ticket."""
        self.order = view.order if view else None
        self.products = view.products if view else ()
        self.customer = view.ticket.customer if view else ""
        self.focused_sku, self.order_focused, self.missing = None, False, None
        self.changes.notify()

    def look_up(self, entity: Entity) -> None:
        """Bring forward what an order number or a product name means; say so when the shop does not know it."""
        self.focused_sku, self.order_focused, self.missing = None, False, None
        wanted = (entity.value or entity.text).casefold()
        if entity.type == "order_number":
            self.order_focused = self.order is not None and self.order.order_number.casefold() == wanted
            found = self.order_focused
        else:
            product = self._product(entity.text.casefold(), wanted)
            self.focused_sku = product.sku if product else None
            found = product is not None
        if not found:
            self.missing = entity.text
        self.changes.notify()

    def _product(self, *wanted: str) -> Product | None:
        """The product whose name or alias is what was wanted, or holds it, or is held by it."""
        named = [(product, [name.casefold() for name in _names(product)]) for product in self.products]
        for product, names in named:
            if any(name in wanted for name in names):
                return product
        for product, names in named:
            if any(name in text or text in name for name in names for text in wanted):
                return product
        return None


def _names(product: Product) -> list[str]:
    return [name for name in (product.sku, product.name, product.name_en, *product.aliases) if name]
