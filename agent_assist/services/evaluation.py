"""Measures a model on the user's rows, in a child process of the neural half."""

import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.domain.events import WorkProgress
from agent_assist.engine.children import child_lines
from agent_assist.errors import EngineError, InputError
from agent_assist.services.measuring_rows import (
    document_records,
    labelled_records,
    query_records,
    read_label_map,
)

TASKS = ("intent", "entities", "understanding", "retrieval")


class EvaluationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure: a task, the name of a model, the files, and how many resamples make the intervals."""

    task: str
    model: str
    data: Path
    corpus: Path | None = None
    label_map: Path | None = None
    out: Path | None = None
    resamples: int = 1000
    seed: int = 0


class Figure(msgspec.Struct, frozen=True):
    """A measured value and the bounds of its 95 % interval, None where there are too few rows."""

    value: float
    low: float | None = None
    high: float | None = None


class LabelScore(msgspec.Struct, frozen=True):
    """Measures of one label or entity type."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured: counts of rows, figures by name, and a table of labels by kind."""

    task: str
    model: str
    version: str
    counts: dict[str, int]
    figures: dict[str, Figure]
    tables: dict[str, list[LabelScore]] = {}
    warnings: list[str] = []


class _Progress(msgspec.Struct, frozen=True, tag="progress", tag_field="event"):
    stage: str
    done: int
    total: int


class _Done(msgspec.Struct, frozen=True, tag="done", tag_field="event"):
    report: Evaluation


class _Refused(msgspec.Struct, frozen=True, tag="error", tag_field="event"):
    message: str


async def evaluate(request: EvaluationRequest, *, models_dir: Path) -> AsyncGenerator[WorkProgress | Evaluation, None]:
    """Progress, at last the evaluation.

    Raises `InputError` for files that cannot be used and labels the model does not know, `EngineError` where the
    process fails.
    """
    with tempfile.TemporaryDirectory(prefix="agent-assist-") as folder:
        run = _write_run(Path(folder), request, models_dir)
        decoder = msgspec.json.Decoder(_Progress | _Done | _Refused)
        async with aclosing(child_lines("models.evaluation", str(run))) as lines:
            async for line in lines:
                event = decoder.decode(line)
                if isinstance(event, _Refused):
                    raise InputError(event.message)
                if isinstance(event, _Done):
                    yield event.report
                    return
                yield WorkProgress(task=event.stage, done=event.done, total=event.total)
    raise EngineError("The measuring ended without a result.")


def _write_run(folder: Path, request: EvaluationRequest, models_dir: Path) -> Path:
    """The snapshot that is measured on; the user's files may change meanwhile."""
    searching = request.task == "retrieval"
    run: dict[str, Any] = {
        "task": request.task,
        "models": str(models_dir),
        "model": request.model,
        "rows": _write(folder / "rows.jsonl", (query_records if searching else labelled_records)(request.data)),
        "resamples": request.resamples,
        "seed": request.seed,
    }
    if request.corpus is not None:
        run["corpus"] = _write(folder / "corpus.jsonl", document_records(request.corpus))
    if request.label_map is not None:
        run["label_map"] = read_label_map(request.label_map, data=request.data)
    if request.out is not None:
        run["out"] = str(_folder(request.out))
    path = folder / "run.json"
    path.write_bytes(msgspec.json.encode(run))
    return path


def _write(path: Path, records: Iterable[Mapping[str, Any]]) -> str:
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        file.writelines(encoder.encode(record) + b"\n" for record in records)
    return str(path)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be a folder for the report: {error.strerror}.") from error
    return path.resolve()
