"""The sample shop: what a new user meets, and what the headless run works on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from agent_assist.domain.ids import utc_now
from agent_assist.domain.tickets import TicketQuery
from agent_assist.intake import ParsedTicket, read_tickets
from agent_assist.services.knowledge import KnowledgeService, Progress
from agent_assist.services.tickets import TicketService


class SampleService:
    """Loads the shop that ships under resources/samples.

    Its customers have written in the days before it is loaded, whenever that is: else nobody could be answered in time.
    """

    def __init__(
        self, *, tickets: TicketService, knowledge: KnowledgeService, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._tickets = tickets
        self._knowledge = knowledge
        self._now = now

    async def loaded(self) -> bool:
        """Whether there are tickets already; samples never mix into a profile at work."""
        return await self._tickets.count(TicketQuery()) > 0

    async def load(self, *, progress: Progress | None = None) -> None:
        """Articles first, so that the tickets that wait find their sources. Twice is the same as once."""
        folder = Path(str(files("resources").joinpath("samples")))
        await self._knowledge.add_paths([folder / "knowledge.jsonl", folder / "articles"], progress=progress)
        await self._tickets.import_shop(orders=folder / "orders.jsonl", products=folder / "products.jsonl")
        tickets = folder / "tickets.jsonl"
        await self._tickets.import_paths([tickets], later=max(self._now() - _newest(tickets), timedelta()))


def _newest(tickets: Path) -> datetime:
    """When the last message of the file was written."""
    parsed = (row.ticket for row in read_tickets([tickets]) if isinstance(row, ParsedTicket))
    return max(message.at for ticket in parsed for message in ticket.messages)
