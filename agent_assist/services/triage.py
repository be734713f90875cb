"""Whose tickets are, when they come back, that they are done; and the clock that brings snoozed ones back."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from agent_assist.domain.events import DeadlinesChanged, TicketsMoved
from agent_assist.domain.ids import new_id
from agent_assist.domain.snoozing import LONGEST, SnoozeChoice, parse_until, snooze_choices
from agent_assist.domain.triage import Move, MoveKind, Undone
from agent_assist.errors import AgentAssistError, InputError
from agent_assist.services.background import Lifelong
from agent_assist.services.clock import ResponseClock
from agent_assist.services.events import EventBus
from agent_assist.services.people import agent_name, team
from agent_assist.settings import Settings
from agent_assist.storage.moves import MoveStore
from agent_assist.storage.tickets import TicketStore

log = logging.getLogger(__name__)
# How often it is looked whether a snooze is over; one look is a step into an index.
POLL_S = 5.0
# Tickets a transaction: some 20 ms, so that nobody waits for the writer.
PORTION = 1_000

# Is told how many are done of how many; False stops there, with what is done.
Progress = Callable[[int, int], bool]


class TriageService:
    """Moves of one or many tickets; each is undone as a whole, and survives a kill in whole portions."""

    def __init__(
        self, *, tickets: TicketStore, moves: MoveStore, clock: ResponseClock, settings: Settings, events: EventBus
    ) -> None:
        self._tickets = tickets
        self._moves = moves
        self._clock = clock
        self._settings = settings
        self._events = events
        self._life = Lifelong("triage", self._run)

    # who and when

    @property
    def me(self) -> str:
        """Whose tickets are "mine"."""
        return agent_name(self._settings)

    async def people(self) -> list[str]:
        """Who tickets can be given to: oneself first, then the team by name."""
        others = {*team(self._settings), *await self._tickets.people()} - {self.me}
        return [self.me, *sorted(others, key=str.casefold)]

    def snooze_choices(self) -> list[SnoozeChoice]:
        """The usual times to snooze until, as they are now."""
        return snooze_choices(self._clock.now(), self._clock.rule().hours)

    def parse_until(self, text: str) -> datetime | None:
        """The time that a person wrote, None where it cannot be read or has gone by."""
        hours = self._clock.rule().hours
        if hours.opens:
            return parse_until(text, self._clock.now(), zone=hours.zone, opens=hours.opens)
        return parse_until(text, self._clock.now(), zone=hours.zone)

    # moves

    async def assign(self, ticket_ids: Sequence[str], to: str, *, progress: Progress | None = None) -> Move:
        """Give tickets to somebody, or with "" to nobody. Raises `InputError` for a name that nobody here has."""
        name = to.strip()
        if name and name not in (known := await self.people()):
            raise InputError(
                f"Nobody here is called {name!r}. Known are {', '.join(known)}; "
                "the setting agent.colleagues names more."
            )
        return await self._do(MoveKind.ASSIGNED, ticket_ids, assignee=name, progress=progress)

    async def snooze(self, ticket_ids: Sequence[str], until: datetime, *, progress: Progress | None = None) -> Move:
        """Put tickets out of the way until then, or until their customer writes.

        Raises `InputError` for a time that has gone by or lies over a year ahead.
        """
        now = self._clock.now()
        if not now < until <= now + LONGEST:
            raise InputError("A ticket is snoozed until a time within the next year. Give a later or an earlier one.")
        return await self._do(MoveKind.SNOOZED, ticket_ids, until=until, progress=progress)

    async def wake(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        """Bring snoozed tickets back now."""
        return await self._do(MoveKind.WOKEN, ticket_ids, progress=progress)

    async def finish(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        """Put tickets among those that are done; a new message of the customer opens them again."""
        return await self._do(MoveKind.DONE, ticket_ids, progress=progress)

    async def reopen(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        """Take tickets out of those that are done: waiting where the customer wrote last, else answered."""
        return await self._do(MoveKind.REOPENED, ticket_ids, progress=progress)

    async def undo(self, move_id: str) -> Undone:
        """Take a move back; tickets that were moved again since are left as they are.

        Raises `NotFoundError` for an unknown one, `InputError` where it was taken back already.
        """
        move = await self._moves.get(move_id)
        back = await self._moves.undo(move_id)
        self._events.publish(TicketsMoved(ticket_ids=tuple(back)))
        return Undone(move=move, ticket_ids=tuple(back), left=len(move.ticket_ids) - len(back))

    async def last_move(self) -> Move | None:
        """The newest move that stands."""
        return await self._moves.last()

    # what happens by itself

    async def settle(self) -> None:
        """Bring back whose snooze is over, and keep due times by the settings as they are now."""
        rule = self._clock.rule()
        if not await self._moves.in_force(rule):
            await self._moves.keep_rule(rule)
            after: int | None = 0
            while after is not None:
                after = await self._moves.refresh_due(after=after, limit=PORTION)
            self._events.publish(DeadlinesChanged())
        back = await self._moves.wake(self._clock.now())
        if back:
            self._events.publish(TicketsMoved(ticket_ids=tuple(back), returned=len(back)))

    def start(self) -> None:
        """Settle from now on, every few seconds; a second call does nothing."""
        self._life.start()

    async def close(self) -> None:
        """Stop."""
        await self._life.close()

    async def _run(self) -> None:
        while True:
            try:
                await self.settle()
            except AgentAssistError as error:  # a disk that is full is tried again
                log.info("snoozed tickets are looked at later: %s", type(error).__name__)
            except Exception:
                log.exception("snoozed tickets could not be looked at")
            await asyncio.sleep(POLL_S)

    async def _do(
        self,
        kind: MoveKind,
        ticket_ids: Sequence[str],
        *,
        assignee: str = "",
        until: datetime | None = None,
        progress: Progress | None = None,
    ) -> Move:
        move = Move(id=new_id(), at=self._clock.now(), actor=self.me, kind=kind, assignee=assignee, until=until)
        changed: list[str] = []
        try:
            for start in range(0, len(ticket_ids), PORTION):
                changed += await self._moves.move(move, ticket_ids[start : start + PORTION])
                done = min(start + PORTION, len(ticket_ids))
                if progress is not None and not progress(done, len(ticket_ids)):
                    break
        finally:
            if changed:
                self._events.publish(TicketsMoved(ticket_ids=tuple(changed)))
        return Move(
            id=move.id,
            at=move.at,
            actor=move.actor,
            kind=kind,
            ticket_ids=tuple(changed),
            assignee=assignee,
            until=until,
        )
