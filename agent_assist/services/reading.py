"""Understanding of stored tickets: now for the open one, in the background for those that wait."""

from collections.abc import Sequence

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged, TicketChanged, TicketsArrived
from agent_assist.domain.tickets import Ticket
from agent_assist.engine.api import Engine, ReadMessage
from agent_assist.engine.protocol import Priority, Turn
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.storage.tickets import TicketStore

BATCH = 16
# How many earlier messages go along as context.
CONTEXT_TURNS = 6


def turns_until(ticket: Ticket, message_index: int) -> list[Turn]:
    """The message and the turns before it, oldest first, as the models read them."""
    first = max(0, message_index - CONTEXT_TURNS)
    return [Turn(role=message.role, text=message.text) for message in ticket.messages[first : message_index + 1]]


class ReadingService:
    """Reads messages through the engine and stores what it found."""

    def __init__(self, *, tickets: TicketStore, engine: Engine, events: EventBus) -> None:
        self._tickets = tickets
        self._engine = engine
        self._events = events
        self._background = Background("reading", self._read_waiting, events=events, wakes=_wakes)

    async def read(self, ticket: Ticket, *, priority: Priority = Priority.OPEN_TICKET) -> ReadMessage:
        """Read the newest customer message of a stored ticket, store and return the result."""
        [read] = await self._read_and_store([ticket], priority=priority)
        return read

    async def read_unstored(self, tickets: Sequence[Ticket]) -> list[ReadMessage]:
        """Read the newest customer message of tickets that are not in the profile; nothing is stored."""
        if not tickets:
            return []
        return await self._engine.understand([turns_until(ticket, _newest(ticket)) for ticket in tickets])

    def start(self) -> None:
        """Begin to read waiting tickets in the background."""
        self._background.start()

    async def close(self) -> None:
        """Stop the background reading; what was read is stored."""
        await self._background.close()

    async def _read_waiting(self) -> None:
        while waiting := await self._tickets.unread(limit=BATCH):
            await self._read_and_store(waiting, priority=Priority.PREFETCH)

    async def _read_and_store(self, tickets: Sequence[Ticket], *, priority: Priority) -> list[ReadMessage]:
        indices = [_newest(ticket) for ticket in tickets]
        threads = [turns_until(ticket, index) for ticket, index in zip(tickets, indices, strict=True)]
        single = tickets[0] if len(tickets) == 1 else None
        read = await self._engine.understand(
            threads,
            priority=priority,
            ticket_id=single.id if single else "",
            ticket_version=single.version if single else 0,
        )
        for ticket, index, message in zip(tickets, indices, read, strict=True):
            await self._tickets.save_understanding(
                ticket.id,
                ticket_version=ticket.version,
                message_index=index,
                understanding=message.understanding,
                vector=message.vector,
            )
            self._events.publish(TicketChanged(ticket_id=ticket.id))
        return read


def _wakes(event: DomainEvent) -> bool:
    match event:
        case TicketsArrived() | EngineStateChanged(model="encoder", state=EngineState.READY):
            return True
        case _:
            return False


def _newest(ticket: Ticket) -> int:
    index = ticket.last_customer_index()
    return len(ticket.messages) - 1 if index is None else index
