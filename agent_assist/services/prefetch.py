"""Suggestions written before anyone asks, for the tickets with the least time left."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import Enum, auto

from agent_assist.domain.events import (
    ArticleChanged,
    DomainEvent,
    DraftsPrepared,
    EngineState,
    EngineStateChanged,
    KnowledgeChanged,
    OrdersChanged,
    TicketChanged,
    TicketsArrived,
    TicketsMoved,
)
from agent_assist.domain.suggestion import NoneReason, SuggestionKind
from agent_assist.domain.tickets import TicketRow
from agent_assist.engine.protocol import Priority
from agent_assist.errors import CancelledByNewerError, EngineUnavailableError, NotFoundError
from agent_assist.services.background import Background
from agent_assist.services.clock import ResponseClock
from agent_assist.services.events import EventBus
from agent_assist.services.suggestions import SuggestionService
from agent_assist.settings import Settings
from agent_assist.storage.tickets import TicketStore

log = logging.getLogger(__name__)
# Seconds after the agent's last key before work ahead goes on.
QUIET_S = 3.0
# A ticket that fails this often is left until it, the knowledge or an order changes; the others go on.
_TRIES = 2

_Key = tuple[str, int]


class _Outcome(Enum):
    DONE = auto()
    STOPPED = auto()
    FAILED = auto()
    NO_ANSWER = auto()


class PrefetchService:
    """Prepares the tickets an agent will open next, one after the other; what is planned is planned anew after each.

    The engine lets the open ticket overtake every one of these, and a key of the agent's stops the work for a while.
    """

    def __init__(
        self,
        *,
        tickets: TicketStore,
        suggestions: SuggestionService,
        clock: ResponseClock,
        settings: Settings,
        events: EventBus,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._tickets = tickets
        self._suggestions = suggestions
        self._clock = clock
        self._settings = settings
        self._events = events
        self._monotonic = monotonic
        self._sleep = sleep
        self._background = Background("prefetch", self._prepare, events=events, wakes=self._wakes)
        self._failures: Counter[_Key] = Counter()
        self._working: tuple[str, asyncio.Task[NoneReason | None]] | None = None
        self._last_key = float("-inf")
        self._told = DraftsPrepared(ready=0, in_work=0)
        suggestions.on_asked(self._somebody_asks)

    def start(self) -> None:
        """Begin to prepare; does nothing while the setting `suggestion.prefetch` is off."""
        self._background.start()

    async def close(self) -> None:
        """Stop; what was prepared is kept."""
        await self._background.close()

    def typing(self) -> None:
        """The agent presses keys: leave the machine to them, and go on some seconds after the last one.

        What was under way is stopped; the engine keeps what it has read of the prompt.
        """
        self._last_key = self._monotonic()
        self._stop_work()

    async def _prepare(self) -> None:
        tried: set[_Key] = set()
        away: list[_Key] = []
        while self._settings.suggestion.prefetch:
            await self._quiet()
            row = await self._next(tried)
            if row is None:
                return
            key = (row.id, row.version)
            outcome = await self._one(row)
            if outcome is _Outcome.STOPPED:
                continue
            tried.add(key)
            if outcome is _Outcome.DONE:
                away.clear()
                continue
            self._failures[key] += 1
            if outcome is _Outcome.NO_ANSWER:
                away.append(key)
                if len(away) > 1:  # not this ticket's fault
                    self._failures.subtract(away)
                    raise EngineUnavailableError("The engine is away.")

    async def _next(self, tried: set[_Key]) -> TicketRow | None:
        """The ticket to prepare now, by what is waiting now."""
        ahead = self._settings.suggestion.prefetch_ahead
        rows = self._clock.by_time_left(await self._tickets.waiting(limit=ahead))[:ahead]
        prepared = await self._tickets.prepared([row.id for row in rows])
        missing = [
            row
            for row in rows
            if row.id not in prepared
            and (row.id, row.version) not in tried
            and self._failures[row.id, row.version] < _TRIES
        ]
        drafts = sum(kind is not SuggestionKind.NONE for kind in prepared.values())
        self._tell(DraftsPrepared(ready=drafts, in_work=len(missing)))
        free = [row for row in missing if not self._suggestions.busy(row.id)]
        return min(free, key=lambda row: self._failures[row.id, row.version], default=None)

    async def _one(self, row: TicketRow) -> "_Outcome":
        work = asyncio.create_task(self._suggest(row.id), name=f"prepare {row.id}")
        self._working = (row.id, work)
        try:
            await asyncio.wait({work})
        finally:
            self._working = None
            if work.cancel():
                await asyncio.wait({work})
        if work.cancelled():
            return _Outcome.STOPPED
        error = work.exception()
        if isinstance(error, CancelledByNewerError | NotFoundError):
            return _Outcome.DONE  # the ticket moved on; its new state is another one to prepare
        if error is not None:
            log.error("ticket %s cannot be prepared: %s", row.id, type(error).__name__)  # a message may quote it
            return _Outcome.FAILED
        return _Outcome.NO_ANSWER if work.result() is NoneReason.ENGINE_UNAVAILABLE else _Outcome.DONE

    async def _suggest(self, ticket_id: str) -> NoneReason | None:
        return (await self._suggestions.finished(ticket_id, priority=Priority.PREFETCH)).reason

    async def _quiet(self) -> None:
        """Wait until no key has been pressed for some seconds."""
        while (left := self._last_key + QUIET_S - self._monotonic()) > 0:
            self._tell(replace(self._told, paused=True))
            await self._sleep(left)

    def _somebody_asks(self, ticket_id: str, begins: bool) -> None:
        """The window asks for this very ticket: it is written once, for the window; or that came to its end."""
        if not begins:
            self._background.wake()
        elif self._working is not None and self._working[0] == ticket_id:
            self._stop_work()

    def _stop_work(self) -> None:
        if self._working is not None:
            self._working[1].cancel()

    def _tell(self, counts: DraftsPrepared) -> None:
        if counts != self._told:
            self._told = counts
            self._events.publish(counts)

    def _wakes(self, event: DomainEvent) -> bool:
        match event:
            case KnowledgeChanged() | ArticleChanged() | OrdersChanged():
                self._failures.clear()
                return True
            case TicketChanged(ticket_id=ticket_id):  # but not what was read for the suggestion under way
                return self._working is None or self._working[0] != ticket_id
            case TicketsArrived() | TicketsMoved():
                return True
            case EngineStateChanged(model="reply", state=EngineState.READY):
                return True
            case _:
                return False
