"""The agent's last acts: what the toast says of them, and how they are taken back. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from agent_assist.domain.feedback import SENDING, FeedbackEvent, FeedbackKind
from agent_assist.domain.triage import Move, Undone
from ui.observable import Changes
from ui.ports import Feedback, Triage
from ui.tasks import Scope


@dataclass(frozen=True, slots=True)
class Toast:
    """A passing message about an act (`act` is what an undo took back), a move or its undoing, or snoozed tickets that
    returned; where all is None it is the remark that there is nothing to undo."""

    event: FeedbackEvent | None = None
    customer: str = ""
    act: FeedbackEvent | None = None
    move: Move | None = None
    undone: Undone | None = None
    returned: int = 0

    @property
    def undoable(self) -> bool:
        """Whether to offer "Undo"."""
        if self.move is not None:
            return bool(self.move.ticket_ids)
        return self.event is not None and self.event.kind is not FeedbackKind.UNDONE

    @property
    def held_seconds(self) -> float:
        """For how long the reply that was sent can be taken back before anybody has it; 0 for anything else."""
        return self.event.held_seconds if self.event is not None and self.event.kind in SENDING else 0.0


class History:
    """Acts and moves of this session, newest last. `feedback` is asked for when something is undone; `toasted` tells of
    a new toast, `went_back` is called after the undo of an act."""

    def __init__(
        self,
        feedback: Callable[[], Feedback],
        triage: Triage,
        scope: Scope,
        *,
        went_back: Callable[[FeedbackEvent], None],
    ) -> None:
        self._feedback = feedback
        self._triage = triage
        self._scope = scope
        self._went_back = went_back
        self._acts: list[FeedbackEvent | Move] = []
        self.sent = 0
        self.toast: Toast | None = None
        self.toasted = Changes()

    def push(self, event: FeedbackEvent, customer: str) -> None:
        """Remember an act and say what was done."""
        self._acts.append(event)
        self.sent += event.kind in SENDING
        self._say(Toast(event, customer))

    def push_move(self, move: Move) -> None:
        """Remember a move of tickets and say what was done."""
        if move.ticket_ids:
            self._acts.append(move)
        self._say(Toast(move=move))

    def tell_returned(self, count: int) -> None:
        """Say that snoozed tickets are back."""
        self._say(Toast(returned=count))

    def undo(self) -> None:
        """Take the newest act back."""
        if not self._acts:
            self._say(Toast())
            return
        self._scope.start("undo", self._undo)

    def forget(self, event_id: str) -> None:
        """An act was taken back elsewhere."""
        self._acts = [act for act in self._acts if act.id != event_id]

    async def _undo(self) -> None:
        act = self._acts[-1]
        if isinstance(act, Move):
            back = await self._triage.undo(act.id)
            self.forget(act.id)
            self._say(Toast(undone=back))
            return
        undone = await self._feedback().undo(act.id)
        self.forget(act.id)
        self.sent -= act.kind in SENDING
        self._say(Toast(undone, act=act))
        self._went_back(act)

    def _say(self, toast: Toast) -> None:
        self.toast = toast
        self.toasted.notify()
