"""Trains the token head: one hidden layer over frozen token features, and tag pair scores counted from the corpus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_HIDDEN = 160
_EPOCHS = 14
_BATCH = 512
_DROPOUT = 0.3
_RATE = 2e-3
_DECAY = 0.02
# Weight of the counted tag pairs beside the tag scores.
_PAIR_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class TokenWeights:
    """Weights over raw features (standardisation folded in), and transitions [tags, tags]."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    transitions: Floats


def fit_tokens(
    features: Sequence[NDArray[np.float16]],
    tags: Sequence[NDArray[np.int64]],
    weights: Sequence[float],
    *,
    tag_count: int,
    seed: int = 0,
) -> TokenWeights:
    """Cross-entropy over all tokens; `weights` are per example."""
    torch.manual_seed(seed)
    x = torch.from_numpy(np.concatenate(features))
    y = torch.from_numpy(np.concatenate(tags))
    w = torch.from_numpy(np.repeat(np.asarray(weights, np.float32), [len(one) for one in tags]))
    mean, deviation = _moments(x)
    net = torch.nn.Sequential(
        torch.nn.Dropout(_DROPOUT),
        torch.nn.Linear(x.shape[1], _HIDDEN),
        torch.nn.ReLU(),
        torch.nn.Dropout(_DROPOUT),
        torch.nn.Linear(_HIDDEN, tag_count),
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * (len(x) // _BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=_RATE, total_steps=steps)
    shuffle = torch.Generator().manual_seed(seed)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(x), generator=shuffle).split(_BATCH):  # type: ignore[no-untyped-call]
            scores = net((x[batch].float() - mean) / deviation)
            loss = torch.nn.functional.cross_entropy(scores, y[batch], reduction="none")
            total = (loss * w[batch]).sum() / w[batch].sum()
            optimiser.zero_grad()
            total.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return _folded(net, mean, deviation, _pair_scores(tags, tag_count))


def _moments(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    sample = x[:: max(1, len(x) // 20_000)].float()
    return sample.mean(dim=0), sample.std(dim=0) + 1e-5


def _folded(net: torch.nn.Sequential, mean: torch.Tensor, deviation: torch.Tensor, transitions: Floats) -> TokenWeights:
    first, second = net[1], net[4]
    assert isinstance(first, torch.nn.Linear)
    assert isinstance(second, torch.nn.Linear)
    with torch.no_grad():
        inner = (first.weight / deviation).t()
        bias = first.bias - mean @ inner
        return TokenWeights(
            inner=inner.contiguous().numpy(),
            inner_bias=bias.numpy(),
            outer=second.weight.t().contiguous().numpy(),
            outer_bias=second.bias.numpy().copy(),
            transitions=transitions,
        )


def _pair_scores(tags: Sequence[NDArray[np.int64]], count: int) -> Floats:
    """Log of how much more often a tag follows another than by chance, smoothed and damped."""
    pairs = np.full((count, count), 0.5)
    for sequence in tags:
        np.add.at(pairs, (sequence[:-1], sequence[1:]), 1.0)
    follow = pairs / pairs.sum(axis=1, keepdims=True)
    chance = pairs.sum(axis=0) / pairs.sum()
    return np.asarray(_PAIR_WEIGHT * np.clip(np.log(follow / chance), -3.0, 3.0), np.float32)
