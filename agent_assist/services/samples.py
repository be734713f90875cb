"""The sample shop: what a new user meets, and what the headless run works on."""

from importlib.resources import files
from pathlib import Path

from agent_assist.domain.tickets import TicketQuery
from agent_assist.services.knowledge import KnowledgeService, Progress
from agent_assist.services.tickets import TicketService


class SampleService:
    """Loads the shop that ships under resources/samples."""

    def __init__(self, *, tickets: TicketService, knowledge: KnowledgeService) -> None:
        self._tickets = tickets
        self._knowledge = knowledge

    async def loaded(self) -> bool:
        """Whether there are tickets already; samples never mix into a profile at work."""
        return await self._tickets.count(TicketQuery()) > 0

    async def load(self, *, progress: Progress | None = None) -> None:
        """Articles first, so that the tickets that wait find their sources. Twice is the same as once."""
        folder = Path(str(files("resources").joinpath("samples")))
        await self._knowledge.add_paths([folder / "knowledge.jsonl", folder / "articles"], progress=progress)
        await self._tickets.import_shop(orders=folder / "orders.jsonl", products=folder / "products.jsonl")
        await self._tickets.import_paths([folder / "tickets.jsonl"])
