"""`agent-assist train`: a model of one's own from labelled rows."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress as Bar
from rich.progress import TaskID

from agent_assist.cli.output import Output
from agent_assist.cli.rejections import tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.engine.registry import default_models_dir
from agent_assist.errors import EngineError
from agent_assist.services.training import (
    TASKS,
    Epoch,
    Planned,
    Progress,
    Rejected,
    Step,
    Trained,
    TrainingEvent,
    TrainingRequest,
    default_config,
    train,
)

_FILE = click.Path(path_type=Path)
_MODES = {"frozen": "The encoder stays as it is", "full": "The encoder is tuned", "lora": "The encoder gets adapters"}


def _show_config(context: click.Context, parameter: click.Parameter, task: str | None) -> None:
    if task is not None:
        click.echo(asyncio.run(default_config(task)), nl=False)
        context.exit()


@click.command("train")
@click.argument("task", type=click.Choice(TASKS))
@click.option("--data", type=_FILE, multiple=True, required=True, help="Labelled rows; give it again for more files.")
@click.option("--out", "name", required=True, metavar="NAME", help="Name of the model that is made.")
@click.option("--config", type=_FILE, help="TOML or JSON; what it leaves out has its default.")
@click.option("--validation", type=_FILE, help="Rows to measure on, instead of a part of the data.")
@click.option("--replace", is_flag=True, help="Take the place of a model of that name.")
@click.option(
    "--show-config", type=click.Choice(TASKS), is_eager=True, expose_value=False, callback=_show_config,
    metavar="TASK", help="Print the defaults of a task as TOML, and leave.",
)  # fmt: skip
@pass_session
def train_command(session: Session, /, **options: Any) -> None:
    """Train a model on labelled rows; killed, the same command goes on where it was."""
    output = session.output
    trained = asyncio.run(_train(TrainingRequest(**options), output))
    if output.as_json:
        return
    figures = [
        (name, f"{one['value']:.3f}", "" if one["low"] is None else f"{one['low']:.3f}–{one['high']:.3f}")
        for name, one in trained.card["metrics"].items()
    ]
    output.table(trained.card["measured_on"], ("figure", "value", "95 % interval"), figures)
    output.say(f"Trained {trained.name}: {trained.folder}. Use it with `agent-assist models use {trained.name}`.")


async def _train(request: TrainingRequest, output: Output) -> Trained:
    with output.progress() as bar:
        shown: dict[str, TaskID] = {}
        async with aclosing(train(request, models_dir=default_models_dir())) as events:
            async for event in events:
                if isinstance(event, Rejected):
                    for row in event.rows:
                        tell(output, row)
                elif output.as_json:
                    output.record(event)
                elif bar is not None:
                    _advance(bar, shown, event)
                else:
                    _say(output, event)
                if isinstance(event, Trained):
                    return event
    raise EngineError("The training ended without a model.")


def _advance(bar: Bar, shown: dict[str, TaskID], event: TrainingEvent) -> None:
    if isinstance(event, Progress):
        name = f"{event.stage} {event.part}".strip()
        if name not in shown:
            shown[name] = bar.add_task(name, total=event.total or None)
        bar.update(shown[name], completed=event.done, total=event.total or None)
    elif isinstance(event, Step) and f"tune {event.part}" in shown:
        bar.update(shown[f"tune {event.part}"], description=f"tune {event.part} (loss {event.loss:.3f})")


def _say(output: Output, event: TrainingEvent) -> None:
    """Without a screen: the plan and an epoch a line, on standard error."""
    if isinstance(event, Planned):
        output.note(f"{_MODES.get(event.mode, event.mode)}: {event.reason}.")
    elif isinstance(event, Epoch):
        told = ", ".join(f"{name} {value:.3f}" for name, value in event.scores.items())
        output.note(f"{event.part}: epoch {event.epoch} of {event.epochs}{': ' + told if told else ''}")
