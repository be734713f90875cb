"""What the reader learns from, and the loop that teaches it. Progress, saving and stopping live outside."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.encoder.weights import MATRICES
from models.reply.corpus.evidence import evidence
from models.reply.corpus.generator import Generator
from models.reply.corpus.rows import Row
from models.reply.evidence.overlap import overlap
from models.reply.evidence.windows import Windows
from models.reply.reader_training.net import EvidenceNet, Lesson, logits_of, loss_of
from models.reply.training.loop import Schedule
from models.reply.training.lora import attach_to

_SMALLTALK = "smalltalk"  # rests on nothing, and needs nothing
_CHUNK = 32  # batches whose rows are sorted by length, so that little is padded
SCALE = 2.0  # of the adapters' products


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    """`loss`: mean over the rows of the step, nats; `tokens`: all tokens read in it, without padding."""

    loss: float
    rate: float
    tokens: int


def lessons(generator: Generator, windows: Windows, *, packs: int) -> list[Lesson]:
    """The rows of `packs` packs that have something to read."""
    rows = (row for pack in generator.packs(packs) for row in pack if isinstance(row, Row))
    made = (lesson(row, windows) for row in rows if row.kind != _SMALLTALK)
    return [one for one in made if one.clauses]


def lesson(row: Row, windows: Windows) -> Lesson:
    """A row as windows, with the clauses that answer."""
    found = evidence(row)
    read = (row.draft.thread, found.units, found.clauses)
    return Lesson(tuple(windows.of(*read)), found.held, overlap(*read))


def with_adapters(bert: Any, *, rank: int, seed: int) -> EvidenceNet:
    """A frozen BertModel in bfloat16 with fresh adapters on all its products (Hu et al. 2021), and a score."""
    torch.manual_seed(seed)
    bert.requires_grad_(False).to(torch.bfloat16)
    bert.set_attn_implementation("eager")  # the fused one's way back takes a third of a step on a CPU
    for layer in bert.encoder.layer:
        attach_to(layer, MATRICES, rank=rank, alpha=SCALE * rank, dropout=0.0)
    return EvidenceNet(bert, width=bert.config.hidden_size)


def learning(net: EvidenceNet) -> dict[str, nn.Parameter]:
    """What is trained, by name."""
    return {name: value for name, value in net.named_parameters() if value.requires_grad}


def train(
    net: EvidenceNet, optimizer: torch.optim.Optimizer, rows: Sequence[Lesson], schedule: Schedule, *,
    start: int = 0, workers: int = 1,
) -> Iterator[tuple[int, StepInfo]]:  # fmt: skip
    """Train in place; yields (steps done, info) after each. Step by step the same from `start` on as from 0.

    Each batch is read in two halves, at once where there are two `workers`: torch's own threads gain little here.
    """
    net.train()
    parameters = list(learning(net).values())

    def slope(half: Sequence[Lesson], share: float) -> tuple[float, tuple[Tensor, ...]]:
        loss = loss_of(logits_of(net, half), half) * share
        return float(loss.detach()), torch.autograd.grad(loss, parameters)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for step, batch in enumerate(batches(rows, schedule)):
            if step < start:
                continue
            for group in optimizer.param_groups:
                group["lr"] = schedule.rate_at(step)
            halves = [half for half in (batch[::2], batch[1::2]) if half]
            slopes = list(pool.map(slope, halves, [len(half) / len(batch) for half in halves]))
            for place, parameter in enumerate(parameters):
                parameter.grad = torch.stack([gradients[place] for _, gradients in slopes]).sum(0)
            nn.utils.clip_grad_norm_(parameters, schedule.clip)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            loss, tokens = sum(loss for loss, _ in slopes), sum(one.tokens for one in batch)
            yield step + 1, StepInfo(loss=loss, rate=schedule.rate_at(step), tokens=tokens)


def batches(rows: Sequence[Lesson], schedule: Schedule) -> Iterator[list[Lesson]]:
    """`schedule.steps` batches of rows of like length, epoch after epoch in another order."""
    rng, given = random.Random(schedule.seed), 0
    while given < schedule.steps:
        order = list(rows)
        rng.shuffle(order)
        made: list[list[Lesson]] = []
        for first in range(0, len(order), _CHUNK * schedule.batch):
            chunk = sorted(order[first : first + _CHUNK * schedule.batch], key=_longest)
            made += [chunk[at : at + schedule.batch] for at in range(0, len(chunk), schedule.batch)]
        rng.shuffle(made)
        yield from made[: schedule.steps - given]
        given += len(made)


def _longest(row: Lesson) -> int:
    return max(len(window.ids) for window in row.windows)
