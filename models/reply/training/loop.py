"""The training loop of the reply adapter: a generator of steps. Saving, printing and stopping live outside it.

Two things make it bearable on two CPU cores. The output layer is applied to reply positions only, and only to the
tokens of the data and a sample of the other 262k; and rows that begin alike are read as one tree (packs.py). The trees
of a step are read side by side, one core each: torch's own threads gain nothing on matrices of this size (185 GFLOP/s
with one and with two; two trees at once 278).
"""

import math
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.reply.training.packs import Example, Tree, lay_out

_SAMPLE = 8192  # tokens that stand for those the data does not use


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`steps` optimiser steps of `batch` packs; linear warm-up over `warm_up` steps, then cosine to 5% of `rate`."""

    steps: int
    batch: int = 4
    rate: float = 5e-4
    warm_up: int = 15
    clip: float = 1.0
    seed: int = 0

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self.rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    """`loss`: weighted mean over the reply tokens of the step, nats; `tokens`: all tokens read in it."""

    loss: float
    rate: float
    norm: float
    tokens: int


def train(
    model: Any, parameters: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer,
    packs: Sequence[Sequence[Example]], schedule: Schedule, *, start: int = 0, workers: int = 1,
) -> Iterator[tuple[int, StepInfo]]:  # fmt: skip
    """Train `parameters` of a causal model in place; yields (steps done, info) after each step.

    The order of the packs depends on the seed only, so starting at step `start` goes on exactly where a run ended.
    With dropout one of the `workers` works alone, since they would take random numbers from one another.
    """
    model.train()
    if any(isinstance(one, nn.Dropout) and one.p > 0 for one in model.modules()):
        workers = 1
    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from _steps(model, parameters, optimizer, packs, schedule, start, pool)


def _steps(
    model: Any, parameters: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer,
    packs: Sequence[Sequence[Example]], schedule: Schedule, start: int, pool: ThreadPoolExecutor,
) -> Iterator[tuple[int, StepInfo]]:  # fmt: skip
    size = model.lm_head.weight.shape[0]
    outputs = Outputs.for_packs(packs, vocabulary=size, sample=_SAMPLE, seed=schedule.seed)
    for step, batch in enumerate(batches(packs, schedule)):
        if step < start:
            continue
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate_at(step)
        torch.manual_seed(schedule.seed * 1_000_003 + step)  # dropout too is a function of the step
        trees = [lay_out(pack) for pack in batch]
        whole = sum(float(tree.weights.sum()) for tree in trees)

        def slope(tree: Tree, whole: float = whole) -> tuple[float, tuple[Tensor, ...]]:
            loss = tree_loss(model, tree, outputs) / whole
            return float(loss.detach()), torch.autograd.grad(loss, parameters)

        slopes = list(pool.map(slope, trees))  # summed in order, so that the sum is the same each time
        for place, parameter in enumerate(parameters):
            parameter.grad = torch.stack([gradients[place] for _, gradients in slopes]).sum(0)
        norm = float(nn.utils.clip_grad_norm_(parameters, schedule.clip))
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        tokens = sum(len(tree.ids) for tree in trees)
        yield (
            step + 1,
            StepInfo(loss=sum(loss for loss, _ in slopes), rate=schedule.rate_at(step), norm=norm, tokens=tokens),
        )


def batches(packs: Sequence[Sequence[Example]], schedule: Schedule) -> Iterator[list[Sequence[Example]]]:
    """`schedule.steps` batches, epoch after epoch in another order. A last batch that is not full is left out."""
    rng, given = random.Random(schedule.seed), 0
    while given < schedule.steps:
        order = list(packs)
        rng.shuffle(order)
        for first in range(0, max(1, len(order) - schedule.batch + 1), schedule.batch):
            yield order[first : first + schedule.batch]
            given += 1
            if given == schedule.steps:
                return


@dataclass(frozen=True, slots=True)
class Outputs:
    """The tokens that the loss tells apart.

    All tokens of the data, and a sample of the others that stands for all of them: its logits are raised by the log
    of how many each stands for, so the sum in the softmax stays what it is on average (sampled softmax, after Jean et
    al. 2015). With 262k tokens, most of which no reply ever uses, this saves a third of a step.
    """

    rows: Tensor  # token ids, sorted, (outputs,)
    raised: Tensor  # what is added to each logit, (outputs,)

    @classmethod
    def for_packs(cls, packs: Sequence[Sequence[Example]], *, vocabulary: int, sample: int, seed: int) -> "Outputs":
        """The outputs for `packs`, with `sample` tokens drawn from the rest."""
        used = {token for pack in packs for example in pack for token in example.tokens}
        rest = [token for token in range(vocabulary) if token not in used]
        drawn = random.Random(seed).sample(rest, min(sample, len(rest)))
        rows = torch.tensor(sorted((*used, *drawn)))
        raised = torch.zeros(len(rows))
        if drawn:
            raised[torch.isin(rows, torch.tensor(drawn))] = math.log(len(rest) / len(drawn))
        return cls(rows, raised)


def tree_loss(model: Any, tree: Tree, outputs: Outputs) -> Tensor:
    """Weighted sum of the cross-entropies of a pack's reply tokens, nats."""
    dtype = model.lm_head.weight.dtype
    window = getattr(model.config, "sliding_window", None)
    hidden = model.model(
        input_ids=tree.ids[None],
        position_ids=tree.positions[None],
        attention_mask={
            "full_attention": tree.mask(window=None, dtype=dtype),
            "sliding_attention": tree.mask(window=window, dtype=dtype),
        },
        use_cache=False,
    ).last_hidden_state[0]
    chosen = tree.wanted >= 0
    logits = nn.functional.linear(hidden[chosen], model.lm_head.weight[outputs.rows]).float() + outputs.raised
    losses = nn.functional.cross_entropy(
        logits, torch.searchsorted(outputs.rows, tree.wanted[chosen]), reduction="none"
    )
    return (losses * tree.weights[chosen]).sum()
