"""Tickets for people: bring them in, list them, open one with everything around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.domain.attachments import Attachment
from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.shop import Order, OrderItem, Product
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import Queue, Ticket, TicketQuery, TicketRow
from agent_assist.domain.understanding import Understanding
from agent_assist.services.clock import ResponseClock
from agent_assist.services.orders import order_of
from agent_assist.services.people import agent_name
from agent_assist.services.reading import ReadingService
from agent_assist.settings import Settings
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.services.importing import Importer, ImportReport

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """An open ticket: its thread, what the models read (`predictions`: without the agent's corrections), the order it
    is about, the files that came with it, the draft and the note so far."""

    ticket: Ticket
    understandings: Mapping[int, Understanding]
    order: Order | None
    products: tuple[Product, ...]
    suggestion: Suggestion | None
    composer: str
    events: tuple[FeedbackEvent, ...]
    predictions: Mapping[int, Understanding]
    attachments: tuple[Attachment, ...] = ()
    note_draft: str = ""


class TicketService:
    """The inbox. `importer` is asked for when files are to be read."""

    def __init__(
        self,
        *,
        tickets: TicketStore,
        importer: Callable[[], Importer],
        shop: ShopStore,
        log: FeedbackLog,
        reading: ReadingService,
        clock: ResponseClock,
        settings: Settings,
    ) -> None:
        self._tickets = tickets
        self._importer = importer
        self._shop = shop
        self._log = log
        self._reading = reading
        self._clock = clock
        self._settings = settings

    async def import_paths(
        self, paths: Sequence[Path], *, progress: Progress | None = None, later: timedelta = timedelta()
    ) -> ImportReport:
        """Store the tickets of files and folders with the files that came with them; `progress(done, 0)` counts rows.

        Good rows are kept whatever the bad ones are; what was stored before an interruption stays and is a duplicate
        the next time, which completes its files. `later` moves the conversations in time.
        """
        return await self._importer().tickets(paths, progress=progress, later=later)

    async def import_shop(self, *, orders: Path | None = None, products: Path | None = None) -> ImportReport:
        """Store the shop's orders and products, replacing those of the same number."""
        return await self._importer().shop(orders=orders, products=products)

    async def page(self, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
        """Rows `offset` to `offset + limit` of the list."""
        return await self._tickets.page(self._asked(query), offset=offset, limit=limit)

    async def count(self, query: TicketQuery) -> int:
        """Length of the list."""
        return await self._tickets.count(self._asked(query))

    async def ids(self, query: TicketQuery, *, offset: int, limit: int) -> list[str]:
        """The ids alone of such rows, which cost little also in the tens of thousands."""
        return await self._tickets.ids(self._asked(query), offset=offset, limit=limit)

    async def counts(self) -> dict[Queue, int]:
        """Length of every queue, without filters."""
        return await self._tickets.counts(me=agent_name(self._settings), now=self._clock.now())

    async def get(self, ticket_id: str) -> Ticket:
        """The bare ticket. Raises `NotFoundError`."""
        return await self._tickets.get(ticket_id)

    async def open(self, ticket_id: str) -> TicketView:
        """A ticket with everything around it. Raises `NotFoundError`."""
        whole = await self._tickets.whole(ticket_id)
        newest_first = [whole.understandings[index] for index in sorted(whole.understandings, reverse=True)]
        order, events = await asyncio.gather(
            order_of(self._shop, whole.ticket, newest_first), self._log.events(ticket_id=ticket_id)
        )
        return TicketView(
            ticket=whole.ticket,
            understandings=whole.understandings,
            order=order,
            products=await self._products_of(order, whole.understandings),
            suggestion=whole.suggestion,
            composer=whole.composer,
            events=tuple(events),
            predictions=whole.predictions,
            attachments=whole.attachments,
            note_draft=whole.note_draft,
        )

    async def save_composer(self, ticket_id: str, text: str) -> None:
        """Keep the agent's unsent text."""
        await self._tickets.save_composer(ticket_id, text)

    async def save_note_draft(self, ticket_id: str, text: str) -> None:
        """Keep the agent's unfinished note."""
        await self._tickets.save_note_draft(ticket_id, text)

    async def understand(self, ticket_id: str) -> Understanding:
        """Read the newest customer message now. Raises `EngineError` when the engine gives no answer."""
        read = await self._reading.read(await self._tickets.get(ticket_id))
        return read.understanding

    def _asked(self, query: TicketQuery) -> TicketQuery:
        """The query with what follows from who asks, and when."""
        match query.queue:
            case Queue.MINE:
                return replace(query, assignee=agent_name(self._settings))
            case Queue.UNASSIGNED:
                return replace(query, assignee="")
            case Queue.OVERDUE:
                return replace(query, due_before=self._clock.now())
            case _:
                return query

    async def _products_of(
        self, order: Order | None, understandings: Mapping[int, Understanding]
    ) -> tuple[Product, ...]:
        """The order's products and those that the messages name, each once."""
        found = {product.sku: product for product in await self._shop.products([item.sku for item in _items(order)])}
        named = {
            entity.text
            for understanding in understandings.values()
            for entity in understanding.entities
            if entity.type == "product"
        }
        for text in sorted(named):
            found |= {product.sku: product for product in await self._shop.find_products(text, limit=1)}
        return tuple(found.values())


def _items(order: Order | None) -> tuple[OrderItem, ...]:
    return order.items if order else ()
