"""Files become stored tickets, orders and products."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agent_assist.domain.events import OrdersChanged, TicketsArrived
from agent_assist.domain.shop import Order, Product
from agent_assist.intake import ArrivingFile, ParsedTicket, RejectedRow, read_orders, read_products, read_tickets
from agent_assist.services.events import EventBus
from agent_assist.storage.attachments import AttachmentStore, NewFile
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

# Tickets a transaction; and how long parsing may keep the event loop before it lets others run.
CHUNK = 500
SLICE_S = 0.008

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; `rejected` rows are named with the reason, the others are stored."""

    imported: int
    duplicates: int
    rejected: tuple[RejectedRow, ...]
    ids: tuple[str, ...] = ()


class Importer:
    """Brings files into the profile; see `TicketService`."""

    def __init__(
        self, *, tickets: TicketStore, attachments: AttachmentStore, shop: ShopStore, events: EventBus
    ) -> None:
        self._tickets = tickets
        self._attachments = attachments
        self._shop = shop
        self._events = events

    async def tickets(
        self, paths: Sequence[Path], *, progress: Progress | None = None, later: timedelta = timedelta()
    ) -> ImportReport:
        """Store the tickets of files and folders with the files that came with them; `progress(done, 0)` counts rows.

        Good rows are kept whatever the bad ones are; what was stored before an interruption stays and is a duplicate
        the next time, which completes its files. `later` moves the conversations in time.
        """
        imported, duplicates = 0, 0
        ids: list[str] = []
        rejected: list[RejectedRow] = []
        chunk: list[ParsedTicket] = []

        async def store() -> None:
            nonlocal imported, duplicates
            if not chunk:
                return
            result = await self._tickets.add([parsed.ticket for parsed in chunk])
            imported += result.imported
            duplicates += result.duplicates
            ids.extend(result.ids)
            rejected.extend(_conflict(parsed) for parsed in chunk if parsed.ticket.id in result.conflicts)
            for parsed in chunk:
                if parsed.files and parsed.ticket.id not in result.conflicts:
                    await self._attachments.add(parsed.ticket.id, [_new_file(file) for file in parsed.files])
            chunk.clear()

        paused = time.perf_counter()
        for done, row in enumerate(read_tickets(paths), start=1):
            match row:
                case ParsedTicket():
                    chunk.append(row.later(later) if later else row)
                case RejectedRow():
                    rejected.append(row)
            if len(chunk) >= CHUNK:
                await store()
            if time.perf_counter() - paused > SLICE_S:
                if progress is not None:
                    progress(done, 0)
                await asyncio.sleep(0)
                paused = time.perf_counter()
        await store()
        if imported:
            self._events.publish(TicketsArrived(count=imported))
        return ImportReport(imported=imported, duplicates=duplicates, rejected=tuple(rejected), ids=tuple(ids))

    async def shop(self, *, orders: Path | None = None, products: Path | None = None) -> ImportReport:
        """Store the shop's orders and products, replacing those of the same number."""
        imported = 0
        rejected: list[RejectedRow] = []
        if orders is not None:
            rows = list(read_orders(orders))
            rejected += [row for row in rows if isinstance(row, RejectedRow)]
            imported += await self._shop.add_orders([row for row in rows if isinstance(row, Order)])
        if products is not None:
            items = list(read_products(products))
            rejected += [row for row in items if isinstance(row, RejectedRow)]
            imported += await self._shop.add_products([row for row in items if isinstance(row, Product)])
        if imported:
            self._events.publish(OrdersChanged(count=imported))
        return ImportReport(imported=imported, duplicates=0, rejected=tuple(rejected))


def _new_file(file: ArrivingFile) -> NewFile:
    return NewFile(message=file.message, name=file.name, media_type=file.media_type, read=file.read)


def _conflict(parsed: ParsedTicket) -> RejectedRow:
    reason = f"The id {parsed.ticket.id} belongs to another conversation, which is left as it is."
    return RejectedRow(file=parsed.file, line=parsed.line, reason=reason)
