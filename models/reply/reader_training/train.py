"""Trains the reader: `python -m models.reply.reader_training.train --models DIR --out FOLDER`.

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
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from models.encoder.layout import TOKENIZER_FILE
from models.reply.corpus.generator import Generator, Mix
from models.reply.corpus.pages import read_pages, training_pages
from models.reply.evidence.layout import ADAPTER_FILE, CARD_FILE, LORA_UP
from models.reply.evidence.windows import Windows
from models.reply.reader_training.loop import SCALE, learning, lessons, train, with_adapters
from models.reply.reader_training.net import EvidenceNet, Lesson
from models.reply.training.loop import Schedule
from models.sources import encoder_source
from models.training.nets.bert import load_bert

_SAVE_EVERY = 50
_PREFIX = "bert."


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the adapter, and print where it lies."""
    options = _options(arguments)
    torch.set_num_threads(1)
    encoder = options.models / "encoder" / encoder_source().name
    windows = Windows(encoder / TOKENIZER_FILE)
    pages = [*training_pages(), *(page for name in options.twice for page in read_pages(name))]
    generator = Generator(pages, seed=options.seed, mix=Mix(sheets=options.sheets, tasks=0.0))
    rows = lessons(generator, windows, packs=options.packs)
    schedule = Schedule(
        steps=options.steps, batch=options.batch, rate=options.rate, seed=options.seed,
        warm_up=min(20, max(1, options.steps // 5)),
    )  # fmt: skip
    config = {"schedule": asdict(schedule), "packs": options.packs, "rank": options.rank, "sheets": options.sheets}
    if options.twice:
        config["twice"] = options.twice
    net = with_adapters(load_bert(encoder, dropout=0.0), rank=options.rank, seed=options.seed)
    before = begin_with(net, options.begin_with) if options.begin_with else []
    work = options.work or options.out / ".work"
    run_training(net, rows, schedule, config, out=options.out, work=work, workers=options.threads, before=before)


def run_training(
    net: EvidenceNet, rows: Sequence[Lesson], schedule: Schedule, config: dict[str, Any], *,
    out: Path, work: Path, workers: int = 1, before: Sequence[Mapping[str, Any]] = (),
) -> None:  # fmt: skip
    """Train from the checkpoint in `work`, or from the start, and write the adapter into `out`.

    `before` are the trainings that `net` has behind it, for the card.
    """
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    digest = data_hash(rows)
    optimizer = torch.optim.AdamW(learning(net).values(), weight_decay=0.01)
    checkpoint = work / "checkpoint.pt"
    step = start = _resume(net, optimizer, checkpoint, digest, config)
    began = time.monotonic()
    for step, info in train(net, optimizer, rows, schedule, start=start, workers=workers):
        seconds = round(time.monotonic() - began, 1)
        _print({"task": "evidence", "done": step, "total": schedule.steps, "seconds": seconds, **asdict(info)})
        if step % _SAVE_EVERY == 0 or step == schedule.steps:
            state = {"step": step, "data": digest, "config": config, "tensors": _tensors(net)}
            partial = checkpoint.with_suffix(".partial")
            torch.save({**state, "optimizer": optimizer.state_dict()}, partial)
            partial.replace(checkpoint)
    write_adapter(net, out, config=config, rows=len(rows), data=digest, before=before)
    _print({"task": "evidence", "done": step, "total": schedule.steps, "adapter": str(out / ADAPTER_FILE)})


def begin_with(net: EvidenceNet, folder: Path) -> list[dict[str, Any]]:
    """Put the adapter in `folder` into `net`, to be trained further; returns its trainings, the newest first.

    Raises FileNotFoundError where there is none, and ValueError for one of another rank.
    """
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    tensors = load_file(folder / ADAPTER_FILE)
    with torch.no_grad():
        for name, value in learning(net).items():
            saved = tensors.get(name.removeprefix(_PREFIX))
            if saved is None or saved.shape != value.shape:
                raise ValueError(f"The adapter in {folder} does not fit: {name} should be {tuple(value.shape)}.")
            value.copy_(saved.float() / (SCALE if name.endswith(LORA_UP) else 1.0))
    return [{key: card[key] for key in ("version", "config", "data")}, *card.get("before", [])]


def data_hash(rows: Sequence[Lesson]) -> str:
    """SHA-256 of all windows and what they hold, in order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([[[w.ids, w.clauses] for w in row.windows], sorted(row.held)]).encode())
    return digest.hexdigest()


def write_adapter(
    net: EvidenceNet, out: Path, *, config: dict[str, Any], rows: int, data: str, before: Sequence[Mapping[str, Any]],
) -> None:  # fmt: skip
    """adapter.safetensors, half precision, the scale of the adapters in their upper halves; and model.json."""
    tensors = {}
    for name, value in learning(net).items():
        scale = SCALE if name.endswith(LORA_UP) else 1.0
        tensors[name.removeprefix(_PREFIX)] = (scale * value.detach()).half().contiguous()
    save_file(tensors, out / ADAPTER_FILE)
    (out / ADAPTER_FILE).chmod(0o644)  # safetensors writes for its owner only
    sha = hashlib.sha256((out / ADAPTER_FILE).read_bytes()).hexdigest()
    source = encoder_source()
    card: dict[str, Any] = {
        "name": out.name,
        "kind": "evidence",
        "version": f"1-{sha[:8]}",
        "license": source.license,
        "base": f"{source.name} {source.version}",
        "files": {ADAPTER_FILE: sha},
        "made_by": "models.reply.reader_training.train",
        "config": config,
        "data": {"rows": rows, "sha256": data},
    }
    if before:
        card["before"] = list(before)
    (out / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _tensors(net: EvidenceNet) -> dict[str, torch.Tensor]:
    return {name: value.detach() for name, value in learning(net).items()}


def _resume(
    net: EvidenceNet, optimizer: torch.optim.Optimizer, checkpoint: Path, digest: str, config: dict[str, Any]
) -> int:
    """Take up a checkpoint of the same data and options; returns the steps done, 0 where there is none."""
    if not checkpoint.is_file():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    if saved["data"] != digest or saved["config"] != config:
        return 0
    with torch.no_grad():
        for name, value in learning(net).items():
            value.copy_(saved["tensors"][name])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.reply.reader_training.train", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the adapter is written")
    parser.add_argument("--work", type=Path, default=None, metavar="FOLDER", help="checkpoints (default: OUT/.work)")
    parser.add_argument("--begin-with", type=Path, default=None, metavar="FOLDER", help="adapter to train further")
    parser.add_argument("--packs", type=int, default=2450, help="packs of rows drawn")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--batch", type=int, default=16, help="rows a step")
    parser.add_argument("--sheets", type=float, default=Mix().sheets, help="share of packs about fact sheets")
    parser.add_argument("--twice", nargs="*", default=[], metavar="FILE", help="files whose pages come twice as often")
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="halves of a batch read at once")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
