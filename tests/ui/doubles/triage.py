"""Moves of tickets in memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent_assist.domain.deadlines import WorkingHours
from agent_assist.domain.events import TicketsMoved
from agent_assist.domain.ids import new_id
from agent_assist.domain.snoozing import SnoozeChoice, parse_until, snooze_choices
from agent_assist.domain.tickets import Role, Ticket, TicketState
from agent_assist.domain.triage import Move, MoveKind, Undone
from tests.ui.doubles.shelf import Shelf

Progress = Callable[[int, int], bool]


class TriageDouble:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.me = "me"
        self.colleagues = ["王芳"]
        self.moves: list[Move] = []
        self.before: dict[str, dict[str, Ticket]] = {}

    async def people(self) -> list[str]:
        return [self.me, *self.colleagues]

    def snooze_choices(self) -> list[SnoozeChoice]:
        return snooze_choices(self.shelf.now, WorkingHours())

    def parse_until(self, text: str) -> datetime | None:
        return parse_until(text, self.shelf.now)

    async def assign(self, ticket_ids: Sequence[str], to: str, *, progress: Progress | None = None) -> Move:
        return self._do(MoveKind.ASSIGNED, ticket_ids, lambda one: replace(one, assignee=to), assignee=to)

    async def snooze(self, ticket_ids: Sequence[str], until: datetime, *, progress: Progress | None = None) -> Move:
        return self._do(MoveKind.SNOOZED, ticket_ids, lambda one: replace(one, snoozed_until=until), until=until)

    async def wake(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        return self._do(MoveKind.WOKEN, ticket_ids, lambda one: replace(one, snoozed_until=None))

    async def finish(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        return self._do(MoveKind.DONE, ticket_ids, lambda one: replace(one, state=TicketState.DONE, snoozed_until=None))

    async def reopen(self, ticket_ids: Sequence[str], *, progress: Progress | None = None) -> Move:
        return self._do(MoveKind.REOPENED, ticket_ids, _opened)

    async def undo(self, move_id: str) -> Undone:
        move = next(one for one in self.moves if one.id == move_id)
        self.shelf.tickets |= self.before[move_id]
        self.shelf.events.publish(TicketsMoved(ticket_ids=move.ticket_ids))
        return Undone(move=move, ticket_ids=move.ticket_ids, left=0)

    def let_time_pass(self, span: timedelta) -> None:
        """Bring back whose snooze is over."""
        self.shelf.now += span
        back = [one for one in self.shelf.tickets.values() if one.snoozed_until and one.snoozed_until <= self.shelf.now]
        self.shelf.tickets |= {one.id: replace(one, snoozed_until=None) for one in back}
        self.shelf.events.publish(TicketsMoved(ticket_ids=tuple(one.id for one in back), returned=len(back)))

    def _do(
        self, kind: MoveKind, ticket_ids: Sequence[str], change: Callable[[Ticket], Ticket], **fields: object
    ) -> Move:
        olds = [self.shelf.ticket(name) for name in ticket_ids]
        changed = {old.id: (old, new) for old in olds if (new := change(old)) != old}
        move = Move(
            id=new_id(),
            at=self.shelf.now,
            actor=self.me,
            kind=kind,
            ticket_ids=tuple(changed),
            **fields,  # type: ignore[arg-type]
        )
        self.moves.append(move)
        self.before[move.id] = {name: old for name, (old, _) in changed.items()}
        self.shelf.tickets |= {name: new for name, (_, new) in changed.items()}
        self.shelf.events.publish(TicketsMoved(ticket_ids=move.ticket_ids))
        return move


def _opened(ticket: Ticket) -> Ticket:
    waits = ticket.messages[-1].role is Role.CUSTOMER
    return replace(ticket, state=TicketState.WAITING if waits else TicketState.ANSWERED)
