"""Trains readers of messages on the user's rows, in a child process of the neural half.

A run has a folder MODELS/training/NAME with a frozen copy of its rows. It stays until the run is done, so that the same
request goes on where a killed one was.
"""

import re
import shutil
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.data.importing import read_labelled
from agent_assist.data.row import Row, as_record
from agent_assist.engine.children import child_lines
from agent_assist.errors import EngineError, InputError
from agent_assist.files.rows import RejectedRow

TASKS = ("intent", "entities", "understanding")
_NAME = re.compile(r"\w[\w.-]{0,80}")
_TAKEN = frozenset({"starter"})


class TrainingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to train: a task, the files of rows, the name that the model gets, and how, where that is not left open.

    `replace` takes the place of a model of that name.
    """

    task: str
    data: tuple[Path, ...]
    name: str
    config: Path | None = None
    validation: Path | None = None
    replace: bool = False


class Planned(msgspec.Struct, frozen=True, kw_only=True, tag="plan", tag_field="event"):
    """How the run goes about it; `mode` is "frozen", "full" or "lora", `reason` a sentence."""

    mode: str
    epochs: int
    reason: str


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress", tag_field="event"):
    """A stage of the run."""

    stage: str
    done: int
    total: int
    part: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True, tag="step", tag_field="event"):
    """One step of the tuning `part`: what a live plot shows."""

    part: str
    step: int
    epoch: int
    loss: float
    lr: float
    norm: float


class Epoch(msgspec.Struct, frozen=True, kw_only=True, tag="epoch", tag_field="event"):
    """One pass over the rows is done; figures on rows that are held out, if any are."""

    part: str
    epoch: int
    epochs: int
    macro_f1: float | None = None
    accuracy: float | None = None
    span_f1: float | None = None
    sentiment_macro_f1: float | None = None
    urgency_macro_f1: float | None = None

    @property
    def scores(self) -> dict[str, float]:
        """Those that were measured."""
        return {name: value for name in self.__struct_fields__[3:] if (value := getattr(self, name)) is not None}


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the files that cannot be read and are left out."""

    rows: tuple[RejectedRow, ...]


class Trained(msgspec.Struct, frozen=True, kw_only=True, tag="done", tag_field="event"):
    """The model that was made; `score` is its main figure on rows it had not seen, `card` what its model.json says."""

    name: str
    score: float
    folder: str
    card: dict[str, Any]


class _Refused(msgspec.Struct, frozen=True, tag="error", tag_field="event"):
    message: str


TrainingEvent = Rejected | Planned | Progress | Step | Epoch | Trained
_DECODER = msgspec.json.Decoder(Planned | Progress | Step | Epoch | Trained | _Refused)


async def train(request: TrainingRequest, *, models_dir: Path) -> AsyncGenerator[TrainingEvent, None]:
    """What happens, at last the trained model.

    Raises `InputError` for files, a configuration or a name that cannot be used, `EngineError` where the process fails.
    A generator that is closed before the end ends the process, and the next one of the same request goes on.
    """
    out = place_for(request.name, models_dir, replace=request.replace)
    run, rejected = prepare(request, models_dir=models_dir, out=out)
    if rejected:
        yield Rejected(rows=tuple(rejected))
    async with aclosing(child_lines("models.training", str(run))) as lines:
        async for line in lines:
            event = _DECODER.decode(line)
            if isinstance(event, _Refused):
                raise InputError(event.message)
            if isinstance(event, Trained):
                shutil.rmtree(run, ignore_errors=True)
                yield event
                return
            yield event
    raise EngineError("The training ended without a model.")


async def default_config(task: str) -> str:
    """The defaults of a task as TOML, each below what it means."""
    async with aclosing(child_lines("models.training", "--show-config", task)) as lines:
        return b"".join([line async for line in lines]).decode()


def prepare(
    request: TrainingRequest, *, models_dir: Path, out: Path, more: Mapping[str, bytes] | None = None
) -> tuple[Path, list[RejectedRow]]:
    """The run's folder, as it was where the request is the same, and the rows that could not be read.

    `more` are other files of the run. Raises `InputError` where no row can be read.
    """
    rows, rejected = read_rows(request.data)
    files = {"rows.jsonl": as_lines(rows)}
    if request.validation is not None:
        held_out, bad = read_rows((request.validation,))
        files["validation.jsonl"] = as_lines(held_out)
        rejected += bad
    job: dict[str, Any] = {"task": request.task, "models": str(models_dir.resolve()), "out": str(out.resolve())}
    if request.config is not None:
        name = f"config{request.config.suffix.lower()}"
        files[name] = file_content(request.config)
        job |= {"config": name, "config_name": str(request.config)}
    files |= more or {}
    files["run.json"] = msgspec.json.encode(job)  # the last one: without it a folder is no run
    folder = models_dir / "training" / request.name
    write_run(folder, files)
    return folder, rejected


def write_run(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder of a run, the last file last; one with the same files stays as it is, with its checkpoints."""
    if _same(folder, files):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def place_for(name: str, models_dir: Path, *, replace: bool) -> Path:
    """The folder of a model that is to be made. Raises `InputError` for a name that cannot be, or is taken."""
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise InputError(f"{name} cannot be a model's name; take letters, digits, points and hyphens.")
    out = models_dir / "heads" / name
    if out.exists() and not replace:
        raise InputError(f"There is a model named {name} already; choose another name or replace it.")
    return out


def read_rows(paths: Iterable[Path]) -> tuple[list[Mapping[str, Any]], list[RejectedRow]]:
    """Records of the rows, and what could not be read. Raises `InputError` where that is everything."""
    rows: list[Mapping[str, Any]] = []
    rejected: list[RejectedRow] = []
    for one in read_labelled(paths):
        if isinstance(one, Row):
            rows.append(as_record(one))
        else:
            rejected.append(one)
    if not rows:
        first = f" {rejected[0].file}: {rejected[0].reason}" if rejected else ""
        raise InputError(f"No row can be read.{first}")
    return rows, rejected


def as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as JSON Lines."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(row) + b"\n" for row in rows)


def file_content(path: Path) -> bytes:
    """What a file holds. Raises `InputError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _same(folder: Path, files: Mapping[str, bytes]) -> bool:
    try:
        return all((folder / name).read_bytes() == content for name, content in files.items())
    except OSError:
        return False
