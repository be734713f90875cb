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
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from models.reply.choice import STARTER
from models.reply.corpus import Expander, Row
from models.reply.prompt import render
from models.reply.run import Config, Run
from models.reply.situations import training_situations
from models.reply.tokens import Encoder
from models.reply.training import Example, Schedule, train

PROMPT_BUDGET = 700  # tokens; rows of the corpus stay far below
_SAVE_EVERY = 25
_SHEETS = 0.4


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write adapter.gguf, and print where it lies."""
    options = _options(arguments)
    config = Config(
        schedule=Schedule(
            steps=options.steps, batch=options.batch, rate=options.rate, seed=options.seed,
            warm_up=min(15, max(1, options.steps // 5)),
        ),
        rows=options.rows, rank=options.rank, alpha=options.alpha, dropout=options.dropout, precision=options.precision,
    )  # fmt: skip
    torch.set_num_threads(options.threads)
    model_file = options.models / "reply" / STARTER / "model.gguf"
    rows = list(Expander(training_situations(), seed=options.seed, sheets=_SHEETS).rows(options.rows))
    examples = encode(rows, Encoder.load(model_file))
    run_training(
        model_file,
        examples,
        config,
        out=options.out,
        work=options.work or options.out / ".work",
        begin_with=options.begin_with,
    )


def encode(rows: Sequence[Row], encoder: Encoder) -> list[Example]:
    """Prompts and replies as tokens."""
    return [
        encoder.example(render(row.draft, count=encoder.count, budget=PROMPT_BUDGET).text, row.reply) for row in rows
    ]


def data_hash(examples: Sequence[Example]) -> str:
    """SHA-256 of all tokens in order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps([example.prompt, example.reply]).encode())
    return digest.hexdigest()


def run_training(
    model_file: Path,
    examples: Sequence[Example],
    config: Config,
    *,
    out: Path,
    work: Path,
    begin_with: Path | None = None,
) -> None:
    """Train from the checkpoint in `work`, or from the start, and write the adapter into `out`.

    `begin_with` is the folder of an adapter of the same rank that is trained further, with a new schedule.
    """
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    run = Run.begin(model_file, config, digest=data_hash(examples), begin_with=begin_with)
    step = start = run.resume(work / "checkpoint.pt")
    began = time.monotonic()
    for step, info in train(run.model, run.parameters, run.optimizer, examples, config.schedule, start=start):
        seconds = round(time.monotonic() - began, 1)
        _print({"task": "train", "done": step, "total": config.schedule.steps, "seconds": seconds, **asdict(info)})
        if step % _SAVE_EVERY == 0 or step == config.schedule.steps:
            run.save(work / "checkpoint.pt", step=step)
    run.write(out, rows=len(examples), steps=step)
    _print({"task": "train", "done": step, "total": config.schedule.steps, "adapter": str(out / "adapter.gguf")})


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.reply.train", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where adapter.gguf is written")
    parser.add_argument("--work", type=Path, default=None, metavar="FOLDER", help="checkpoints (default: OUT/.work)")
    parser.add_argument("--begin-with", type=Path, default=None, metavar="FOLDER", help="adapter to train further")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=32.0)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
