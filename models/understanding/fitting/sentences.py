"""Fits one sentence head: regularisation chosen on unseen examples, standardisation folded into the weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.understanding.fitting.logistic import Features, Fitted, Loss, fit
from models.understanding.lexical import Bag

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
FOLDS = 4
# How much the n-grams count beside the dense features. Where a label has dozens of rows 20 to 25 did best, and told
# foreign messages apart best (sofmattress: AUROC .87 against .83 at 8); at ten rows a label fewer words are worth
# believing (banking77: 12 gains 1.5 points over 25).
MANY_ROWS, FEW_ROWS = 20.0, 12.0


@dataclass(frozen=True, slots=True)
class Strength:
    """`l2` penalty on the weights, and how much the n-grams count (`lexical`)."""

    l2: float
    lexical: float = MANY_ROWS


@dataclass(frozen=True, slots=True)
class HeadTask:
    """What one head learns: `targets` [examples, labels]; `half` of the dense features is the search vector alone.

    `counts` [examples] is 0 for those that say nothing to this head, else 1.
    """

    name: str
    targets: Floats
    loss: Loss
    half: bool
    counts: Floats

    def take(self, chosen: Indices) -> "HeadTask":
        """Some of the examples."""
        return replace(self, targets=self.targets[chosen], counts=self.counts[chosen])


@dataclass(frozen=True, slots=True)
class Design:
    """What heads see of some examples: dense features [examples, features] and weighed bags."""

    dense: Floats
    bags: Sequence[Bag]

    def width(self, task: HeadTask) -> int:
        """How many dense features a task sees."""
        whole = int(self.dense.shape[1])
        return whole // 2 if task.half else whole

    def take(self, chosen: Indices) -> "Design":
        """Some of the examples."""
        return Design(self.dense[chosen], [self.bags[index] for index in chosen.tolist()])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadWeights:
    """Folded weights over raw dense features and unit-length bags; `unseen` are the logits of examples that a fit of
    the same strength had not seen, in the order of the examples that chose it."""

    dense: Floats
    lexical: Floats
    bias: Floats
    strength: Strength
    unseen: Floats


def fold_of(rows: Indices, *, folds: int = FOLDS, seed: int = 0) -> Indices:
    """A fold number an example; the examples of a row share theirs."""
    order = np.random.default_rng(seed).permutation(int(rows.max()) + 1)
    return np.asarray(order[rows] % folds, np.int64)


def fit_head(
    task: HeadTask,
    design: Design,
    rows: Indices,
    weights: Floats,
    grid: Sequence[Strength],
    *,
    held: tuple[Design, HeadTask] | None = None,
) -> HeadWeights:
    """The strength of the highest likelihood on unseen examples, then a fit on everything given.

    `grid` are those to try. Unseen are the `held` examples (with what is true of them), or without them each fold for
    the fits on the others.
    """
    folds = fold_of(rows) if held is None else None
    truth = task if held is None else held[1]
    tried: dict[Strength, tuple[float, Floats]] = {}

    def likelihood(strength: Strength) -> float:
        if strength not in tried:
            if folds is not None:
                told = out_of_fold(task, design, weights, folds, strength)
            else:
                assert held is not None
                told = logits(fit_with(task, design, weights, strength), held[0])
            tried[strength] = _log_likelihood(truth, told), told
        return tried[strength][0]

    best = max(grid, key=likelihood)
    return fit_with(task, design, weights, best, unseen=tried[best][1])


def fit_with(
    task: HeadTask, design: Design, weights: Floats, strength: Strength, *, unseen: Floats | None = None
) -> HeadWeights:
    """A fit of a known strength, on the examples that count."""
    width = design.width(task)
    counting = np.flatnonzero(task.counts)
    if len(counting) < len(task.counts):
        task, design, weights = task.take(counting), design.take(counting), weights[counting]
    dense = design.dense[:, :width]
    mean, deviation = dense.mean(axis=0), dense.std(axis=0) + np.float32(1e-6)
    standard = np.asarray((dense - mean) / deviation, np.float32)
    features = Features.of(standard, design.bags, scale=strength.lexical)
    fitted: Fitted = fit(features, task.targets, weights, l2=strength.l2, loss=task.loss)
    weight, bias = fitted.weight.numpy(), fitted.bias.numpy()
    raw = weight[:width] / deviation[:, None]
    return HeadWeights(
        dense=raw.astype(np.float32),
        lexical=(weight[width:] * strength.lexical).astype(np.float32),
        bias=(bias - mean @ raw).astype(np.float32),
        strength=strength,
        unseen=np.zeros((0, task.targets.shape[1]), np.float32) if unseen is None else unseen,
    )


def out_of_fold(task: HeadTask, design: Design, weights: Floats, folds: Indices, strength: Strength) -> Floats:
    """[examples, labels]: the logits of each fold by a fit on the others."""
    told = np.zeros(task.targets.shape, np.float32)
    for fold in range(int(folds.max()) + 1):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = fit_with(task.take(inside), design.take(inside), weights[inside], strength)
        told[outside] = logits(fitted, design.take(outside))
    return told


def logits(fitted: HeadWeights, design: Design) -> Floats:
    """[examples, labels]: what a fitted head says of some examples."""
    scores: Floats = design.dense[:, : fitted.dense.shape[0]] @ fitted.dense + fitted.bias
    for row, one in enumerate(design.bags):
        scores[row] += one.weights @ fitted.lexical[one.buckets]
    return scores


def _log_likelihood(truth: HeadTask, told: Floats) -> float:
    """Mean over the examples that count, higher is better."""
    if truth.loss is Loss.SOFTMAX:
        peak = told.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(told - peak).sum(axis=1, keepdims=True)) + peak
        each = (truth.targets * (told - log_sum)).sum(axis=1)
    else:
        each = -np.logaddexp(0.0, np.where(truth.targets > 0, -told, told)).mean(axis=1)
    return float((truth.counts * each).sum() / truth.counts.sum())
