"""What ticket, order and settings say for the slots of a reviewed text, in the language of the reply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import Language
from agent_assist.domain.shop import Order, Product
from agent_assist.domain.slots import fill_slots, find_slots
from agent_assist.domain.suggestion import Unsupported, UnsupportedReason
from agent_assist.domain.tickets import Ticket
from agent_assist.suggestion.order_facts import STATUS_WORDS

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSources:
    """Where values come from; `products` are those of the order's items, for their names in the other language."""

    ticket: Ticket | None = None
    order: Order | None = None
    products: tuple[Product, ...] = ()
    agent: str = ""
    shop: str = ""


def slot_values(sources: SlotSources, *, language: Language) -> dict[str, str]:
    """Values by the known names of slots; what is not known is left out."""
    values = {
        "customer_name": _customer(sources),
        "order_number": (sources.ticket.order_number if sources.ticket else "") or "",
        "agent": sources.agent,
        "shop": sources.shop,
    }
    if sources.order is not None:
        values |= _of_order(sources.order, sources.products, language)
    return {name: value for name, value in values.items() if value.strip()}


def fill_article(article: Article, values: Mapping[str, str]) -> tuple[str, tuple[Unsupported, ...]]:
    """The text to send, and its gaps as what must be seen to before."""
    filled = fill_slots(article.text.strip(), values)
    return filled.text, tuple(Unsupported(start=one.start, end=one.end, reason=_GAP) for one in filled.open)


def find_gaps(draft: str) -> tuple[Unsupported, ...]:
    """Slots that a model copied into its draft."""
    return tuple(Unsupported(start=one.start, end=one.end, reason=_GAP) for one in find_slots(draft) if one.name)


_GAP = UnsupportedReason.SLOT


def _customer(sources: SlotSources) -> str:
    """A name to address somebody by; shops also put e-mail addresses and account numbers into that field.

    The order's name is not taken: exports mask the names that the ticket knows.
    """
    name = sources.ticket.customer if sources.ticket else ""
    return "" if _is_account(name) else name


def _is_account(name: str) -> bool:
    return "@" in name or "*" in name or any(char.isdigit() for char in name)


def _of_order(order: Order, products: Iterable[Product], language: Language) -> dict[str, str]:
    last = order.events[-1] if order.events else None
    return {
        "order_number": order.order_number,
        "order_status": STATUS_WORDS[language].get(order.status, order.status),
        "order_date": f"{order.placed_at:%Y-%m-%d}",
        "carrier": order.carrier,
        "tracking_number": order.tracking_number,
        "latest_update": f"{last.text} ({last.at:%m-%d %H:%M})" if last else "",
        "product": _names(order, {one.sku: one for one in products}, language),
        "amount": _amount(order),
    }


def _names(order: Order, products: Mapping[str, Product], language: Language) -> str:
    names = []
    for item in order.items:
        product = products.get(item.sku)
        english = product.name_en if product else ""
        names.append(english if language is Language.EN and english else item.name)
    return ("、" if language is Language.ZH else ", ").join(dict.fromkeys(names))


def _amount(order: Order) -> str:
    sign = _SIGNS.get(order.currency)
    return f"{sign}{order.total:.2f}" if sign else f"{order.total:.2f} {order.currency}"
