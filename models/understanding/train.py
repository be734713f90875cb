"""Trains the heads: `python -m models.understanding.train --corpus DIR --out DIR [--models DIR]`.

Part of the rows is held out and measured first; then the heads that are written are trained on all rows with the same
recipe. The output folder gets heads.safetensors, model.json and card.md.
"""

import argparse
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.understanding.choice import STARTER_ENCODER, read_card
from models.understanding.corpus import Example, load_corpus
from models.understanding.fitting.extract import Extracted, extract
from models.understanding.fitting.fit import Trained, train_heads
from models.understanding.fitting.plan import HeadPlan, starter_plan
from models.understanding.heads import CARD_FILE, WEIGHTS_FILE, Heads
from models.understanding.learning.replay import Replay, select_replay
from models.understanding.learning.replay import write as write_replay
from models.understanding.starter.card import write_card
from models.understanding.starter.evaluate import Report, evaluate

Indices = NDArray[np.int64]
HELD_OUT = 0.15
VERSION = "2"


def split(
    examples: Sequence[Example], chosen: Indices | None = None, *, share: float = HELD_OUT, seed: int = 0
) -> tuple[Indices, Indices]:
    """Example numbers for training and held out, by row, stratified by language and first intent."""
    numbers = np.arange(len(examples)) if chosen is None else chosen
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in (examples[index] for index in numbers.tolist()):
        group = groups[one.language, one.intents[0] if one.intents else ""]
        if not group or group[-1] != one.row:
            group.append(one.row)
    chance = np.random.default_rng(seed)
    held: set[int] = set()
    for name in sorted(groups):
        rows = groups[name]
        held.update(chance.permutation(rows)[: round(len(rows) * share)].tolist())
    outside = np.array([examples[index].row in held for index in numbers.tolist()])
    return numbers[~outside], numbers[outside]


def heads_card(trained: Trained, encoder: Path) -> dict[str, Any]:
    """The fields that loading the heads needs."""
    return {
        "name": "starter",
        "kind": "heads",
        "version": VERSION,
        "license": "Apache-2.0",
        "base": f"{encoder.name} {read_card(encoder).get('version', '')}".strip(),
        "encoder": encoder.name,
        "made_by": "models.understanding.train",
        **trained.card,
    }


def save(folder: Path, trained: Trained, card: dict[str, Any], replay: Replay) -> None:
    """Weights in float16, the replay memory, and the card with their hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS_FILE
    save_file({name: np.ascontiguousarray(value.astype(np.float16)) for name, value in trained.tensors.items()}, path)
    path.chmod(0o644)  # safetensors writes for its owner only
    files = [path, *write_replay(folder, replay)]
    card = {**card, "files": {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}}
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def measure(examples: Sequence[Example], extracted: Extracted, plan: HeadPlan, encoder: Path) -> tuple[Trained, Report]:
    """Train on one part of the rows, find the recipe on a second, and measure on a third."""
    inside, outside = split(examples)
    fitted, calibrated = split(examples, inside, seed=1)
    trained = train_heads(examples, extracted, fitted, plan, held=calibrated)
    heads = Heads.of_tensors(trained.tensors, heads_card(trained, encoder))
    return trained, evaluate(heads, examples, extracted, outside)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m models.understanding.train", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder of the built models")
    parser.add_argument("--expansions", type=int, default=3, help="examples made of a row with slots")
    options = parser.parse_args()
    # Steps this small gain nothing from more threads, and on a busy machine lose much by waiting for each other.
    torch.set_num_threads(1)
    encoder = options.models / "encoder" / STARTER_ENCODER
    examples = load_corpus(options.corpus, expansions=options.expansions)
    trunk, tokens = load_trunk(encoder, device="cpu"), TextEncoder(encoder / TOKENIZER_FILE)
    extracted = extract([one.text for one in examples], trunk, tokens, _progress("features"))
    plan = starter_plan(examples)
    first, report = measure(examples, extracted, plan, encoder)
    for name, value in report.figures.items():
        print(json.dumps({"figure": name, "value": round(value, 4)}), flush=True)
    trained = train_heads(examples, extracted, np.arange(len(examples)), plan, recipe=first.recipe)
    save(options.out, trained, heads_card(trained, encoder), select_replay(examples, extracted.sentences))
    write_card(options.out, examples, report, held_out=HELD_OUT)


def _progress(task: str) -> Callable[[int, int], None]:
    last = -1

    def report(done: int, total: int) -> None:
        nonlocal last
        if (percent := 10 * done // total) != last:
            last = percent
            print(json.dumps({"task": task, "done": done, "total": total}), flush=True)

    return report


if __name__ == "__main__":
    main()
