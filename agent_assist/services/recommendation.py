"""Products for a customer's question before buying: wishes, stock, history and what sells together, in one answer."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged
from agent_assist.domain.ids import utc_now
from agent_assist.domain.language import Language, language_of_thread
from agent_assist.domain.recommendation import Advice
from agent_assist.domain.shop import Product
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.understanding import Entity, Understanding
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.errors import EngineError, InputError
from agent_assist.knowledge.words import query_words
from agent_assist.recommendation import (
    Catalogue,
    Customer,
    ProductFacts,
    Signals,
    advise,
    embedding_text,
    fits_owned,
    read_product,
)
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.storage.offers import OfferStore, ProductVector
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

log = logging.getLogger(__name__)

DEFAULT_K = 3
_BATCH = 32
# Products read between two pauses for the window: reading one takes a few milliseconds.
_SLICE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to recommend for: the customer's messages, oldest first; `customer` is their e-mail, phone or name.

    `entities` are what the models read in a message, by its place among `texts`.
    """

    texts: tuple[str, ...]
    customer: str = ""
    entities: Mapping[int, Sequence[Entity]] = field(default_factory=dict)
    k: int = DEFAULT_K


class RecommendationService:
    """Recommends products of the profile's shop."""

    def __init__(
        self, *, offers: OfferStore, shop: ShopStore, tickets: TicketStore, engine: Engine, events: EventBus
    ) -> None:
        self._offers = offers
        self._shop = shop
        self._tickets = tickets
        self._engine = engine
        self._catalogue: Catalogue | None = None
        self._model = ""
        self._reading = asyncio.Lock()
        self._background = Background("product-vectors", self._embed, events=events, wakes=_wakes)

    async def for_text(self, text: str, *, customer: str = "", k: int = DEFAULT_K) -> Advice:
        """Advice for one message. Raises `InputError` where there is no text."""
        return await self.advise(Request(texts=(text,), customer=customer, k=k))

    async def for_ticket(
        self, ticket: Ticket, *, read: Mapping[int, Understanding] | None = None, k: int = DEFAULT_K
    ) -> Advice:
        """Advice for a thread: all its customer's messages, and what that customer bought before.

        `read` is what the models read in its messages, by their index.
        """
        places = [place for place, one in enumerate(ticket.messages) if one.role is Role.CUSTOMER]
        texts = tuple(ticket.messages[place].text for place in places)
        known = read or {}
        entities = {number: known[place].entities for number, place in enumerate(places) if place in known}
        customer = ticket.customer
        if ticket.order_number and (order := await self._shop.order(ticket.order_number)):
            customer = order.customer_email or order.customer_phone or order.customer
        return await self.advise(Request(texts=texts or ("",), customer=customer, entities=entities, k=k))

    async def for_ticket_id(self, ticket_id: str, *, k: int = DEFAULT_K) -> Advice:
        """The same for a stored ticket. Raises `NotFoundError`."""
        read = await self._tickets.understandings(ticket_id)
        return await self.for_ticket(await self._tickets.get(ticket_id), read=read, k=k)

    async def advise(self, request: Request, *, now: datetime | None = None) -> Advice:
        """Advice for `request`; by words alone while the encoder is away."""
        if not any(text.strip() for text in request.texts):
            raise InputError("There is no text to recommend for. Give what the customer wrote.")
        catalogue = await self._current()
        wishes = catalogue.read(request.texts, entities=request.entities)
        purchases = await self._offers.purchases(request.customer)
        owned = {one.sku: catalogue.facts[one.sku] for one in purchases if one.sku in catalogue.facts}
        language = language_of_thread(request.texts)
        customer = Customer(
            bought={one.sku: one.at for one in purchases},
            currency=next((one.currency for one in purchases), ""),
            # Who writes in English is shown dollars where the shop has such a price.
            shown_currency="USD" if language is Language.EN else "",
        )
        fitting = {sku: fits_owned(facts, list(owned.values())) for sku, facts in catalogue.facts.items()}
        signals = Signals(
            owned=owned,
            coverage=catalogue.coverage(wishes),
            similarity=await self._similarity("\n".join(request.texts)),
            companions=await self._offers.companions([one.sku for one in purchases]),
            buyers=await self._offers.buyers(),
            fits_owned={sku: found for sku, found in fitting.items() if found is not None},
        )
        moment = now or utc_now()
        return advise(catalogue, wishes, customer=customer, signals=signals, language=language, now=moment, k=request.k)

    async def embed_products(self, *, limit: int | None = None) -> int:
        """Give vectors to products (at most `limit`) that lack them or changed; returns how many.

        Raises `EngineError`.
        """
        catalogue = await self._current()
        texts = {sku: embedding_text(facts) for sku, facts in catalogue.facts.items()}
        model = await self._encoder_version()
        known = await self._offers.digests(model)
        missing = [sku for sku, text in texts.items() if known.get(sku) != _digest(text)][:limit]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = await self._engine.embed([texts[sku] for sku in batch], kind=TextKind.PASSAGE)
            await self._offers.save_vectors(
                [
                    ProductVector(sku=sku, model=model, digest=_digest(texts[sku]), vector=vector)
                    for sku, vector in zip(batch, vectors, strict=True)
                ]
            )
        return len(missing)

    def start(self) -> None:
        """Give vectors to products whenever the encoder is ready."""
        self._background.start()

    async def close(self) -> None:
        """Stop the background work."""
        await self._background.close()

    async def _embed(self) -> None:
        await self.embed_products()

    async def _current(self) -> Catalogue:
        """The catalogue of the products as they are now; only changed ones are read again."""
        async with self._reading:
            version = await self._offers.version()
            if self._catalogue is None or self._catalogue.version != version:
                version, products = await self._offers.products()
                facts = await self._read(products)
                self._catalogue = Catalogue(facts, split=_split, version=version)
                self._background.wake()  # new products have no vectors yet
            return self._catalogue

    async def _read(self, products: Sequence[Product]) -> list[ProductFacts]:
        known = self._catalogue.facts if self._catalogue else {}
        facts: list[ProductFacts] = []
        fresh = 0
        for product in products:
            old = known.get(product.sku)
            if old is None or old.product != product:
                old = read_product(product, split=_split)
                fresh += 1
                if fresh % _SLICE == 0:
                    await asyncio.sleep(0)
            facts.append(old)
        return facts

    async def _similarity(self, text: str) -> Mapping[str, float]:
        """Cosines of the products with the text; none while the encoder is away or there are no vectors of it."""
        try:
            [vector] = await self._engine.embed([text], kind=TextKind.QUERY, priority=Priority.OPEN_TICKET)
            model = self._model or await self._encoder_version()
        except EngineError as error:
            log.info("recommending by words alone: %s", error)
            return {}
        return await self._offers.similarities(vector, model=model)

    async def _encoder_version(self) -> str:
        """Version of the encoder, which may be another one after each start of the engine. Raises `EngineError`."""
        await self._engine.embed(["?"], kind=TextKind.QUERY)
        self._model = next(one.version for one in await self._engine.status() if one.name == "encoder")
        return self._model


def _split(text: str) -> tuple[str, ...]:
    return query_words(text).words


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _wakes(event: DomainEvent) -> bool:
    match event:
        case EngineStateChanged(model="encoder", state=EngineState.READY):
            return True
        case _:
            return False
