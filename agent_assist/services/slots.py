"""Values for the slots of reviewed texts, and how an article reads for a ticket before it is sent."""

from collections.abc import Mapping

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order
from agent_assist.domain.slots import FilledText, fill_slots
from agent_assist.domain.tickets import Ticket
from agent_assist.services.orders import order_of
from agent_assist.settings import Settings
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore
from agent_assist.suggestion.slots import SlotSources, slot_values


async def slots_of(
    shop: ShopStore, settings: Settings, ticket: Ticket | None, order: Order | None, *, language: Language
) -> Mapping[str, str]:
    """What is known for the slots of a reply in `language`."""
    items = order.items if order else ()
    sources = SlotSources(
        ticket=ticket,
        order=order,
        products=tuple(await shop.products([item.sku for item in items])),
        agent=settings.agent.name,  # never the name of the account: customers read this
        shop=settings.shop.name,
    )
    return slot_values(sources, language=language)


class PreviewService:
    """What becomes of an article's slots, for those who write it."""

    def __init__(self, *, tickets: TicketStore, shop: ShopStore, settings: Settings) -> None:
        self._tickets = tickets
        self._shop = shop
        self._settings = settings

    async def preview(self, article: Article, *, ticket_id: str | None = None) -> FilledText:
        """The text as it would be suggested for the ticket, in the article's language; the article need not be stored.

        Without a ticket only what the settings say is filled. Raises `NotFoundError` for an unknown ticket.
        """
        ticket = order = None
        if ticket_id is not None:
            ticket = await self._tickets.get(ticket_id)
            read = await self._tickets.understandings(ticket_id)
            order = await order_of(self._shop, ticket, [read[index] for index in sorted(read, reverse=True)])
        values = await slots_of(self._shop, self._settings, ticket, order, language=article.language)
        return fill_slots(article.text, values)
