"""`agent-assist evaluate`: how good a model is on labelled rows that it has not seen."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress, TaskID

from agent_assist.cli.output import Output
from agent_assist.cli.session import Session, pass_session
from agent_assist.domain.events import WorkProgress
from agent_assist.engine.registry import default_models_dir
from agent_assist.errors import EngineError
from agent_assist.services.evaluation import TASKS, Evaluation, EvaluationRequest, Figure, LabelScore, evaluate

_FILE = click.Path(path_type=Path)


@click.command("evaluate")
@click.argument("task", type=click.Choice(TASKS))
@click.option("--model", required=True, help='"starter", a model of yours by name, or the path of its folder.')
@click.option("--data", type=_FILE, required=True, help="Labelled rows; for retrieval queries with their answers.")
@click.option("--corpus", type=_FILE, help="For retrieval: JSONL rows {id, text} that the queries' gold ids name.")
@click.option("--map", "label_map", type=_FILE, help="JSON {label of the rows: [labels of the model]}.")
@click.option("--out", type=_FILE, help="Folder for report.json and confusion.svg.")
@click.option("--resamples", type=click.IntRange(min=0, max=100_000), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@pass_session
def evaluate_command(session: Session, /, **options: Any) -> None:
    """Measure MODEL on labelled rows: figures with 95 % intervals, and a row a label."""
    output = session.output
    result = asyncio.run(_measure(EvaluationRequest(**options), output))
    for warning in result.warnings:
        output.note(warning)
    if output.as_json:
        for kind, table in result.tables.items():
            for score in table:
                output.record({"kind": kind, **_rounded(score)})
        output.record(summary(result))
    else:
        _show(output, result)


async def _measure(request: EvaluationRequest, output: Output) -> Evaluation:
    with output.progress() as bar:
        tasks: dict[str, TaskID] = {}
        async with aclosing(evaluate(request, models_dir=default_models_dir())) as steps:
            async for step in steps:
                if isinstance(step, Evaluation):
                    return step
                if output.as_json:
                    output.record({"task": step.task, "done": step.done, "total": step.total})
                elif bar is not None:
                    _advance(bar, tasks, step)
    raise EngineError("The measuring ended without a result.")


def summary(result: Evaluation) -> dict[str, Any]:
    """One object: the figures by name, their intervals, and on how much they were measured."""
    return {
        "task": result.task,
        "model": result.model,
        "version": result.version,
        **result.counts,
        **{name: round(figure.value, 4) for name, figure in result.figures.items()},
        "intervals": {
            name: [round(figure.low, 4), round(figure.high, 4)]
            for name, figure in result.figures.items()
            if figure.low is not None and figure.high is not None
        },
        "warnings": result.warnings,
    }


def _show(output: Output, result: Evaluation) -> None:
    for kind, table in result.tables.items():
        rows = [(one.label, *(f"{value:.3f}" for value in _measures(one)), one.support) for one in table]
        output.table(kind, ("label", "precision", "recall", "F1", "rows" if kind != "entities" else "spans"), rows)
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in result.counts.items() if count)
    figures = [(name, f"{one.value:.3f}", _interval(one)) for name, one in result.figures.items()]
    output.table("", ("figure", "value", "95 % interval"), figures)
    output.say(f"{result.model} ({result.version}) on {counts}.")


def _interval(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.3f}–{figure.high:.3f}"


def _rounded(score: LabelScore) -> dict[str, Any]:
    precision, recall, f1 = (round(value, 4) for value in _measures(score))
    return {"label": score.label, "precision": precision, "recall": recall, "f1": f1, "support": score.support}


def _measures(score: LabelScore) -> tuple[float, float, float]:
    return score.precision, score.recall, score.f1


def _advance(bar: Progress, tasks: dict[str, TaskID], step: WorkProgress) -> None:
    if step.task not in tasks:
        tasks[step.task] = bar.add_task(step.task, total=step.total or None)
    bar.update(tasks[step.task], completed=step.done, total=step.total or None)
