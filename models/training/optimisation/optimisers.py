"""The optimisers, each with a rate that suits it, and the penalties on the size of weights."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from models.training.config import Optimiser, TrainConfig

TRUNK, HEAD = "trunk", "head"
# Peak rates by optimiser: of the trunk, and of what sits on it. Those of AdamW were measured on four sets of messages;
# the others are scaled to move the weights about as far.
_RATES: Mapping[Optimiser, tuple[float, float]] = {
    "sgd": (3e-2, 1e-1),
    "momentum": (3e-3, 1e-2),
    "adagrad": (1e-4, 1e-2),
    "adam": (3e-5, 1e-3),
    "adamw": (3e-5, 1e-3),
}
# Adapters begin at nothing and have to go farther than weights that are tuned.
_LORA_FACTOR = 10.0
PEAK = "peak"


def peak_rates(config: TrainConfig, *, lora: bool) -> tuple[float, float]:
    """Of the trunk and of what sits on it, as told or as they fit the optimiser."""
    trunk, head = _RATES[config.optimiser]
    return config.rate or trunk * (_LORA_FACTOR if lora else 1.0), config.head_rate or head


def build_optimiser(
    trunk: Iterable[nn.Parameter], head: Iterable[nn.Parameter], config: TrainConfig, *, lora: bool
) -> torch.optim.Optimizer:
    """Groups with their peak rate under "peak"; AdamW's decay falls on the matrices of the trunk alone."""
    trunk_rate, head_rate = peak_rates(config, lora=lora)
    matrices: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    for parameter in trunk:
        (matrices if parameter.ndim > 1 else vectors).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": matrices, PEAK: trunk_rate, "weight_decay": config.weight_decay},
        {"params": vectors, PEAK: trunk_rate, "weight_decay": 0.0},
        {"params": list(head), PEAK: head_rate, "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    if config.optimiser == "adamw":
        return torch.optim.AdamW(groups, lr=trunk_rate)
    for group in groups:  # the others' decay is the penalty l2
        group["weight_decay"] = 0.0
    if config.optimiser == "adam":
        return torch.optim.Adam(groups, lr=trunk_rate)
    if config.optimiser == "adagrad":
        return torch.optim.Adagrad(groups, lr=trunk_rate)
    momentum = config.momentum if config.optimiser == "momentum" else 0.0
    return torch.optim.SGD(groups, lr=trunk_rate, momentum=momentum)


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Every group at `factor` of its peak."""
    for group in optimiser.param_groups:
        group["lr"] = group[PEAK] * factor


def add_penalties(parameters: Iterable[nn.Parameter], *, l1: float, l2: float) -> None:
    """Add the gradients of l1 * |w| and l2 / 2 * w^2 of the matrices to theirs."""
    if not l1 and not l2:
        return
    with torch.no_grad():
        for parameter in parameters:
            if parameter.grad is not None and parameter.ndim > 1:
                parameter.grad.add_(parameter, alpha=l2)
                parameter.grad.add_(parameter.sign(), alpha=l1)
