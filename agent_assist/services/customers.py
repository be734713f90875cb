"""The customer behind a ticket, and what an entity in a message stands for in the shop's data."""

from agent_assist.domain.customers import CustomerHistory
from agent_assist.domain.shop import Order, Product
from agent_assist.storage.customers import CustomerStore
from agent_assist.storage.shop import ShopStore


class CustomerService:
    """Other tickets and orders of a customer."""

    def __init__(self, *, customers: CustomerStore) -> None:
        self._customers = customers

    async def history(self, ticket_id: str, *, order_number: str | None = None, limit: int = 20) -> CustomerHistory:
        """The customer's other tickets, newest first, each with why it is taken for theirs. Raises `NotFoundError`."""
        return await self._customers.history(ticket_id, order_number=order_number, limit=limit)


class LookupService:
    """Orders and products by what customers write of them."""

    def __init__(self, *, shop: ShopStore) -> None:
        self._shop = shop

    async def order(self, number: str) -> Order | None:
        """The order of that number, else the one whose parcel has it: customers mix the two up."""
        return await self._shop.order(number) or await self._shop.order_by_tracking(number)

    async def tracked(self, number: str) -> Order | None:
        """The order whose parcel has that tracking number, else the order of that number."""
        return await self._shop.order_by_tracking(number) or await self._shop.order(number)

    async def product(self, text: str) -> Product | None:
        """The product that a text names best."""
        return next(iter(await self._shop.find_products(text, limit=1)), None)
