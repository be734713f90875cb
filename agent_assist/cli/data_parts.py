"""`agent-assist data split|check-leaks`: parts that do not give each other away."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from agent_assist.cli.rejections import finish
from agent_assist.cli.session import Session, pass_session

if TYPE_CHECKING:
    from agent_assist.data.leaks import Leak
    from agent_assist.data.row import Row

ROWS = click.argument("rows", metavar="ROWS", type=click.Path(path_type=Path))
FOLDER = click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write.")
SEED = click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same result.")
NEAR = click.option(
    "--near", type=float, default=0.9, show_default=True, help="Similarity from which texts are nearly equal; 1: equal."
)


def read(path: Path) -> "list[Row]":
    """All rows of a file; the reader is loaded only now."""
    from agent_assist.data.rows_file import read_rows

    return read_rows(path)


@click.command()
@ROWS
@FOLDER
@click.option(
    "--by", type=click.Choice(["random", "stratified", "time", "conversation", "kfold"]), default="stratified",
    show_default=True, help="How rows are dealt out.",
)  # fmt: skip
@click.option("--valid", type=float, default=0.1, show_default=True, help="Share of the rows for validation.")
@click.option("--test", type=float, default=0.1, show_default=True, help="Share of the rows for test.")
@click.option("--folds", type=int, default=5, show_default=True, help="Number of folds for kfold.")
@SEED
@NEAR
@click.option(
    "--on-leak", type=click.Choice(["refuse", "together", "drop"]), default="refuse", show_default=True,
    help="What to do about equal and nearly equal texts and conversations in two parts.",
)  # fmt: skip
@pass_session
def split(session: Session, /, rows: Path, out: Path, by: str, on_leak: str, **options: Any) -> None:
    """Split ROWS into training, validation and test rows, or folds, in a new folder."""
    from agent_assist.data.leaks import LeaksFound
    from agent_assist.data.split import By, OnLeak, Plan
    from agent_assist.data.split import split as split_rows
    from agent_assist.data.split_files import write_split

    try:
        done = split_rows(read(rows), Plan(by=By(by), on_leak=OnLeak(on_leak), **options))
    except LeaksFound as found:
        _tell_leaks(session, found.leaks)
        raise
    note = write_split(done, out, source=rows)
    if session.output.as_json:
        session.output.record(note | {"out": str(out)})
        return
    absent = done.absent
    cells = [(name, len(part), ", ".join(absent.get(name, ()))) for name, part in done.parts.items()]
    session.output.table(str(out), ("part", "rows", "labels it lacks"), cells)
    if done.dropped:
        session.output.say(f"{len(done.dropped)} rows that leak were left out.")


@click.command("check-leaks")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@NEAR
@pass_session
def check_leaks(session: Session, first: Path, second: Path, near: float) -> None:
    """Find rows of FIRST that give rows of SECOND away; any of them makes the exit code 1."""
    from agent_assist.data.leaks import find_leaks

    leaks = find_leaks(read(first), read(second), near=near)
    _tell_leaks(session, leaks)
    session.output.say(f"{len(leaks)} rows of {second} leak." if leaks else "No row leaks.")
    finish(len(leaks))


def _tell_leaks(session: Session, leaks: "Sequence[Leak]") -> None:
    if session.output.as_json:
        session.output.record({"leaks": len(leaks), "pairs": msgspec.to_builtins(leaks)})
        return
    for leak in leaks:
        alike = f" {leak.similarity:.2f}" if leak.similarity is not None else ""
        session.output.note(f"{leak.kind}{alike}: {leak.first} and {leak.second}")
