"""The learning log: the newest acts, taking one back, and exporting training data. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.feedback import FeedbackEvent
from ui.observable import Changes
from ui.ports import Feedback
from ui.tasks import Scope

SHOWN = 500
EXPORTS = ("sft", "preference", "intent", "entities", "sentiment", "urgency")


@dataclass(frozen=True, slots=True)
class Exported:
    """Result of an export."""

    count: int
    path: Path


class LogPresenter:
    """`changes` tells that the list is new, `exported_changes` that an export was written (see `exported`)."""

    def __init__(self, feedback: Feedback, scope: Scope) -> None:
        self._feedback = feedback
        self._scope = scope
        self.events: Sequence[FeedbackEvent] = ()
        self.exported: Exported | None = None
        self.last_undone: FeedbackEvent | None = None
        self.changes = Changes()
        self.exported_changes = Changes()
        self.undone_changes = Changes()

    def load(self) -> None:
        """Read the newest acts."""
        self._scope.restart("load", self._load)

    def undo(self, event: FeedbackEvent) -> None:
        """Take an act back."""

        async def work() -> None:
            await self._feedback.undo(event.id)
            self.last_undone = event
            self.undone_changes.notify()
            await self._load()

        self._scope.start("undo", work)

    def export(self, kind: str, path: Path) -> None:
        """Write one kind of training data."""

        async def work() -> None:
            count = await self._feedback.export(kind, path)
            self.exported = Exported(count, path)
            self.exported_changes.notify()

        self._scope.start("export", work)

    async def _load(self) -> None:
        self.events = await self._feedback.events(limit=SHOWN)
        self.changes.notify()
