"""Suggestions for stored tickets."""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager

from agent_assist.domain.suggestion import NoneReason, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.engine.protocol import Priority
from agent_assist.errors import CancelledByNewerError, EngineError, EngineUnavailableError
from agent_assist.services.reading import ReadingService
from agent_assist.services.suggestions.candidates import MOST, Candidates, CandidateStep
from agent_assist.services.suggestions.case import PRODUCTS, silent
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
        candidates: Candidates,
        when_unanswered: Callable[[Ticket, Suggestion], Awaitable[None]] | None = None,
    ) -> None:
        self._tickets = tickets
        self._reading = reading
        self._suggester = suggester
        self._candidates = candidates
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
        self,
        ticket_id: str,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        again: bool = False,
        wish: Wish = NO_WISH,
    ) -> AsyncGenerator[SuggestionStep, None]:
        """Yield the steps for a stored ticket; a kept suggestion for this version comes at once unless `again`.

        With a `wish` a draft is written in that tone and with that hint, and kept in place of the one before. Closing
        the iterator cancels the draft. Raises `NotFoundError` for an unknown ticket and `CancelledByNewerError` when
        a newer message made the work useless.
        """
        kept = None if again else await self._tickets.suggestion(ticket_id)
        if kept is not None and self._fits(kept, wish):
            yield SourcesFound(sources=kept.sources)
            yield SuggestionReady(suggestion=kept)
            return
        ticket = await self._tickets.get(ticket_id)
        with self._watched(ticket_id, priority):
            async with aclosing(self._made(ticket, priority, wish)) as steps:
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

    async def _made(self, ticket: Ticket, priority: Priority, wish: Wish) -> AsyncGenerator[SuggestionStep, None]:
        async with aclosing(self._steps(ticket, priority, wish)) as steps:
            async for step in steps:
                if isinstance(step, SuggestionReady) and step.suggestion.reason is not NoneReason.ENGINE_UNAVAILABLE:
                    await self._tickets.save_suggestion(step.suggestion)
                    if step.suggestion.reason in UNANSWERED and self._when_unanswered:
                        await self._when_unanswered(ticket, step.suggestion)
                yield step

    async def finished(
        self, ticket_id: str, *, priority: Priority = Priority.OPEN_TICKET, wish: Wish = NO_WISH
    ) -> Suggestion:
        """The finished suggestion for a stored ticket."""
        return await last(self.suggest(ticket_id, priority=priority, wish=wish))

    async def candidates(
        self, ticket_id: str, *, count: int = MOST, wish: Wish = NO_WISH
    ) -> AsyncGenerator[CandidateStep, None]:
        """Yield different suggestions for a stored ticket: the one that stands, others, then all in order.

        Closing the iterator cancels what is being written. Raises `NotFoundError`, and `EngineError` where the engine
        gives no answer.
        """
        first = await self.finished(ticket_id, wish=wish)
        if first.reason is NoneReason.ENGINE_UNAVAILABLE:
            raise EngineUnavailableError("The reply model is not available right now.")
        ticket = await self._tickets.get(ticket_id)
        read = await self._reading.read(ticket, priority=Priority.OPEN_TICKET)
        with self._watched(ticket_id, Priority.OPEN_TICKET):
            steps = self._candidates.steps(ticket, first, count=count, read=read, wish=first.wish)
            async with aclosing(steps):
                async for step in steps:
                    yield step

    async def choose(self, suggestion: Suggestion) -> None:
        """Keep this candidate as the ticket's suggestion."""
        await self._tickets.save_suggestion(suggestion)

    def _fits(self, kept: Suggestion, wish: Wish) -> bool:
        """Whether a kept suggestion is what is wanted now: the wish is the same, or the shop's tone as it was."""
        if wish:
            return kept.wish == wish
        drafted = kept.kind is SuggestionKind.GENERATED and kept.model_version != PRODUCTS
        return bool(kept.wish) or not drafted or kept.tone is self._suggester.tone

    async def _steps(self, ticket: Ticket, priority: Priority, wish: Wish) -> AsyncGenerator[SuggestionStep, None]:
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
            async with aclosing(self._suggester.steps(ticket, read=read, priority=priority, wish=wish)) as steps:
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
