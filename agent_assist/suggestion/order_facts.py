"""What a draft and the fact guard are told of an order."""

from agent_assist.domain.language import Language
from agent_assist.domain.order_words import STATUS_WORDS, order_facts
from agent_assist.domain.shop import Order

__all__ = ["STATUS_WORDS", "order_evidence", "order_facts"]


def order_evidence(order: Order) -> tuple[str, ...]:
    """All that is known of an order, as a reply's facts are looked up in it: both languages, prices, steps, address."""
    lines = [line for language in Language for line in order_facts(order, language=language)]
    lines += [
        f"{item.name} {item.sku} x{item.quantity}: {item.unit_price:.2f} {order.currency}" for item in order.items
    ]
    lines += [f"{step.at:%Y-%m-%d %H:%M} {step.text}" for step in order.events]
    person = (order.customer, order.customer_phone, order.customer_email, order.shipping_address, order.carrier)
    return (*lines, *filter(None, person))
