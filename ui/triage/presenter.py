"""Acts on the marked tickets, or else on the chosen one. No Qt."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from agent_assist.domain.snoozing import SnoozeChoice
from agent_assist.domain.tickets import TicketState
from agent_assist.domain.triage import Move, MoveKind
from ui.inbox.presenter import InboxPresenter
from ui.observable import Changes
from ui.ports import Triage
from ui.ports.desk import MoveProgress
from ui.tasks import Scope

LEAVING = {MoveKind.DONE, MoveKind.SNOOZED, MoveKind.WOKEN, MoveKind.REOPENED}
Act = Callable[[list[str], MoveProgress], Awaitable[Move]]


class TriagePresenter:
    """`moved` is called with each move that was done; `changes` tells of progress: `done` of `total`, 0 at rest."""

    def __init__(self, triage: Triage, inbox: InboxPresenter, scope: Scope, *, moved: Callable[[Move], None]) -> None:
        self._triage = triage
        self._inbox = inbox
        self._scope = scope
        self._moved = moved
        self._stopped = False
        self.done, self.total = 0, 0
        self.changes = Changes()

    # what can be done

    @property
    def me(self) -> str:
        """Whose tickets are "mine"."""
        return self._triage.me

    @property
    def people(self) -> list[str]:
        """Who tickets can be given to, oneself first."""
        return [self.me, *(name for name in self._inbox.people if name != self.me)]

    @property
    def choices(self) -> list[SnoozeChoice]:
        """The usual times to snooze until."""
        return self._triage.snooze_choices()

    def parse_until(self, text: str) -> datetime | None:
        """The time that a person wrote."""
        return self._triage.parse_until(text)

    @property
    def opens_again(self) -> bool:
        """Whether "done" would rather open again: the one ticket that is meant is done."""
        row = self._inbox.selected_row
        return not self._inbox.marks and row is not None and row.state is TicketState.DONE

    @property
    def wakes(self) -> bool:
        """Whether "snooze" would rather bring back: the one ticket that is meant is snoozed."""
        row = self._inbox.selected_row
        return not self._inbox.marks and row is not None and row.snoozed_until is not None

    @property
    def busy(self) -> bool:
        """Whether a move is under way."""
        return self._scope.busy("move")

    # acts

    def take(self) -> None:
        """Make the tickets one's own."""
        self.assign(self.me)

    def assign(self, name: str) -> None:
        """Give the tickets to somebody, or with "" to nobody."""
        self._do(lambda ids, progress: self._triage.assign(ids, name, progress=progress))

    def snooze(self, until: datetime) -> None:
        """Put the tickets out of the way until then."""
        self._do(lambda ids, progress: self._triage.snooze(ids, until, progress=progress))

    def wake(self) -> None:
        """Bring the tickets back."""
        self._do(lambda ids, progress: self._triage.wake(ids, progress=progress))

    def finish(self) -> None:
        """Put the tickets among those that are done; one that is there already is opened again."""
        if self.opens_again:
            self._do(lambda ids, progress: self._triage.reopen(ids, progress=progress))
        else:
            self._do(lambda ids, progress: self._triage.finish(ids, progress=progress))

    def stop(self) -> bool:
        """Stop a move of many tickets where it is; False where none is under way."""
        self._stopped = self.busy
        return self._stopped

    def _do(self, act: Act) -> None:
        ids = self._inbox.targets
        if ids:
            self._scope.start("move", lambda: self._work(ids, act))

    async def _work(self, ids: list[str], act: Act) -> None:
        self._stopped = False
        try:
            move = await act(ids, self._progress)
        finally:
            self.done = self.total = 0
            self.changes.notify()
        self._inbox.marks.clear()
        if move.kind in LEAVING and self._inbox.selected_id in move.ticket_ids:
            following = self._inbox.successor(without=set(move.ticket_ids))
            if following is not None:
                self._inbox.select(following.id)
        self._inbox.refresh()
        self._moved(move)

    def _progress(self, done: int, total: int) -> bool:
        self.done, self.total = done, total
        self.changes.notify()
        return not self._stopped
