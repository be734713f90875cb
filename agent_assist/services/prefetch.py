"""Suggestions written before anyone asks, for the tickets that have waited longest."""

from agent_assist.domain.events import (
    DomainEvent,
    EngineState,
    EngineStateChanged,
    KnowledgeChanged,
    TicketChanged,
    TicketsArrived,
)
from agent_assist.domain.suggestion import NoneReason
from agent_assist.domain.tickets import TicketQuery, TicketState
from agent_assist.engine.protocol import Priority
from agent_assist.errors import CancelledByNewerError, EngineUnavailableError, NotFoundError
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.services.suggestions import SuggestionService
from agent_assist.settings import Settings
from agent_assist.storage.tickets import TicketStore

# How far ahead of the agent to work.
AHEAD = 12


class PrefetchService:
    """Prepares the tickets an agent will open next. The engine lets the open ticket overtake every one of these."""

    def __init__(
        self, *, tickets: TicketStore, suggestions: SuggestionService, settings: Settings, events: EventBus
    ) -> None:
        self._tickets = tickets
        self._suggestions = suggestions
        self._settings = settings
        self._background = Background("prefetch", self._prepare, events=events, wakes=_wakes)

    def start(self) -> None:
        """Begin to prepare; does nothing while the setting `suggestion.prefetch` is off."""
        self._background.start()

    async def close(self) -> None:
        """Stop; what was prepared is kept."""
        await self._background.close()

    async def _prepare(self) -> None:
        if not self._settings.suggestion.prefetch:
            return
        rows = await self._tickets.page(TicketQuery(state=TicketState.WAITING), offset=0, limit=AHEAD)
        for row in rows:
            try:
                if await self._tickets.suggestion(row.id) is None:
                    suggestion = await self._suggestions.finished(row.id, priority=Priority.PREFETCH)
                    if suggestion.reason is NoneReason.ENGINE_UNAVAILABLE:
                        raise EngineUnavailableError("The engine is away.")
            except (CancelledByNewerError, NotFoundError):
                continue  # the ticket moved on; its new state wakes this again


def _wakes(event: DomainEvent) -> bool:
    match event:
        case TicketsArrived() | TicketChanged() | KnowledgeChanged():
            return True
        case EngineStateChanged(model="reply", state=EngineState.READY):
            return True
        case _:
            return False
