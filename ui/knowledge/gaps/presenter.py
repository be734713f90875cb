"""Questions that no article answers, in groups. No Qt."""

from collections.abc import Callable

from agent_assist.domain.gaps import Gap, GapReport
from agent_assist.domain.knowledge import Article
from ui.observable import Changes
from ui.ports import Gaps
from ui.tasks import Scope


class GapsPresenter:
    """`changes` tells of another report; `dropped` that a gap was dismissed (see `dismissed`)."""

    def __init__(self, gaps: Gaps, scope: Scope, *, write: Callable[[Article], None]) -> None:
        """`write` opens a draft in the editor."""
        self._gaps = gaps
        self._scope = scope
        self._write = write
        self.report: GapReport | None = None
        self.dismissed: Gap | None = None
        self.changes = Changes()
        self.dropped = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def loading(self) -> bool:
        """Whether questions are being grouped."""
        return self._scope.busy("load")

    def load(self) -> None:
        """Group the questions of the last weeks and look for answers."""
        self._scope.start("load", self._load)

    def cancel(self) -> None:
        """Stop grouping."""
        self._scope.cancel("load")
        self.changes.notify()

    def write(self, gap: Gap) -> None:
        """Begin an article for a gap."""

        async def work() -> None:
            self._write(await self._gaps.draft(gap.id))

        self._scope.start("write", work)

    def dismiss(self, gap: Gap) -> None:
        """Say that nothing is to be written for a gap."""

        async def work() -> None:
            await self._gaps.dismiss(gap.id)
            self.dismissed = gap
            self.dropped.notify()
            await self._load()

        self._scope.start("dismiss", work)

    def undo_dismiss(self) -> None:
        """Take the last dismissal back."""
        gap, self.dismissed = self.dismissed, None
        if gap is None:
            return

        async def work() -> None:
            await self._gaps.dismiss(gap.id, dismissed=False)
            await self._load()

        self._scope.start("dismiss", work)

    async def _load(self) -> None:
        self.report = await self._gaps.report()
        self.changes.notify()
