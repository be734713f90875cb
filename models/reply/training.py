"""The training loop of the reply adapter: a generator of steps. Saving, printing and stopping live outside it.

Three things make it bearable on two CPU cores. The output layer is applied to reply positions only, and only to the
tokens of the data and a sample of the other 262k; rows of like length share a batch. Rows are padded on the right,
so causal attention needs no mask: no real token ever sees the padding behind it.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

_SAMPLE = 8192  # tokens that stand for those the data does not use
_BUCKET = 16  # batches whose rows are sorted by length together


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids of a prompt and of the reply with its end token."""

    prompt: tuple[int, ...]
    reply: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`steps` optimiser steps of `batch` rows; linear warm-up over `warm_up` steps, then cosine to 5% of `rate`."""

    steps: int
    batch: int = 8
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
    """`loss`: mean over the reply tokens of the step, nats; `tokens`: all tokens seen in it, padding left out."""

    loss: float
    rate: float
    norm: float
    tokens: int


def train(
    model: Any, parameters: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer,
    examples: Sequence[Example], schedule: Schedule, *, start: int = 0,
) -> Iterator[tuple[int, StepInfo]]:  # fmt: skip
    """Train `parameters` of a causal model in place; yields (steps done, info) after each step.

    The order of the rows depends on the seed only, so starting at step `start` goes on exactly where a run ended.
    """
    model.train()
    size = model.lm_head.weight.shape[0]
    outputs = Outputs.for_examples(examples, vocabulary=size, sample=_SAMPLE, seed=schedule.seed)
    for step, batch in enumerate(batches(examples, schedule)):
        if step < start:
            continue
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate_at(step)
        torch.manual_seed(schedule.seed * 1_000_003 + step)  # dropout too is a function of the step
        loss = reply_loss(model, batch, outputs)
        torch.autograd.backward(loss)
        norm = float(nn.utils.clip_grad_norm_(parameters, schedule.clip))
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        tokens = sum(len(example) for example in batch)
        yield step + 1, StepInfo(loss=float(loss.detach()), rate=schedule.rate_at(step), norm=norm, tokens=tokens)


def batches(examples: Sequence[Example], schedule: Schedule) -> Iterator[list[Example]]:
    """`schedule.steps` batches, epoch after epoch; every epoch shuffles anew and groups rows of like length."""
    rng, given = random.Random(schedule.seed), 0
    while given < schedule.steps:
        order = list(examples)
        rng.shuffle(order)
        size = schedule.batch * _BUCKET
        epoch: list[list[Example]] = []
        for first in range(0, len(order), size):
            bucket = sorted(order[first : first + size], key=len)
            epoch += [bucket[i : i + schedule.batch] for i in range(0, len(bucket), schedule.batch)]
        rng.shuffle(epoch)
        yield from epoch[: schedule.steps - given]
        given += len(epoch)


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
    def for_examples(cls, examples: Sequence[Example], *, vocabulary: int, sample: int, seed: int) -> "Outputs":
        """The outputs for `examples`, with `sample` tokens drawn from the rest."""
        used = {token for example in examples for token in (*example.prompt, *example.reply)}
        rest = [token for token in range(vocabulary) if token not in used]
        drawn = random.Random(seed).sample(rest, min(sample, len(rest)))
        rows = torch.tensor(sorted((*used, *drawn)))
        raised = torch.zeros(len(rows))
        if drawn:
            raised[torch.isin(rows, torch.tensor(drawn))] = math.log(len(rest) / len(drawn))
        return cls(rows, raised)


def reply_loss(model: Any, batch: Sequence[Example], outputs: Outputs) -> Tensor:
    """Mean cross-entropy of the reply tokens of a batch."""
    ids, wanted = _pad(batch)
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    chosen = wanted[:, 1:] >= 0
    logits = nn.functional.linear(hidden[chosen], model.lm_head.weight[outputs.rows]).float() + outputs.raised
    return nn.functional.cross_entropy(logits, torch.searchsorted(outputs.rows, wanted[:, 1:][chosen]))


def _pad(batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Ids (rows, longest) padded with 0, and the same with -1 wherever no loss is wanted."""
    longest = max(len(example) for example in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    wanted = torch.full_like(ids, -1)
    for row, example in enumerate(batch):
        ids[row, : len(example)] = torch.tensor(example.prompt + example.reply)
        wanted[row, len(example.prompt) : len(example)] = torch.tensor(example.reply)
    return ids, wanted
