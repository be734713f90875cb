"""How rejected rows are told: on standard error, and by the exit code where nothing else could be done."""

from collections.abc import Iterable

import click

from agent_assist.cli.output import Output
from agent_assist.files.rows import RejectedRow


def as_records(rows: Iterable[RejectedRow]) -> list[dict[str, object]]:
    """The contract's form: {"file","line","reason"}."""
    return [{"file": row.file, "line": row.line, "reason": row.reason} for row in rows]


def tell(output: Output, row: RejectedRow) -> None:
    """One sentence on standard error."""
    place = f"{row.file}:{row.line}" if row.line else row.file
    output.note(f"{place}: {row.reason}")


def finish(rejected: int) -> None:
    """Exit with 1 when rows of the input could not be answered; the good ones were."""
    if rejected:
        raise click.exceptions.Exit(1)
