"""The training loop: a generator of steps. Saving, printing, scoring and stopping live outside it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from models.training.config import TrainConfig
from models.training.nets.tasks import Task
from models.training.optimisation.distributed import World
from models.training.optimisation.optimisers import add_penalties, build_optimiser, set_rates
from models.training.optimisation.schedules import rate_factor
from models.training.precision import Numbers

# Padded tokens that go through the trunk at once; a batch of long texts takes several passes, so that memory holds it.
_TOKENS_AT_ONCE = 6144


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    """`loss` is the mean over the step's rows, `norm` the gradient's length before clipping; `epoch` counts from 0."""

    loss: float
    rate: float
    norm: float
    rows: int
    epoch: int
    ends_epoch: bool


@dataclass(slots=True, kw_only=True)
class Machine:
    """What moves the weights: optimiser, number format, processes."""

    optimiser: torch.optim.Optimizer
    numbers: Numbers
    world: World
    scaler: torch.amp.GradScaler = field(init=False)

    def __post_init__(self) -> None:
        self.scaler = torch.amp.GradScaler(self.numbers.device.type, enabled=self.numbers.scaled)

    @classmethod
    def build(cls, task: Task, config: TrainConfig, numbers: Numbers, world: World, *, lora: bool) -> "Machine":
        """For a task's net."""
        optimiser = build_optimiser(task.trunk_parameters(), task.head_parameters(), config, lora=lora)
        return cls(optimiser=optimiser, numbers=numbers, world=world)


def steps(
    task: Task, config: TrainConfig, machine: Machine, *, epochs: int, start: int = 0
) -> Iterator[tuple[int, StepInfo]]:
    """Train the task's net in place; yields (steps done, info) after each step.

    Order and chance depend on seed and step alone, so that starting at step `start` goes on exactly where a run ended.
    """
    parameters = [*task.trunk_parameters(), *task.head_parameters()]
    size = config.batch * config.accumulate * machine.world.size
    each = math.ceil(len(task.lengths) / size)
    step = 0
    for epoch in range(epochs):
        for number, batch in enumerate(task.batches(epoch, size), start=1):
            step += 1
            if step <= start:
                continue
            factor = rate_factor(config.schedule, step - 1, steps=each * epochs, warm_up=config.warm_up)
            set_rates(machine.optimiser, factor)
            task.net.train()
            loss = _gradients(task, config, machine, batch, epoch=epoch, step=step)
            norm = _move(parameters, config, machine)
            rate = machine.optimiser.param_groups[0]["lr"]
            yield (
                step,
                StepInfo(loss=loss, rate=rate, norm=norm, rows=len(batch), epoch=epoch, ends_epoch=number == each),
            )


def _gradients(
    task: Task, config: TrainConfig, machine: Machine, batch: Sequence[int], *, epoch: int, step: int
) -> float:
    """Add up the gradients of a batch over its parts and processes; returns the loss."""
    world = machine.world
    own = np.array_split(np.asarray(batch), world.size)[world.rank].tolist()
    totals = world.totals(task.weights(own), machine.numbers.device)
    loss = 0.0
    for number, rows in enumerate(parts(own, task.lengths, config.accumulate)):
        torch.manual_seed(((config.seed * 1_000_003 + step) * 4096 + number) * 64 + world.rank)
        share = task.loss(rows, epoch, totals)
        machine.scaler.scale(share).backward()  # type: ignore[no-untyped-call]
        loss += float(share.detach())
    return world.totals([loss], machine.numbers.device)[0]


def _move(parameters: Sequence[nn.Parameter], config: TrainConfig, machine: Machine) -> float:
    machine.world.sum_gradients(parameters)
    machine.scaler.unscale_(machine.optimiser)
    add_penalties(parameters, l1=config.l1, l2=config.l2)
    norm = float(nn.utils.clip_grad_norm_(parameters, config.clip or math.inf))
    machine.scaler.step(machine.optimiser)
    machine.scaler.update()
    machine.optimiser.zero_grad(set_to_none=True)
    return norm


def parts(rows: Sequence[int], lengths: Sequence[int], count: int) -> list[list[int]]:
    """`count` parts of a batch, each cut again where padding would make too many tokens; none of them empty."""
    found: list[list[int]] = []
    for part in np.array_split(np.asarray(rows, np.int64), count):
        current: list[int] = []
        longest = 0
        for row in part.tolist():
            longest = max(longest, lengths[row])
            if current and longest * (len(current) + 1) > _TOKENS_AT_ONCE:
                found.append(current)
                current, longest = [], lengths[row]
            current.append(row)
        if current:
            found.append(current)
    return found
