"""Which order a ticket is about."""

from collections.abc import Iterable

from agent_assist.domain.shop import Order
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.storage.shop import ShopStore


async def order_of(shop: ShopStore, ticket: Ticket, read: Iterable[Understanding]) -> Order | None:
    """The order in the ticket's own field, else the first number found in `read` that is an order's.

    Pass the newest understanding first: a customer corrects a mistyped number in a later message.
    """
    if ticket.order_number and (order := await shop.order(ticket.order_number)):
        return order
    for understanding in read:
        for entity in understanding.entities:
            if entity.type == "order_number" and (order := await shop.order(entity.value or entity.text)):
                return order
    return None
