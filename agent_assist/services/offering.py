"""What a suggestion says where a ticket asks what to buy or whether it is there: products, told by their own data."""

from dataclasses import dataclass

from agent_assist.domain.product_words import product_passage, product_title
from agent_assist.domain.recommendation import Advice
from agent_assist.domain.shop import Product
from agent_assist.domain.suggestion import Source, SourceKind
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.recommendation import products_of, reply
from agent_assist.services.recommendation import RecommendationService

INTENTS = frozenset({"presale.recommend", "presale.availability"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reply that names products, and these as its sources."""

    text: str
    sources: tuple[Source, ...]


async def offer_for(recommendation: RecommendationService, ticket: Ticket, read: Understanding) -> Offer | None:
    """The offer that answers a ticket whose only question is what to buy or whether it is there; None for others."""
    asked = {intent.label for intent in read.intents}
    if not read.in_scope or not asked or not asked <= INTENTS:
        return None
    index = ticket.last_customer_index() or 0
    advice = await recommendation.for_ticket(ticket, read={index: read})
    text = reply(advice)
    return Offer(text=text, sources=_sources(advice)) if text else None


def _sources(advice: Advice) -> tuple[Source, ...]:
    products = [*(one.product for one in advice.out_of_stock), *(one.product for one in products_of(advice))]
    return tuple(_source(product, advice) for product in products)


def _source(product: Product, advice: Advice) -> Source:
    text = product_passage(product, language=advice.language)
    title = product_title(product, language=advice.language)
    return Source(doc_id=product.sku, title=title, passage=text, start=0, end=len(text), kind=SourceKind.PRODUCT)
