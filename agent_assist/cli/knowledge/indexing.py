"""Shows how far indexing is, and tells what it did."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from agent_assist.cli.output import Output
from agent_assist.cli.rejections import as_records, tell
from agent_assist.composition import App
from agent_assist.domain.sources import IndexingProgress, IndexingState
from agent_assist.services.indexing import KnowledgeReport


@contextmanager
def shown(app: App, output: Output) -> Iterator[None]:
    """Shows the job's progress on a screen while it goes on, and why it does not."""
    if app.indexing.busy_elsewhere():
        output.note("Another program indexes this profile; waiting for it to be done.")
    with output.progress() as bar:
        if bar is None:
            yield
            return
        unsubscribe = app.events.subscribe(_Bar(bar).hear)
        try:
            yield
        finally:
            unsubscribe()


class _Bar:
    """One bar for the job."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("Indexing", total=None)

    def hear(self, event: object) -> None:
        if isinstance(event, IndexingProgress):
            total = event.files_total or None
            self._bar.update(self._task, description=describe(event), completed=event.files_done, total=total)


def describe(progress: IndexingProgress) -> str:
    """The job in a line."""
    words = "Paused" if progress.state is IndexingState.PAUSED else "Indexing"
    line = f"{words}: {progress.files_done} of {progress.files_total} files, {progress.passages} passages"
    if progress.passages:
        line += f", {progress.passages_per_second:.0f} a second"
    if progress.seconds_left is not None and progress.files_done < progress.files_total:
        left = progress.seconds_left
        line += f", {left / 60:.0f} min left" if left >= 90 else f", {left:.0f} s left"
    return line


def tell_report(output: Output, report: KnowledgeReport) -> None:
    """What a job did."""
    if output.as_json:
        output.record(
            {
                "added": report.added,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "passages": report.passages,
                "embedded": report.embedded,
                "rejected": as_records(report.rejected),
                "kept": as_records(report.kept),
                "cancelled": report.cancelled,
            }
        )
        return
    removed = f", {report.removed} removed" if report.removed else ""
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged{removed}"
    output.say(f"{counts}; {report.passages} passages indexed, {report.embedded} texts embedded.")
    if report.cancelled:
        output.say("Cancelled; `agent-assist knowledge reindex` takes in what is left.")
    for row in (*report.rejected, *report.kept):
        tell(output, row)
