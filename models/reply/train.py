"""Trains a reply adapter: `python -m models.reply.train --models DIR --out FOLDER [--steps N] [--rank R] ...`.

Progress goes to standard output as lines of JSON. A run that was killed goes on from its last checkpoint when it is
started again with the same options and `--work` folder.
"""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import contextlib
import hashlib
import io
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.reply.corpus import Expander, Row
from models.reply.lora import attach, write_adapter
from models.reply.prompt import render
from models.reply.situations import training_situations
from models.reply.tokens import Encoder
from models.reply.training import Example, Schedule, train

PROMPT_BUDGET = 700  # tokens; rows of the corpus stay far below
_SAVE_EVERY = 25
_BASE = "gemma3-270m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What an adapter is made with; kept in its model.json."""

    schedule: Schedule
    rows: int
    rank: int
    alpha: float
    dropout: float
    precision: str


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
    model_file = options.models / "reply" / _BASE / "model.gguf"
    rows = list(Expander(training_situations(), seed=options.seed).rows(options.rows))
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

    `begin_with` is the checkpoint of another run whose adapter is trained further, with a new schedule.
    """
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    digest = data_hash(examples)
    model = load_base(model_file, config.precision)
    torch.manual_seed(config.schedule.seed)
    tensors = attach(model.model.layers, rank=config.rank, alpha=config.alpha, dropout=config.dropout)
    parameters = list(tensors.values())
    optimizer = torch.optim.AdamW(parameters, weight_decay=0.01)
    checkpoint = work / "checkpoint.pt"
    start = _resume(checkpoint, tensors, optimizer, digest=digest, config=config)
    if start == 0 and begin_with is not None:
        _copy_into(tensors, torch.load(begin_with, weights_only=True)["tensors"])
    began, step = time.monotonic(), start
    for step, info in train(model, parameters, optimizer, examples, config.schedule, start=start):
        seconds = round(time.monotonic() - began, 1)
        _print({"task": "train", "done": step, "total": config.schedule.steps, "seconds": seconds, **asdict(info)})
        if step % _SAVE_EVERY == 0 or step == config.schedule.steps:
            _save(checkpoint, tensors, optimizer, step=step, digest=digest, config=config)
    write_adapter(out / "adapter.gguf", tensors, alpha=config.alpha, name=out.name, architecture="gemma3")
    _write_model_json(out, config, digest=digest, rows=len(examples), steps=step)
    _print({"task": "train", "done": step, "total": config.schedule.steps, "adapter": str(out / "adapter.gguf")})


def load_base(model_file: Path, precision: str) -> Any:
    """The frozen base with the very weights that llama.cpp runs, dequantised by transformers."""
    from transformers import AutoModelForCausalLM

    with contextlib.redirect_stderr(io.StringIO()):  # its progress bars
        model = AutoModelForCausalLM.from_pretrained(
            str(model_file.parent), gguf_file=model_file.name, dtype=torch.float32
        )
    return model.to({"bf16": torch.bfloat16, "fp32": torch.float32}[precision]).requires_grad_(False)


def _resume(
    path: Path, tensors: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer, *, digest: str, config: Config
) -> int:
    if not path.is_file():
        return 0
    saved = torch.load(path, weights_only=True)
    if saved["data"] != digest or saved["config"] != asdict(config):
        _print({"task": "train", "note": "the checkpoint belongs to other data or options; starting anew"})
        return 0
    _copy_into(tensors, saved["tensors"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _copy_into(tensors: Mapping[str, nn.Parameter], saved: Mapping[str, Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in tensors.items():
            parameter.copy_(saved[name])


def _save(
    path: Path, tensors: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer, *, step: int, digest: str,
    config: Config,
) -> None:  # fmt: skip
    partial = path.with_suffix(".partial")
    state = {
        "step": step,
        "data": digest,
        "config": asdict(config),
        "tensors": {name: parameter.detach() for name, parameter in tensors.items()},
        "optimizer": optimizer.state_dict(),
    }
    torch.save(state, partial)
    partial.replace(path)


def _write_model_json(out: Path, config: Config, *, digest: str, rows: int, steps: int) -> None:
    sha = hashlib.sha256((out / "adapter.gguf").read_bytes()).hexdigest()
    card = {
        "name": out.name,
        "kind": "adapter",
        "version": f"1-{sha[:8]}",
        "license": "Gemma Terms of Use (a derivative of Gemma 3 270M)",
        "base": _BASE,
        "files": {"adapter.gguf": sha},
        "made_by": "models.reply.train",
        "config": asdict(config),
        "data": {"rows": rows, "sha256": digest},
        "steps": steps,
    }
    (out / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.reply.train", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where adapter.gguf is written")
    parser.add_argument("--work", type=Path, default=None, metavar="FOLDER", help="checkpoints (default: OUT/.work)")
    parser.add_argument("--begin-with", type=Path, default=None, metavar="FILE", help="checkpoint.pt of another run")
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
