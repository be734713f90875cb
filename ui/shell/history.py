"""The agent's last acts: what the toast says of them, and how they are taken back. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from agent_assist.domain.feedback import SENDING, FeedbackEvent, FeedbackKind
from ui.observable import Changes
from ui.ports import Feedback
from ui.tasks import Scope


@dataclass(frozen=True, slots=True)
class Toast:
    """A passing message about an act; `event` is None for the remark that there is nothing to undo, and `act` what an
    undo took back."""

    event: FeedbackEvent | None
    customer: str = ""
    act: FeedbackEvent | None = None

    @property
    def undoable(self) -> bool:
        """Whether to offer "Undo"."""
        return self.event is not None and self.event.kind is not FeedbackKind.UNDONE

    @property
    def held_seconds(self) -> float:
        """For how long the reply that was sent can be taken back before anybody has it; 0 for anything else."""
        return self.event.held_seconds if self.event is not None and self.event.kind in SENDING else 0.0


class History:
    """Acts of this session, newest last. `toasted` tells of a new toast; `went_back` is called after an undo."""

    def __init__(self, feedback: Feedback, scope: Scope, *, went_back: Callable[[FeedbackEvent], None]) -> None:
        self._feedback = feedback
        self._scope = scope
        self._went_back = went_back
        self._acts: list[FeedbackEvent] = []
        self.sent = 0
        self.toast: Toast | None = None
        self.toasted = Changes()

    def push(self, event: FeedbackEvent, customer: str) -> None:
        """Remember an act and say what was done."""
        self._acts.append(event)
        self.sent += event.kind in SENDING
        self._say(Toast(event, customer))

    def undo(self) -> None:
        """Take the newest act back."""
        if not self._acts:
            self._say(Toast(None))
            return
        self._scope.start("undo", self._undo)

    def forget(self, event_id: str) -> None:
        """An act was taken back elsewhere."""
        self._acts = [act for act in self._acts if act.id != event_id]

    async def _undo(self) -> None:
        act = self._acts[-1]
        undone = await self._feedback.undo(act.id)
        self.forget(act.id)
        self.sent -= act.kind in SENDING
        self._say(Toast(undone, act=act))
        self._went_back(act)

    def _say(self, toast: Toast) -> None:
        self.toast = toast
        self.toasted.notify()
