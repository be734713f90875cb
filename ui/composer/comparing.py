"""What the agent made of the draft, looked at on request. No Qt."""

from collections.abc import Callable, Sequence

from agent_assist.domain.article_versions import DiffPiece
from ui.observable import Changes
from ui.ports import ReplyChecks

Texts = Callable[[], tuple[str, str] | None]


class Comparison:
    """`texts` gives draft and edit, None where there are not both."""

    def __init__(self, checks: ReplyChecks, changes: Changes, texts: Texts) -> None:
        self._checks = checks
        self._changes = changes
        self._texts = texts
        self._on = False

    def toggle(self) -> bool:
        """Show what differs, or no longer; False where there is nothing to compare."""
        self._on = not self._on and self._texts() is not None
        self._changes.notify()
        return self._on or self._texts() is not None

    def stop(self) -> None:
        """Put it away."""
        self._on = False
        self._changes.notify()

    def forget(self) -> None:
        """Another ticket."""
        self._on = False

    def differences(self) -> Sequence[DiffPiece] | None:
        """From the draft to the edit in reading order, None while nobody looks."""
        texts = self._texts() if self._on else None
        return self._checks.differences(*texts) if texts is not None else None
