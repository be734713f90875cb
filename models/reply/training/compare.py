"""Adapters of other ranks, rates, amounts of data and epochs held against each other on the held-out pages.

`python -m models.reply.training.compare --models DIR --steps 150 --rank 8 16 64` trains one adapter for each
combination of what is given and prints one JSON line each: the mean loss of held-out reply tokens, in nats, and how
often the mark tells answered from unanswered. Nothing is kept.
"""

import os

os.environ["GOMP_SPINCOUNT"] = "0"
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import itertools
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from models.reply.choice import STARTER
from models.reply.corpus.generator import Generator
from models.reply.corpus.pages import held_out_pages, training_pages
from models.reply.corpus.slots import LANGUAGES
from models.reply.training.loop import Outputs, Schedule, train, tree_loss
from models.reply.training.packs import Example, lay_out
from models.reply.training.run import Config, Run
from models.reply.training.tokens import Encoder

_HELD_OUT_SEED = 7


def main() -> None:
    """Train and measure each combination."""
    options = _options()
    torch.set_num_threads(1)
    model_file = options.models / "reply" / STARTER / "model.gguf"
    encoder = Encoder.load(model_file)
    held_out = encoder.packs(_held_out())
    axes = (options.rank, options.rate, options.every, options.epochs)
    for rank, rate, every, epochs in itertools.product(*axes):
        schedule = Schedule(steps=options.steps, batch=options.batch, rate=rate, warm_up=15, seed=1)
        count = max(options.batch, options.steps * options.batch // epochs)
        packs = encoder.packs(Generator(training_pages()[::every], seed=1).packs(count))
        config = Config(schedule=schedule, packs=count, rank=rank, alpha=2.0 * rank, dropout=0.0, precision="bf16")
        run = Run.begin(model_file, config, digest="", begin_with=None)
        began = time.monotonic()
        for _ in train(run.model, run.parameters, run.optimizer, packs, schedule, workers=options.threads):
            pass
        seconds = round(time.monotonic() - began)
        figures = measure(run.model, held_out)
        setting = {"rank": rank, "rate": rate, "every": every, "epochs": epochs, "steps": options.steps}
        print(json.dumps({**setting, "seconds": seconds, **figures}), flush=True)


def measure(model: Any, packs: Sequence[Sequence[Example]]) -> dict[str, float]:
    """Mean loss of the reply tokens of `packs` and of their marks, nats."""
    model.eval()
    outputs = Outputs.for_packs(packs, vocabulary=model.lm_head.weight.shape[0], sample=8192, seed=0)
    sums = {"reply": 0.0, "mark": 0.0}
    counts = {"reply": 0, "mark": 0}
    with torch.no_grad():
        for pack in packs:
            for name, weighted in (("reply", _weigh(pack, mark=0.0)), ("mark", _weigh(pack, mark=1.0))):
                sums[name] += float(tree_loss(model, lay_out(weighted), outputs))
                counts[name] += sum(int(sum(example.weights)) for example in weighted)
    return {f"{name}_loss": round(sums[name] / max(1, counts[name]), 4) for name in sums}


def _weigh(pack: Sequence[Example], *, mark: float) -> list[Example]:
    """Loss on the marks alone, or on everything but the marks."""
    return [Example(one.prompt, one.reply, (mark, *(1.0 - mark for _ in one.reply[1:]))) for one in pack]


def _held_out() -> list[list[Any]]:
    generator = Generator(held_out_pages(), seed=_HELD_OUT_SEED)
    return [
        list(generator.plain(page, language))
        for page in held_out_pages()
        for language in LANGUAGES
        if page.asked(language)
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.reply.training.compare", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--batch", type=int, default=4, help="packs a step")
    parser.add_argument("--rank", type=int, nargs="+", default=[16])
    parser.add_argument("--rate", type=float, nargs="+", default=[5e-4])
    parser.add_argument("--every", type=int, nargs="+", default=[1], help="train on every n-th page")
    parser.add_argument("--epochs", type=int, nargs="+", default=[1], help="how often each pack is seen in the steps")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
