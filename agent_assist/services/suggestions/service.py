"""Suggestions for stored tickets."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from agent_assist.domain.suggestion import NoneReason, Suggestion
from agent_assist.domain.tickets import Ticket
from agent_assist.engine.protocol import Priority
from agent_assist.errors import CancelledByNewerError, EngineError
from agent_assist.services.reading import ReadingService
from agent_assist.services.suggestions.case import silent
from agent_assist.services.suggestions.steps import (
    DraftChunk,
    DraftRestarted,
    SourcesFound,
    SuggestionReady,
    SuggestionStep,
    last,
)
from agent_assist.services.suggestions.suggester import Suggester
from agent_assist.storage.tickets import TicketStore


class SuggestionService:
    """Suggestions for stored tickets: kept once written, asked for again when the engine died in between."""

    def __init__(
        self,
        *,
        tickets: TicketStore,
        reading: ReadingService,
        suggester: Suggester,
        when_nothing_found: Callable[[Ticket], Awaitable[None]] | None = None,
    ) -> None:
        self._tickets = tickets
        self._reading = reading
        self._suggester = suggester
        self._when_nothing_found = when_nothing_found

    async def suggest(
        self, ticket_id: str, *, priority: Priority = Priority.OPEN_TICKET, again: bool = False
    ) -> AsyncGenerator[SuggestionStep, None]:
        """Yield the steps for a stored ticket; a kept suggestion for this version comes at once unless `again`.

        Closing the iterator cancels the draft. Raises `NotFoundError` for an unknown ticket and
        `CancelledByNewerError` when a newer message made the work useless.
        """
        kept = None if again else await self._tickets.suggestion(ticket_id)
        if kept is not None:
            yield SourcesFound(sources=kept.sources)
            yield SuggestionReady(suggestion=kept)
            return
        ticket = await self._tickets.get(ticket_id)
        async with aclosing(self._steps(ticket, priority)) as steps:
            async for step in steps:
                if isinstance(step, SuggestionReady) and step.suggestion.reason is not NoneReason.ENGINE_UNAVAILABLE:
                    await self._tickets.save_suggestion(step.suggestion)
                    if step.suggestion.reason is NoneReason.NOTHING_FOUND and self._when_nothing_found:
                        await self._when_nothing_found(ticket)
                yield step

    async def finished(self, ticket_id: str, *, priority: Priority = Priority.OPEN_TICKET) -> Suggestion:
        """The finished suggestion for a stored ticket."""
        return await last(self.suggest(ticket_id, priority=priority))

    async def _steps(self, ticket: Ticket, priority: Priority) -> AsyncGenerator[SuggestionStep, None]:
        """Try once more when the engine went away under a draft: it is being started again meanwhile."""
        began = time.perf_counter()
        shown = False
        for attempt in range(2):
            try:
                read = await self._reading.read(ticket, priority=priority)
            except CancelledByNewerError:
                raise
            except EngineError:
                yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE, began))
                return
            async with aclosing(self._suggester.steps(ticket, read=read, priority=priority)) as steps:
                async for step in steps:
                    lost = isinstance(step, SuggestionReady) and (
                        step.suggestion.reason is NoneReason.ENGINE_UNAVAILABLE
                    )
                    if lost and shown and attempt == 0:
                        yield DraftRestarted()
                        break
                    shown = shown or isinstance(step, DraftChunk)
                    yield step
                else:
                    return
