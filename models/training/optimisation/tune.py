"""Tunes a task's net, step by step: tells, saves, scores, stops early; and estimates beforehand how long it takes."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import torch

from models.training.config import TrainConfig
from models.training.nets.bert import learned, restore
from models.training.nets.tasks import Task
from models.training.optimisation.checkpoint import Checkpoint, State
from models.training.optimisation.distributed import World
from models.training.optimisation.loop import Machine, StepInfo, steps
from models.training.optimisation.loop import parts as batch_parts
from models.training.precision import Numbers

Report = Callable[[dict[str, Any]], None]
# Steps that are measured, after one that warms up.
_MEASURED = 3


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a tuning stands; what a checkpoint keeps beside weights and optimiser."""

    step: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    best_score: float = -math.inf
    best_epoch: int = 0
    best: dict[str, torch.Tensor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """`epochs` are those whose weights were kept, `history` the events of all steps."""

    epochs: int
    history: list[dict[str, Any]]
    scores: dict[str, float]


def tune(
    task: Task,
    config: TrainConfig,
    *,
    epochs: int,
    lora: bool,
    numbers: Numbers,
    world: World,
    checkpoint: Checkpoint | None,
    report: Report,
) -> Tuned:
    """Train the task's net in place, from the checkpoint where there is one; with patience, back to its best epoch."""
    machine = Machine.build(task, config, numbers, world, lora=lora)
    progress = Progress()
    if checkpoint is not None and (state := checkpoint.load()) is not None:
        progress = _resume(task, machine, state)
        for event in progress.history:
            report(event)
    began = time.monotonic()
    stopped = _out_of_patience(progress, config)
    for step, info in () if stopped else steps(task, config, machine, epochs=epochs, start=progress.step):
        progress.step = step
        _tell(progress, _step_event(step, info), report)
        if info.ends_epoch:
            scores = world.shared(task.score() if world.first else {})
            seconds = round(time.monotonic() - began, 1)
            _tell(progress, {"event": "epoch", "epoch": info.epoch + 1, "epochs": epochs, **scores}, report)
            report({"event": "progress", "stage": "tune", "done": info.epoch + 1, "total": epochs, "seconds": seconds})
            _note_best(task, progress, scores, info.epoch, config)
        stopped = info.ends_epoch and _out_of_patience(progress, config)
        if checkpoint is not None and world.first and (checkpoint.due or stopped):
            checkpoint.save(_state(task, machine, progress))
        if stopped:
            break
    if progress.best:
        restore(task.net, progress.best)
    told = [event for event in progress.history if event["event"] == "epoch"]
    kept = progress.best_epoch if progress.best else epochs
    return Tuned(epochs=kept, history=progress.history, scores=_scores(told, kept))


def seconds_per_row(task: Task, config: TrainConfig) -> float:
    """Measured on batches of the first epoch, forwards and backwards; no weight moves."""
    size = config.batch * config.accumulate
    batches = task.batches(0, size)[: _MEASURED + 1]
    task.net.train()
    began, rows = time.monotonic(), 0
    for number, batch in enumerate(batches):
        if number == 1:  # the first one warms up
            began, rows = time.monotonic(), 0
        for part in batch_parts(batch, task.lengths, config.accumulate):
            loss = task.loss(part, 0, task.weights(part))
            loss.backward()  # type: ignore[no-untyped-call]
            rows += len(part)
    task.net.zero_grad(set_to_none=True)
    return (time.monotonic() - began) / max(1, rows)


def _tell(progress: Progress, event: dict[str, Any], report: Report) -> None:
    progress.history.append(event)
    report(event)


def _step_event(step: int, info: StepInfo) -> dict[str, Any]:
    told = asdict(info)
    return {
        "event": "step",
        "step": step,
        "loss": round(told["loss"], 5),
        "lr": float(f"{told['rate']:.4g}"),
        "norm": round(told["norm"], 4),
        "epoch": told["epoch"] + 1,
    }


def _note_best(task: Task, progress: Progress, scores: dict[str, float], epoch: int, config: TrainConfig) -> None:
    if not config.patience or not scores:
        return
    main = next(iter(scores.values()))
    if main > progress.best_score:
        progress.best_score, progress.best_epoch = main, epoch + 1
        progress.best = {name: value.clone() for name, value in learned(task.net).items()}


def _out_of_patience(progress: Progress, config: TrainConfig) -> bool:
    done = sum(event["event"] == "epoch" for event in progress.history)
    return bool(config.patience and progress.best) and done - progress.best_epoch >= config.patience


def _scores(told: list[dict[str, Any]], epoch: int) -> dict[str, float]:
    found = next((event for event in told if event["epoch"] == epoch), {})
    return {name: value for name, value in found.items() if name not in {"event", "epoch", "epochs"}}


def _state(task: Task, machine: Machine, progress: Progress) -> State:
    return {
        "net": learned(task.net),
        "optimiser": machine.optimiser.state_dict(),
        "scaler": machine.scaler.state_dict(),
        "progress": {name: getattr(progress, name) for name in Progress.__slots__},
    }


def _resume(task: Task, machine: Machine, state: State) -> Progress:
    restore(task.net, state["net"])
    machine.optimiser.load_state_dict(state["optimiser"])
    machine.scaler.load_state_dict(state["scaler"])
    return Progress(**state["progress"])
