"""`agent-assist models ensemble|compress`: models made of models."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.watching import watch
from agent_assist.engine.registry import default_models_dir
from agent_assist.services.tuning import (
    JOINS,
    WAYS,
    CompressRequest,
    EnsembleRequest,
    TuningEvent,
    compress,
    ensemble,
)

_FILE = click.Path(path_type=Path)


@click.command("ensemble")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--out", "name", required=True, metavar="NAME", help="Name of the model that is made.")
@click.option(
    "--by", type=click.Choice(JOINS), required=True,
    help="average: read with every model and take the mean of their probabilities. soup: one trunk with the mean of "
    "their weights and heads fitted anew, which reads as fast as one of them.",
)  # fmt: skip
@click.option(
    "--data", type=_FILE, multiple=True,
    help="Labelled rows: a soup fits its heads on them, an average is measured on them.",
)  # fmt: skip
@click.option("--validation", type=_FILE, help="Rows to measure a soup on, instead of a part of the data.")
@click.option("--replace", is_flag=True, help="Take the place of a model of that name.")
@pass_session
def ensemble_command(session: Session, /, **options: Any) -> None:
    """Make one model of several that tell the same labels."""
    _make(session, ensemble(EnsembleRequest(**options), models_dir=default_models_dir()))


@click.command("compress")
@click.argument("source", metavar="NAME")
@click.option(
    "--out", "name", default="", metavar="NAME", help="Name of the smaller model; int8 only measures without."
)
@click.option(
    "--by", type=click.Choice(WAYS), required=True,
    help="int8: beside float32, and without float weights. prune-heads, prune-layers: without the attention heads or "
    "layers that matter least. distil: a student with fewer layers.",
)  # fmt: skip
@click.option("--layers", type=click.IntRange(min=0), default=0, help="Layers that stay; without it half of them.")
@click.option(
    "--heads", "share", type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True), default=0.25, show_default=True,
    help="Share of the attention heads that goes.",
)  # fmt: skip
@click.option(
    "--epochs", type=click.IntRange(min=0), default=0,
    help="Passes over the rows after the cut (without it 3), or over all texts by a student (by their number).",
)  # fmt: skip
@click.option("--data", type=_FILE, multiple=True, help="Labelled rows; without it those of the model's run folder.")
@click.option("--validation", type=_FILE, help="Rows to measure on, instead of a part of the data.")
@click.option("--texts", type=_FILE, help="Messages without labels for a student: .txt, one a line, or rows.")
@click.option("--replace", is_flag=True, help="Take the place of a model of that name.")
@pass_session
def compress_command(session: Session, /, **options: Any) -> None:
    """Make model NAME smaller, and set both side by side: quality, size, speed."""
    _make(session, compress(CompressRequest(**options), models_dir=default_models_dir()), made=bool(options["name"]))


def _make(session: Session, events: AsyncGenerator[TuningEvent, None], *, made: bool = True) -> None:
    model = asyncio.run(watch(events, session.output))
    if passes := model.card.get("passes"):
        session.output.say(f"Reading a message costs {passes} {'pass' if passes == 1 else 'passes'} of an encoder.")
    if made:
        session.output.say(f"{model.name}: {model.folder}. Use it with `agent-assist models use {model.name}`.")
