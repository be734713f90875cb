"""Does what a folder asks for."""

import json
from collections.abc import Sequence
from pathlib import Path

from models.training.dataset.rows import Row, read_rows
from models.training.errors import UnusableError
from models.training.job import ROWS_FILE, VALIDATION_FILE, WORK_FOLDER
from models.training.job import read_job as read_training
from models.training.run import Outcome, Report
from models.tuning.compare import compare
from models.tuning.job import TEXTS_FILE, CompareJob, CompressJob, EnsembleJob, SearchJob, read_job
from models.tuning.joining.average import average
from models.tuning.joining.soup import soup
from models.tuning.searching.search import Plan
from models.tuning.searching.space import read_space
from models.tuning.searching.tuned import search_and_train
from models.tuning.shrinking.compress import Order, compress
from models.tuning.shrinking.int8 import int8


def run(folder: Path, report: Report) -> Outcome:
    """Raises `UnusableError` with a sentence; nothing is left half made."""
    job = read_job(folder)
    if isinstance(job, SearchJob):
        return _search(job, folder, report)
    if isinstance(job, CompareJob):
        return _compare(job, folder, report)
    if isinstance(job, EnsembleJob):
        return _join(job, folder, report)
    return _shrink(job, folder, report)


def _search(job: SearchJob, folder: Path, report: Report) -> Outcome:
    training, config = read_training(folder)
    space = read_space(folder / job.space, training.task, shown=job.space_name) if job.space else None
    plan = Plan(method=job.method, trials=job.trials, folds=job.folds, space=space)
    return search_and_train(
        training.task, _rows(folder), config, plan, Path(training.out),
        models=Path(training.models), report=report, validation=_validation(folder), work=folder / WORK_FOLDER,
    )  # fmt: skip


def _compare(job: CompareJob, folder: Path, report: Report) -> Outcome:
    training, config = read_training(folder)
    return compare(
        training.task, _rows(folder), config, job.encoders, Path(training.out),
        models=Path(training.models), report=report, validation=_validation(folder), work=folder / WORK_FOLDER,
    )  # fmt: skip


def _join(job: EnsembleJob, folder: Path, report: Report) -> Outcome:
    models, out = Path(job.models), Path(job.out)
    if job.by == "average":
        return average(job.names, out, models=models, report=report, rows=_rows(folder))
    return soup(
        job.names, out, _rows(folder),
        models=models, report=report, validation=_validation(folder), work=folder / WORK_FOLDER,
    )  # fmt: skip


def _shrink(job: CompressJob, folder: Path, report: Report) -> Outcome:
    models, rows, validation = Path(job.models), _rows(folder), _validation(folder)
    if job.by == "int8":
        measured = rows if validation is None else validation
        return int8(job.name, Path(job.out) if job.out else None, measured, models=models, report=report)
    order = Order(name=job.name, by=job.by, layers=job.layers, share=job.share, epochs=job.epochs)
    return compress(
        order, Path(job.out), rows,
        models=models, report=report, validation=validation, texts=_texts(folder), work=folder / WORK_FOLDER,
    )  # fmt: skip


def _rows(folder: Path) -> list[Row]:
    """Those of the run; an average needs none."""
    path = folder / ROWS_FILE
    return read_rows(path) if path.is_file() else []


def _validation(folder: Path) -> list[Row] | None:
    path = folder / VALIDATION_FILE
    return read_rows(path) if path.is_file() else None


def _texts(folder: Path) -> Sequence[str]:
    path = folder / TEXTS_FILE
    if not path.is_file():
        return ()
    try:
        return [str(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableError(f"{TEXTS_FILE} holds a line that is no text.") from error
