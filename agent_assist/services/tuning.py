"""Searches configurations, compares encoders, joins models and makes them smaller, in a child process.

Each has a run folder MODELS/training/NAME like a training (`agent_assist.services.training`), so that the same request
goes on where a killed one was.
"""

import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.engine.children import child_lines
from agent_assist.errors import EngineError, InputError
from agent_assist.files.rows import RejectedRow
from agent_assist.services.evaluation import Figure
from agent_assist.services.training import (
    Epoch,
    Planned,
    Progress,
    Rejected,
    Step,
    Trained,
    TrainingEvent,
    TrainingRequest,
    as_lines,
    file_content,
    place_for,
    prepare,
    read_rows,
    write_run,
)

METHODS = ("grid", "random", "bayes")
JOINS = ("average", "soup")
WAYS = ("int8", "prune-heads", "prune-layers", "distil")
_ROWS, _VALIDATION, _TEXTS, _JOB = "rows.jsonl", "validation.jsonl", "texts.jsonl", "tuning.json"


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """How to search; `trials` 0 means every point of a grid, else 20, `space` None the default space."""

    method: str
    trials: int = 0
    folds: int = 3
    space: Path | None = None


class Compare(msgspec.Struct, frozen=True, kw_only=True):
    """Which encoders to compare; the best one makes the model."""

    encoders: tuple[str, ...]


class EnsembleRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Join the models `names` as `name`. Without `data` a soup takes the rows of its members' run folders, if they are
    there; an average needs none."""

    names: tuple[str, ...]
    name: str
    by: str
    data: tuple[Path, ...] = ()
    validation: Path | None = None
    replace: bool = False


class CompressRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Make the model `source` smaller as `name`, which int8 needs not: then it only measures.

    `layers` stay, 0 means half of them; `share` of the attention heads goes; `epochs` 0 means the usual ones. Without
    `data` the rows of the model's run folder are taken, if they are there.
    """

    source: str
    name: str = ""
    by: str
    layers: int = 0
    share: float = 0.25
    epochs: int = 0
    data: tuple[Path, ...] = ()
    validation: Path | None = None
    texts: Path | None = None
    replace: bool = False


class Trial(msgspec.Struct, frozen=True, kw_only=True, tag="trial", tag_field="event"):
    """A configuration that was tried, number 0 the one that was given; `state` is "complete", "pruned" or "failed"."""

    number: int
    total: int
    state: str
    score: float | None
    values: dict[str, Any]
    folds: tuple[float, ...]
    seconds: float
    reason: str = ""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A model in a table: figures, size of its trunk in MB, `ms` a message of 32 tokens alone, and how many messages
    `per_second`; how often it tells what the first one tells."""

    name: str
    what: str
    figures: dict[str, Figure]
    layers: int
    heads: int
    mb_int8: float | None
    mb_fp32: float | None
    ms: float
    per_second: float
    agreement: float | None = None
    span_agreement: float | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True, tag="table", tag_field="event"):
    """Models side by side; `note` says on what they were measured."""

    note: str
    rows: tuple[Compared, ...]


class _Refused(msgspec.Struct, frozen=True, tag="error", tag_field="event"):
    message: str


TuningEvent = TrainingEvent | Trial | Comparison
_DECODER = msgspec.json.Decoder(Planned | Progress | Step | Epoch | Trial | Comparison | Trained | _Refused)


async def tune(
    request: TrainingRequest, how: Search | Compare, *, models_dir: Path
) -> AsyncGenerator[TuningEvent, None]:
    """A training with a search before it, or over several encoders; events and errors as `services.training.train`."""
    out = place_for(request.name, models_dir, replace=request.replace)
    run, rejected = prepare(request, models_dir=models_dir, out=out, more=_job(how))
    if rejected:
        yield Rejected(rows=tuple(rejected))
    async with aclosing(_events(run)) as events:
        async for event in events:
            yield event


async def ensemble(request: EnsembleRequest, *, models_dir: Path) -> AsyncGenerator[TuningEvent, None]:
    """Several models as one; events and errors as `services.training.train`."""
    out = place_for(request.name, models_dir, replace=request.replace)
    files, rejected = _files(request.data, request.validation, request.names, models_dir, needed=request.by == "soup")
    if rejected is not None:
        yield rejected
    job = {"do": "ensemble", "names": request.names, "by": request.by}
    run = _write(request.name, job, files, models_dir=models_dir, out=out)
    async with aclosing(_events(run)) as events:
        async for event in events:
            yield event


async def compress(request: CompressRequest, *, models_dir: Path) -> AsyncGenerator[TuningEvent, None]:
    """A smaller model; events and errors as `services.training.train`."""
    if not request.name and request.by != "int8":
        raise InputError(f"{request.by} makes a new model: give its name with --out.")
    out = place_for(request.name, models_dir, replace=request.replace) if request.name else None
    files, rejected = _files(request.data, request.validation, (request.source,), models_dir, needed=True)
    if rejected is not None:
        yield rejected
    if request.texts is not None:
        files[_TEXTS] = as_lines(_texts(request.texts))
    job = {"do": "compress", "name": request.source, "by": request.by}
    job |= {name: getattr(request, name) for name in ("layers", "share", "epochs")}
    run = _write(request.name or f"{Path(request.source).name}-int8", job, files, models_dir=models_dir, out=out)
    async with aclosing(_events(run)) as events:
        async for event in events:
            yield event


async def _events(run: Path) -> AsyncGenerator[TuningEvent, None]:
    async with aclosing(child_lines("models.tuning", str(run))) as lines:
        async for line in lines:
            event = _DECODER.decode(line)
            if isinstance(event, _Refused):
                raise InputError(event.message)
            if isinstance(event, Trained):
                shutil.rmtree(run, ignore_errors=True)
                yield event
                return
            yield event
    raise EngineError("The process ended without a result.")


def _job(how: Search | Compare) -> dict[str, bytes]:
    if isinstance(how, Compare):
        return {_JOB: msgspec.json.encode({"do": "compare", "encoders": how.encoders})}
    job: dict[str, Any] = {"do": "search", "method": how.method, "trials": how.trials, "folds": how.folds}
    files: dict[str, bytes] = {}
    if how.space is not None:
        name = f"space{how.space.suffix.lower()}"
        files[name] = file_content(how.space)
        job |= {"space": name, "space_name": str(how.space)}
    return files | {_JOB: msgspec.json.encode(job)}


def _files(
    data: Sequence[Path], validation: Path | None, names: Sequence[str], models_dir: Path, *, needed: bool
) -> tuple[dict[str, bytes], Rejected | None]:
    """Rows for the run, and those that could not be read."""
    files: dict[str, bytes] = {}
    rejected: list[RejectedRow] = []
    if data:
        rows, rejected = read_rows(data)
        files[_ROWS] = as_lines(rows)
    elif kept := _kept_rows(names, models_dir):
        files[_ROWS] = kept
    elif needed:
        raise InputError(f"The rows that {' and '.join(names)} learned from are not kept here; give them with --data.")
    if validation is not None:
        held_out, bad = read_rows((validation,))
        files[_VALIDATION] = as_lines(held_out)
        rejected += bad
    return files, Rejected(rows=tuple(rejected)) if rejected else None


def _kept_rows(names: Sequence[str], models_dir: Path) -> bytes:
    """The distinct rows in the run folders of models; models themselves hold no text of customers."""
    lines: dict[bytes, None] = {}
    for name in names:
        path = models_dir / "training" / Path(name).name / _ROWS
        if path.is_file():
            lines |= dict.fromkeys(path.read_bytes().splitlines(keepends=True))
    return b"".join(lines)


def _texts(path: Path) -> list[Mapping[str, Any]]:
    """Messages without labels: one a line of a text file, else the texts of rows."""
    if path.suffix.lower() == ".txt":
        try:
            lines = file_content(path).decode("utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8 text.") from error
        return [{"text": line.strip()} for line in lines if line.strip()]
    return [{"text": row["text"]} for row in read_rows((path,))[0]]


def _write(name: str, job: dict[str, Any], files: dict[str, bytes], *, models_dir: Path, out: Path | None) -> Path:
    places = {"models": str(models_dir.resolve()), "out": str(out.resolve()) if out is not None else ""}
    folder = models_dir / "training" / name
    write_run(folder, {**files, _JOB: msgspec.json.encode({**job, **places})})
    return folder
