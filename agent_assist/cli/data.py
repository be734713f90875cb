"""`agent-assist data import|clean|dedupe|mask|unmask|report|export`: labelled rows made ready for training.

Each command imports what it needs when it runs: statistics and plots take a second to load.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agent_assist.cli.data_parts import FOLDER, NEAR, ROWS, SEED, check_leaks, read, split
from agent_assist.cli.rejections import as_records, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.errors import InputError

if TYPE_CHECKING:
    from agent_assist.data.cleaning import Cleaned
    from agent_assist.data.dedupe import Deduped
    from agent_assist.data.row import Row
    from agent_assist.storage.masks import MaskStore

T = TypeVar("T")

OUT = click.option("--out", type=click.Path(path_type=Path), required=True, help="JSONL file to write.")


@click.group()
def data() -> None:
    """Labelled rows for training: bring in, clean, mask, split, judge."""


@data.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@OUT
@pass_session
def import_files(session: Session, files: tuple[Path, ...], out: Path) -> None:
    """Read labelled rows from CSV, Excel, JSONL, CoNLL files, the program's own exports, or folders of them."""
    from agent_assist.data.importing import import_rows

    done = import_rows(files, out)
    for row in done.rejected:
        if not session.output.as_json:
            tell(session.output, row)
    counts = {"rows": done.rows, "labelled": done.labelled, "with_spans": done.with_spans}
    _tell(session, counts | {"rejected": as_records(done.rejected)}, out=out if done.rows else None)
    if not done.rows:
        raise InputError(f"No row could be read, so {out} is as it was.")


@data.command()
@ROWS
@OUT
@click.option("--html/--keep-html", default=True, help="Whether HTML becomes plain text.")
@click.option("--mail/--keep-mail", default=True, help="Whether quoted mail and signatures are cut.")
@click.option("--width/--keep-width", default=True, help="Whether full-width letters and digits become half-width.")
@click.option("--emoji", type=click.Choice(["keep", "drop", "name"]), default="keep", help="What becomes of emoji.")
@click.option("--fill", multiple=True, metavar="FIELD=VALUE", help="Put VALUE where FIELD is missing.")
@click.option("--require", multiple=True, metavar="FIELD", help="Leave out rows in which FIELD is missing.")
@pass_session
def clean(
    session: Session,
    /,
    rows: Path,
    out: Path,
    emoji: str,
    fill: tuple[str, ...],
    require: tuple[str, ...],
    **steps: bool,
) -> None:
    """Take out of texts what is none, with the entities' places carried along; fill or leave out missing values."""
    from agent_assist.data.cleaning import clean as clean_rows
    from agent_assist.data.text_steps import Cleaning, Emoji

    values = dict(one.partition("=")[::2] for one in fill)
    if not all(values.values()):
        raise click.UsageError("--fill wants FIELD=VALUE.")
    done = clean_rows(read(rows), Cleaning(**steps, emoji=Emoji(emoji)), fill=values, require=require)
    _write(out, done.rows)
    _tell(session, _figures(done), out=out)


@data.command()
@ROWS
@OUT
@click.option("--near", type=float, default=1.0, help="Also leave out texts that are so similar, from 0.8; say 0.9.")
@click.option(
    "--conflicts", type=click.Choice(["keep", "drop", "merge"]), default="keep", show_default=True,
    help="What becomes of equal texts with different labels.",
)  # fmt: skip
@pass_session
def dedupe(session: Session, rows: Path, out: Path, near: float, conflicts: str) -> None:
    """Leave out rows whose text is there already; contradicting ones are kept and told."""
    from agent_assist.data.dedupe import Conflicts
    from agent_assist.data.dedupe import dedupe as dedupe_rows

    done = dedupe_rows(read(rows), near=near, conflicts=Conflicts(conflicts))
    _write(out, done.rows)
    _tell(session, _figures(done), out=out)


@data.command()
@ROWS
@OUT
@pass_session
def mask(session: Session, rows: Path, out: Path) -> None:
    """Put placeholders for personal data; only this profile can put it back."""
    from agent_assist.data.mask_files import mask_file

    done = _with_masks(session, lambda masks: mask_file(rows, out, masks=masks))
    _tell(session, {"rows": len(done.rows), "masked": len(done.taken), "found": done.found}, out=out)


@data.command()
@ROWS
@OUT
@pass_session
def unmask(session: Session, rows: Path, out: Path) -> None:
    """Put personal data back into rows that this profile has masked."""
    from agent_assist.data.mask_files import unmask_file

    done = _with_masks(session, lambda masks: unmask_file(rows, out, masks=masks))
    _tell(session, {"rows": done.rows, "restored": done.restored}, out=out)


@data.command()
@ROWS
@FOLDER
@click.option("--label-errors/--no-label-errors", default=True, help="Look for wrong labels, which takes longest.")
@NEAR
@SEED
@pass_session
def report(session: Session, rows: Path, out: Path, label_errors: bool, near: float, seed: int) -> None:
    """Judge ROWS: complete, even, consistent, rightly labelled; as report.html with plots and report.json."""
    from agent_assist.data.quality import quality
    from agent_assist.data.report import FIGURES, PAGE, write_report

    judged = read(rows)
    found = quality(judged, near=near, label_errors=label_errors, seed=seed)
    write_report(found, judged, out, title=rows.name)
    figures = {
        "rows": found.rows,
        "labels": len(found.labels.counts),
        "equal": found.doubles.equal,
        "nearly_equal": found.doubles.nearly_equal,
        "contradictions": len(found.consistency.judged_differently),
        "suspects": len(found.label_check.suspects),
        "figures": str(out / FIGURES),
    }
    _tell(session, figures, out=out / PAGE)


@data.command()
@ROWS
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CoNLL file to write.")
@pass_session
def export(session: Session, rows: Path, out: Path) -> None:
    """Write ROWS with entities as CoNLL: a token and its BIO tag a line."""
    from agent_assist.data.conll import write_conll_file

    _tell(session, {"rows": write_conll_file(read(rows), out)}, out=out)


def _write(out: Path, rows: "Sequence[Row]") -> None:
    from agent_assist.data.rows_file import write_rows

    if not rows:
        raise InputError(f"No row would be left, so {out} is as it was.")
    write_rows(out, rows)


def _with_masks(session: Session, work: "Callable[[MaskStore], Awaitable[T]]") -> T:
    from agent_assist.storage.masks import MaskStore
    from agent_assist.storage.profile import Profile

    async def whole() -> T:
        profile = await Profile.open(session.profile, passphrase=session.passphrase)
        try:
            return await work(MaskStore(profile.database))
        finally:
            await profile.close()

    return asyncio.run(whole())


def _figures(done: "Cleaned | Deduped") -> dict[str, Any]:
    values = {field.name: getattr(done, field.name) for field in fields(done)}
    return values | {"rows": len(done.rows)}


def _tell(session: Session, figures: dict[str, Any], *, out: Path | None) -> None:
    """All figures as JSON; for people, lists by their length."""
    if session.output.as_json:
        session.output.record(figures | {"out": str(out) if out else None})
        return
    counts = {name: len(value) if isinstance(value, (list, tuple)) else value for name, value in figures.items()}
    told = (f"{name.replace('_', ' ')}: {_words(value)}" for name, value in counts.items() if value or name == "rows")
    session.output.say("; ".join(told) + (f". Written to {out}." if out else "."))


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items() if count) or "none"
    return str(value)


for command in (split, check_leaks):
    data.add_command(command)
