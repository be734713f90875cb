"""Measures what a model reads in messages: intents and scope, sentiment, urgency, entities."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from models.evaluation.parts import EntityPart, IntentPart, Part, ScalePart
from models.evaluation.run import Report, Run, Task, Tell
from models.training.dataset.rows import Row, read_rows
from models.training.errors import UnusableError
from models.understanding.predictor import Known, Predictor

_PARTS: dict[str, Callable[[Sequence[Row], Known, Run], Part]] = {
    "intents": IntentPart,
    "sentiment": partial(ScalePart, name="sentiment"),
    "urgency": partial(ScalePart, name="urgency"),
    "entities": EntityPart,
}
_CARRIES: dict[str, Callable[[Row], bool]] = {
    "intents": lambda row: bool(row.labels),
    "sentiment": lambda row: bool(row.sentiment),
    "urgency": lambda row: bool(row.urgency),
    "entities": lambda row: row.spans is not None,
}
_TASKS: dict[Task, tuple[str, ...]] = {
    "intent": ("intents",),
    "entities": ("entities",),
    "understanding": ("intents", "sentiment", "urgency", "entities"),
}


def measure_reading(run: Run, tell: Tell) -> Report:
    """Read the rows and measure. Raises `UnusableError`, FileNotFoundError or ValueError with a sentence."""
    rows = read_rows(Path(run.rows))
    predictor = Predictor.load(Path(run.models), run.model, device=run.device)
    names, warnings = _measurable(run, rows, predictor.known)
    parts = {name: _PARTS[name](rows, predictor.known, run) for name in names}
    needed = sorted({index for part in parts.values() for index in part.chosen})
    if not needed:
        raise UnusableError(
            "The map leaves every row out; it names the labels of the rows, each with some of the model."
        )
    read = predictor.predict(
        [rows[index].text for index in needed],
        [rows[index].before for index in needed],
        progress=lambda done, total: tell({"event": "progress", "stage": "reading", "done": done, "total": total}),
    )
    predictions = dict(zip(needed, read, strict=True))
    measured = {}
    for done, (name, part) in enumerate(parts.items()):
        tell({"event": "progress", "stage": "measuring", "done": done, "total": len(parts)})
        measured[name] = part.measure(predictions, run.resampling())
    return Report(
        task=run.task,
        model=run.model,
        version=predictor.version,
        counts={"rows": len(needed), "unused_rows": len(rows) - len(needed)}
        | {name: count for part in parts.values() for name, count in part.counts.items()},
        figures={name: figure for one in measured.values() for name, figure in one.figures.items()},
        tables={name: one.table for name, one in measured.items() if one.table},
        confusion=next((one.confusion for one in measured.values() if one.confusion), None),
        warnings=[*warnings, *(warning for part in parts.values() for warning in part.warnings)],
        resamples=run.resamples,
        seed=run.seed,
    )


def _measurable(run: Run, rows: Sequence[Row], known: Known) -> tuple[list[str], list[str]]:
    """The parts of the task that the rows have and the model tells, and warnings about those that it does not."""
    carried = [name for name in _TASKS[run.task] if any(map(_CARRIES[name], rows))]
    if not carried:
        raise UnusableError(
            f"No row says anything about {' or '.join(_TASKS[run.task])}; there is nothing to measure on."
        )
    told = [name for name in carried if getattr(known, name)]
    missing = [f"The model {run.model} has no head for {name}." for name in carried if name not in told]
    if not told:
        raise UnusableError(" ".join(missing))
    return told, missing
