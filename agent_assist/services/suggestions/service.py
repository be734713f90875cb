"""Suggestions for stored tickets."""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager

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

# What the knowledge lacks an answer to.
UNANSWERED = frozenset({NoneReason.NOTHING_FOUND, NoneReason.NOT_ANSWERED})


class SuggestionService:
    """Suggestions for stored tickets: kept once written, asked for again when the engine died in between."""

    def __init__(
        self,
        *,
        tickets: TicketStore,
        reading: ReadingService,
        suggester: Suggester,
        when_unanswered: Callable[[Ticket, Suggestion], Awaitable[None]] | None = None,
    ) -> None:
        self._tickets = tickets
        self._reading = reading
        self._suggester = suggester
        self._when_unanswered = when_unanswered
        self._asked: list[Callable[[str, bool], None]] = []
        self._busy: Counter[str] = Counter()

    def on_asked(self, listener: Callable[[str, bool], None]) -> None:
        """Call `listener` with a ticket's id when a suggestion for the open ticket begins (True) and ends (False)."""
        self._asked.append(listener)

    def busy(self, ticket_id: str) -> bool:
        """Whether a suggestion is being made for whoever has the ticket open."""
        return self._busy[ticket_id] > 0

    async def stands(self, suggestion: Suggestion) -> bool:
        """Whether all that a suggestion rests on is still as it was cited."""
        return await self._tickets.stands(suggestion)

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
        with self._watched(ticket_id, priority):
            async with aclosing(self._made(ticket, priority)) as steps:
                async for step in steps:
                    yield step

    @contextmanager
    def _watched(self, ticket_id: str, priority: Priority) -> Iterator[None]:
        """What is made for the open ticket need not be made ahead of it as well."""
        if priority is not Priority.OPEN_TICKET:
            yield
            return
        self._busy[ticket_id] += 1
        self._tell(ticket_id, True)
        try:
            yield
        finally:
            self._busy[ticket_id] -= 1
            self._tell(ticket_id, False)

    def _tell(self, ticket_id: str, begins: bool) -> None:
        for listener in self._asked:
            listener(ticket_id, begins)

    async def _made(self, ticket: Ticket, priority: Priority) -> AsyncGenerator[SuggestionStep, None]:
        async with aclosing(self._steps(ticket, priority)) as steps:
            async for step in steps:
                if isinstance(step, SuggestionReady) and step.suggestion.reason is not NoneReason.ENGINE_UNAVAILABLE:
                    await self._tickets.save_suggestion(step.suggestion)
                    if step.suggestion.reason in UNANSWERED and self._when_unanswered:
                        await self._when_unanswered(ticket, step.suggestion)
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
