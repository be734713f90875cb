"""What stands beside the conversation: the ticket's order and its products, and what a click in a message asks for. No
Qt."""

from collections.abc import Awaitable

from agent_assist.domain.shop import Order, Product
from agent_assist.domain.understanding import Entity
from ui.observable import Changes
from ui.ports import Lookup, TicketView
from ui.tasks import Scope

LOOK_UP = "look up"


class CardPresenter:
    """The order of the open ticket, its products, and which of them the agent asked for.

    `looked_up` is an order that a message names and that is not the ticket's own. `asked` tells that something was
    asked for and is to be brought into sight.
    """

    def __init__(self, lookup: Lookup, scope: Scope) -> None:
        self._lookup = lookup
        self._scope = scope
        self._ticket_id: str | None = None
        self.order: Order | None = None
        self.looked_up: Order | None = None
        self.products: tuple[Product, ...] = ()
        self.customer = ""
        self.contact = ""
        self.focused_sku: str | None = None
        self.order_focused = False
        self.parcel_focused = False
        self.missing: str | None = None
        self.looking: str | None = None
        self.changes = Changes()
        self.asked = Changes()

    def show(self, view: TicketView | None) -> None:
        """Show what belongs to a ticket; what was looked up stays while it is the same one."""
        ticket_id = view.ticket.id if view else None
        self.order = view.order if view else None
        self.customer = view.ticket.customer if view else ""
        self.contact = view.ticket.contact if view else ""
        products = view.products if view else ()
        if ticket_id != self._ticket_id:
            self._ticket_id = ticket_id
            self._scope.cancel(LOOK_UP)
            self._forget()
            self.products = products
        else:
            skus = {product.sku for product in products}
            self.products = (*products, *(one for one in self.products if one.sku not in skus))
        self.changes.notify()

    def look_up(self, entity: Entity) -> None:
        """Bring forward what an order or tracking number or a product name means; of what is not the ticket's own the
        shop is asked, and it says so when it does not know it."""
        self._forget()
        wanted = entity.value or entity.text
        if entity.type == "product":
            product = self._product(entity.text.casefold(), wanted.casefold())
            self.focused_sku = product.sku if product else None
            known = product is not None
        else:
            known = self._is_own(wanted)
            self.order_focused, self.parcel_focused = known, known and entity.type == "tracking_number"
        if not known:
            self.looking = entity.text
            self._scope.restart(LOOK_UP, lambda: self._ask(entity, wanted))
        self.changes.notify()
        self.asked.notify()

    def look_up_order(self, number: str) -> None:
        """Bring an order forward by its number."""
        self.look_up(Entity(type="order_number", start=0, end=len(number), text=number))

    async def _ask(self, entity: Entity, wanted: str) -> None:
        if entity.type == "product":
            product = await self._lookup.product(entity.text)
            if product is not None:
                self.focused_sku = product.sku
                self.products = (product, *(one for one in self.products if one.sku != product.sku))
            found = product is not None
        else:
            tracking = entity.type == "tracking_number"
            asked: Awaitable[Order | None] = self._lookup.tracked(wanted) if tracking else self._lookup.order(wanted)
            order = await asked
            own = order is not None and self.order is not None and order.order_number == self.order.order_number
            self.looked_up = None if own else order
            self.order_focused, self.parcel_focused = order is not None, order is not None and tracking
            found = order is not None
        self.looking = None
        self.missing = None if found else entity.text
        self.changes.notify()
        self.asked.notify()

    def _forget(self) -> None:
        self.focused_sku, self.looked_up, self.missing, self.looking = None, None, None, None
        self.order_focused = self.parcel_focused = False

    def _is_own(self, wanted: str) -> bool:
        if self.order is None:
            return False
        return _compact(wanted) in {_compact(self.order.order_number), _compact(self.order.tracking_number)} - {""}

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


def _compact(number: str) -> str:
    return "".join(number.split()).casefold()
