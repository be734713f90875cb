"""The models learn what agents correct, at once, and what waits is read again where that matters."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged, IntentsCorrected, ModelLearned
from agent_assist.domain.tickets import Ticket
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Learned, Lesson, Priority, SeenMessage
from agent_assist.errors import CancelledByNewerError, EngineError, NotFoundError
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.services.reading import ReadingService, turns_until
from agent_assist.storage.lessons import Correction, LessonStore, lesson_id

log = logging.getLogger(__name__)

# Messages that are asked about at a time, and how many tickets are read again after one lesson at most.
SWEEP = 500
MOST_READ_AGAIN = 500
# Corrections whose features are not stored cost an encoder pass each; of these so many go in one request.
FRESH = 500


class LearningService:
    """Keeps the engine taught. The engine holds what it learned in memory; the profile holds the corrections."""

    def __init__(self, *, lessons: LessonStore, reading: ReadingService, engine: Engine, events: EventBus) -> None:
        self._lessons = lessons
        self._reading = reading
        self._engine = engine
        self._events = events
        self._due: dict[tuple[str, int], None] = {}
        self._learned: Learned | None = None
        self._read_with = ""  # the version that what waits was read with
        self._working = asyncio.Lock()
        self._opening: asyncio.Task[None] | None = None
        self._unsubscribe = events.subscribe(self._on_event)
        self._background = Background("learning", self._work, events=events, wakes=_wakes)

    async def start(self, *, background: bool = True) -> None:
        """Tell the engine all that was corrected in this profile, before it is asked anything else."""
        if corrections := await self._lessons.all():
            self._opening = asyncio.create_task(self._open(corrections), name="first lessons")
            await asyncio.sleep(0)  # the request is on its way before that of whoever waits for this
        if background:
            self._background.start()

    async def close(self) -> None:
        """Stop; what was not learned yet is learned at the next start."""
        self._unsubscribe()
        if self._opening is not None:
            self._opening.cancel()
            with suppress(asyncio.CancelledError):
                await self._opening
        await self._background.close()

    async def settle(self) -> Learned | None:
        """Learn what was corrected until now; None where nothing ever was. Raises `EngineError` like the engine."""
        if self._opening is not None:
            await self._opening
        await self._work()
        return self._learned

    async def corrections(self) -> list[Correction]:
        """What the models learn from, the newest first."""
        return (await self._lessons.all())[::-1]

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, IntentsCorrected):
            self._due[event.ticket_id, event.message_index] = None

    async def _open(self, corrections: Sequence[Correction]) -> None:
        known = [one for one in corrections if one.features]
        fresh = [one for one in corrections if not one.features]
        try:
            async with self._working:
                self._read_with = (await self._teach([*known, *fresh[:FRESH]])).model_version
                for start in range(FRESH, len(fresh), FRESH):
                    self._read_with = (await self._teach(fresh[start : start + FRESH])).model_version
        except EngineError as error:
            log.info("what was corrected is learned later: %s", error)
            self._due |= dict.fromkeys((one.ticket.id, one.message_index) for one in corrections)

    async def _work(self) -> None:
        async with self._working:
            while self._due:
                due, self._due = list(self._due), {}
                try:
                    tickets = await self._learn(due)
                    await self._read_what_changed(tickets)
                except BaseException:
                    self._due = dict.fromkeys([*due, *self._due])
                    raise

    async def _learn(self, messages: Sequence[tuple[str, int]]) -> list[Ticket]:
        """Teach or forget; returns the tickets whose corrected message is the newest of the customer."""
        found = [(place, await self._lessons.of(*place)) for place in messages]
        standing = [one for _, one in found if one is not None]
        await self._teach(standing, forget=[lesson_id(*place) for place, one in found if one is None])
        return [one.ticket for one in standing if one.message_index == one.ticket.last_customer_index()]

    async def _teach(self, corrections: Sequence[Correction], *, forget: Sequence[str] = ()) -> Learned:
        learned = await self._engine.learn([_lesson(one) for one in corrections], forget=forget)
        told = zip(corrections, learned.features, strict=True)
        await self._lessons.keep_features(
            [replace(one, features=features, trunk=learned.trunk) for one, features in told if features]
        )
        self._learned = learned
        self._events.publish(
            ModelLearned(held=learned.held, doubtful=len(learned.doubtful), model_version=learned.model_version)
        )
        return learned

    async def _read_what_changed(self, first: Sequence[Ticket]) -> None:
        """Read these tickets anew, and of those that wait the ones that may read otherwise, longest waiting first."""
        version = self._learned.model_version if self._learned else ""
        await self._read_again(first, priority=Priority.OPEN_TICKET)
        done = {ticket.id for ticket in first}
        left = MOST_READ_AGAIN
        offset = 0
        while left > 0 and (waiting := await self._lessons.waiting(offset=offset, limit=SWEEP)):
            offset += len(waiting)
            seen = [
                SeenMessage(thread=turns_until(one.ticket, one.message_index), vector=one.vector) for one in waiting
            ]
            changed = await self._engine.recheck(seen, since=self._read_with)
            again = [
                one.ticket for one, other in zip(waiting, changed, strict=True) if other and one.ticket.id not in done
            ]
            await self._read_again(again[:left])
            left -= len(again)
        self._read_with = version

    async def _read_again(self, tickets: Sequence[Ticket], *, priority: Priority = Priority.PREFETCH) -> None:
        for ticket in tickets:  # one by one: any of them may move on meanwhile, and is then read by whoever moved it
            with suppress(CancelledByNewerError, NotFoundError):
                await self._reading.read(ticket, priority=priority)


def _lesson(correction: Correction) -> Lesson:
    return Lesson(
        id=correction.id,
        thread=turns_until(correction.ticket, correction.message_index),
        intents=list(correction.intents),
        features=correction.features,
        trunk=correction.trunk,
    )


def _wakes(event: DomainEvent) -> bool:
    match event:
        case IntentsCorrected() | EngineStateChanged(model="encoder", state=EngineState.READY):
            return True
        case _:
            return False
