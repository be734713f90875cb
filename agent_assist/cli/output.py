"""Two ways to answer: one JSON object a line for programs, tables and sentences for people."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


class Output:
    """Where results go. `as_json` chooses the way; progress and errors always go to standard error."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._console = Console(highlight=False)
        self._progress_console = Console(stderr=True, highlight=False)

    def record(self, row: Mapping[str, Any] | msgspec.Struct) -> None:
        """One JSON object on a line of its own, and at once: a reader may be waiting at the pipe."""
        click.echo(msgspec.json.encode(row).decode())

    def say(self, sentence: str) -> None:
        """A sentence for people; silent with --json."""
        if not self.as_json:
            self._console.print(sentence, markup=False, soft_wrap=True)

    def note(self, sentence: str) -> None:
        """A sentence beside the result, on standard error."""
        click.echo(sentence, err=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table for people."""
        table = Table(title=title or None, title_justify="left", header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self._console.print(table)

    def progress(self) -> AbstractContextManager[Progress | None]:
        """A progress bar on standard error where that is a screen, else nothing."""
        if self.as_json or not self._progress_console.is_terminal:
            return nullcontext()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self._progress_console, transient=True)
