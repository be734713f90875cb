"""Bringing files in: tickets, knowledge, the sample shop; and the report of it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.events import WorkProgress
from ui.observable import Changes
from ui.ports import Progress, RejectedRow, Services
from ui.shell.engine_status import EngineStatus
from ui.tasks import Scope, Work
from ui.text_keys import Key


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the files: sentences with their numbers, and the rows that were not taken."""

    lines: tuple[tuple[Key, int], ...]
    rejected: tuple[RejectedRow, ...]


class Intake:
    """One import at a time; `changes` tells of its beginning and of its report."""

    def __init__(self, services: Services, scope: Scope, status: EngineStatus) -> None:
        self._services = services
        self._scope = scope
        self._status = status
        self.report: Report | None = None
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def running(self) -> bool:
        """Whether files are being read."""
        return self._scope.busy("intake")

    def import_tickets(self, paths: Sequence[Path]) -> None:
        """Import ticket files."""

        async def work() -> None:
            report = await self._services.tickets.import_paths(paths, progress=self._progress("import"))
            lines = [
                (Key.IMPORT_IMPORTED, report.imported),
                (Key.IMPORT_DUPLICATES, report.duplicates),
                (Key.IMPORT_REJECTED, len(report.rejected)),
            ]
            self._finish(lines, report.rejected)

        self._start(work, paths)

    def add_knowledge(self, paths: Sequence[Path]) -> None:
        """Add knowledge files."""

        async def work() -> None:
            report = await self._services.knowledge.add_paths(paths, progress=self._progress("index"))
            lines = [
                (Key.IMPORT_ADDED, report.added),
                (Key.IMPORT_UPDATED, report.updated),
                (Key.IMPORT_UNCHANGED, report.unchanged),
                (Key.IMPORT_PASSAGES, report.passages),
                (Key.IMPORT_REJECTED, len(report.rejected)),
            ]
            self._finish(lines, report.rejected)

        self._start(work, paths)

    def load_samples(self) -> None:
        """Load the sample shop."""

        async def work() -> None:
            try:
                await self._services.samples.load(progress=self._progress("index"))
            finally:
                self._status.work(WorkProgress(task="", done=1, total=1))

        self._scope.start("intake", work)

    def dismiss(self) -> None:
        """The report was read."""
        self.report = None
        self.changes.notify()

    def _start(self, work: Work, paths: Sequence[Path]) -> None:
        if paths:
            self.report = None
            self._scope.start("intake", work)

    def _progress(self, task: str) -> Progress:
        """Passes a service's progress on to the status bar."""
        return lambda done, total: self._status.work(WorkProgress(task=task, done=done, total=total))

    def _finish(self, lines: Sequence[tuple[Key, int]], rejected: Sequence[RejectedRow]) -> None:
        self._status.work(WorkProgress(task="", done=1, total=1))
        shown = [line for place, line in enumerate(lines) if place == 0 or line[1]]
        self.report = Report(tuple(shown), tuple(rejected))
        self.changes.notify()
