"""Trains a reply adapter: `python -m models.reply.train --models DIR --out FOLDER [--steps N] [--rank R] ...`.

Progress goes to standard output as lines of JSON. A run that was killed goes on from its last checkpoint when it is
started again with the same options and `--work` folder.
"""

import os

os.environ["GOMP_SPINCOUNT"] = "0"  # whoever drafts beside the training comes first
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from models.reply.choice import STARTER
from models.reply.corpus.generator import Generator, Mix
from models.reply.corpus.pages import training_pages
from models.reply.corpus.reading import read
from models.reply.training.loop import Schedule, train
from models.reply.training.packs import Example
from models.reply.training.run import Config, Run
from models.reply.training.tokens import Encoder

_SAVE_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One run: how the notes stand in the prompts, and what it is made with where nothing else is told.

    "whole": as the search gives them, so that a model learns to read. "read": cut to what a reader found, with its
    keys (corpus/reading.py), as the writer meets them.
    """

    notes: str
    steps: int
    rate: float
    seed: int
    tasks: float
    until: int | None = None  # where it was ended before its schedule was


STAGES = (
    Stage(notes="whole", steps=480, rate=6e-4, seed=1, tasks=0.10),
    Stage(notes="read", steps=320, rate=4e-4, seed=2, tasks=0.06, until=275),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train in both stages, or in one; write adapter.gguf, and print where it lies."""
    options = _options(arguments)
    torch.set_num_threads(1)
    stages = [stage for stage in STAGES if options.notes in (None, stage.notes)]
    work = options.work or options.out / ".work"
    begin_with = options.begin_with
    for stage in stages:
        last = stage is stages[-1]
        out = options.out if last else work / stage.notes / "adapter"
        _train(stage, options, out=out, work=work if len(stages) == 1 else work / stage.notes, begin_with=begin_with)
        begin_with = out


def _train(stage: Stage, options: argparse.Namespace, *, out: Path, work: Path, begin_with: Path | None) -> None:
    steps, seed = options.steps or stage.steps, stage.seed if options.seed is None else options.seed
    config = Config(
        schedule=Schedule(
            steps=steps, batch=options.batch, rate=options.rate or stage.rate, seed=seed,
            warm_up=min(15, max(1, steps // 5)),
        ),
        packs=options.packs or steps * options.batch, rank=options.rank, alpha=options.alpha or 2.0 * options.rank,
        dropout=options.dropout, precision=options.precision, notes=stage.notes,
    )  # fmt: skip
    model_file = options.models / "reply" / STARTER / "model.gguf"
    tasks = stage.tasks if options.tasks is None else options.tasks
    generator = Generator(training_pages()[:: options.every], seed=seed, mix=Mix(sheets=options.sheets, tasks=tasks))
    reading = partial(read, rng=random.Random(seed)) if stage.notes == "read" else None
    packs = Encoder.load(model_file).packs(generator.packs(config.packs), read=reading)
    until = None if options.steps else stage.until
    run_training(
        model_file, packs, config, out=out, work=work, begin_with=begin_with, workers=options.threads, until=until
    )


def data_hash(packs: Sequence[Sequence[Example]]) -> str:
    """SHA-256 of all tokens in order."""
    digest = hashlib.sha256()
    for pack in packs:
        digest.update(json.dumps([[example.prompt, example.reply, example.weights] for example in pack]).encode())
    return digest.hexdigest()


def run_training(
    model_file: Path,
    packs: Sequence[Sequence[Example]],
    config: Config,
    *,
    out: Path,
    work: Path,
    begin_with: Path | None = None,
    workers: int = 1,
    until: int | None = None,
) -> None:
    """Train from the checkpoint in `work`, or from the start, to step `until`, and write the adapter into `out`.

    `begin_with` is the folder of an adapter of the same rank that is trained further, with a new schedule.
    """
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    run = Run.begin(model_file, config, digest=data_hash(packs), begin_with=begin_with)
    step = start = run.resume(work / "checkpoint.pt")
    began = time.monotonic()
    for step, info in train(
        run.model, run.parameters, run.optimizer, packs, config.schedule, start=start, workers=workers
    ):
        seconds = round(time.monotonic() - began, 1)
        _print({"task": "train", "done": step, "total": config.schedule.steps, "seconds": seconds, **asdict(info)})
        if step % _SAVE_EVERY == 0 or step == config.schedule.steps:
            run.save(work / "checkpoint.pt", step=step)
        if step == until:
            break
    run.write(out, rows=sum(map(len, packs)), steps=step)
    _print({"task": "train", "done": step, "total": config.schedule.steps, "adapter": str(out / "adapter.gguf")})


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.reply.train", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where adapter.gguf is written")
    parser.add_argument("--work", type=Path, default=None, metavar="FOLDER", help="checkpoints (default: OUT/.work)")
    parser.add_argument("--begin-with", type=Path, default=None, metavar="FOLDER", help="adapter to train further")
    parser.add_argument("--notes", choices=[stage.notes for stage in STAGES], help="one stage only")
    parser.add_argument("--steps", type=int, default=None, help="of each stage")
    parser.add_argument("--batch", type=int, default=4, help="packs a step")
    parser.add_argument("--packs", type=int, default=None, help="packs drawn (default: as many as the steps use)")
    parser.add_argument("--every", type=int, default=1, help="train on every n-th page only, to compare amounts")
    parser.add_argument("--sheets", type=float, default=Mix().sheets, help="share of packs about fact sheets")
    parser.add_argument("--tasks", type=float, default=None, help="share of packs with tasks other than replies")
    parser.add_argument("--rate", type=float, default=None)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--alpha", type=float, default=None, help="default: twice the rank")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--threads", type=int, default=2, help="trees read at once")
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
