"""The names of everything the shop sells, read again only where a product changed."""

from agent_assist.storage.offers import OfferStore
from agent_assist.suggestion.products import ProductNames


class ProductNameService:
    """One index of names for all who look replies over."""

    def __init__(self, offers: OfferStore) -> None:
        self._offers = offers
        self._version = -1
        self._names = ProductNames(())

    async def names(self) -> ProductNames:
        """The names as they are stored now."""
        if await self._offers.version() != self._version:
            self._version, products = await self._offers.products()
            self._names = ProductNames(products)
        return self._names
