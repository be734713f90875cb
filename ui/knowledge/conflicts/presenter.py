"""Articles that contradict or repeat one another, looked for among those that changed. No Qt."""

from collections.abc import Sequence

from agent_assist.domain.conflicts import Conflict
from ui.observable import Changes
from ui.ports import Conflicts
from ui.tasks import Scope


class ConflictsPresenter:
    """`changes` tells of another list or of progress."""

    def __init__(self, conflicts: Conflicts, scope: Scope) -> None:
        self._conflicts = conflicts
        self._scope = scope
        self.found: Sequence[Conflict] | None = None
        self.progress: tuple[int, int] | None = None
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def looking(self) -> bool:
        """Whether articles are being compared."""
        return self._scope.busy("look")

    def load(self) -> None:
        """Compare what changed since the last time."""
        self._scope.start("look", self._look)

    def cancel(self) -> None:
        """Stop comparing; what was compared is remembered."""
        self._scope.cancel("look")
        self.progress = None
        self.changes.notify()

    def dismiss(self, conflict: Conflict) -> None:
        """Say that two articles are no conflict."""

        async def work() -> None:
            await self._conflicts.dismiss(conflict.one.doc_id, conflict.other.doc_id)
            self.found = [one for one in self.found or () if one != conflict]
            self.changes.notify()

        self._scope.start("dismiss", work)

    async def _look(self) -> None:
        try:
            self.found = await self._conflicts.conflicts(progress=self._move)
        finally:
            self.progress = None
            self.changes.notify()

    def _move(self, done: int, total: int) -> None:
        self.progress = (done, total)
        self.changes.notify()


def fact_places(passage: str, facts: Sequence[str]) -> list[tuple[int, int]]:
    """Where the differing facts stand in a passage, in order, none over another."""
    found: list[tuple[int, int]] = []
    for fact in facts:
        start = passage.find(fact) if fact else -1
        while start >= 0 and any(start < end and start + len(fact) > begin for begin, end in found):
            start = passage.find(fact, start + 1)
        if start >= 0:
            found.append((start, start + len(fact)))
    return sorted(found)
