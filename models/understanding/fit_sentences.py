"""Trains the sentence heads: regularisation by cross-validation over rows, calibration and thresholds out of fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.understanding.lexical import Bag
from models.understanding.logistic import Features, Fitted, Loss, fit

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
FOLDS = 4
# How much the n-grams count beside the dense features; 25 did best or near best on every set tried.
LEXICAL_SCALE = 25.0
# Likelihood out of fold would go lower still, but shops write otherwise than the corpus: messages from elsewhere were
# read best from 80 to 160 (bench_understanding.py).
_L2_GRID = (80.0, 160.0, 320.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadTask:
    """What one head learns. `width` is how many of the dense features it sees."""

    name: str
    targets: Floats
    loss: Loss
    width: int
    score: Callable[[Floats, Floats], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadWeights:
    """Folded weights over raw dense features and unit-length bags, and the logits each example got out of fold."""

    dense: Floats
    lexical: Floats
    bias: Floats
    l2: float
    out_of_fold: Floats


def fold_of(rows: Indices, *, folds: int = FOLDS, seed: int = 0) -> Indices:
    """A fold number an example; the examples of a row share theirs."""
    order = np.random.default_rng(seed).permutation(int(rows.max()) + 1)
    return np.asarray(order[rows] % folds, np.int64)


def fit_head(task: HeadTask, sentences: Floats, bags: Sequence[Bag], rows: Indices, weights: Floats) -> HeadWeights:
    """The best regularisation by out-of-fold score, then a fit on everything given."""
    folds = fold_of(rows)
    tried = [(l2, _out_of_fold(task, sentences, bags, weights, folds, l2)) for l2 in _L2_GRID]
    l2, logits = max(tried, key=lambda one: task.score(one[1], task.targets))
    return _folded(task, sentences, bags, weights, l2, logits)


def _out_of_fold(
    task: HeadTask, sentences: Floats, bags: Sequence[Bag], weights: Floats, folds: Indices, l2: float
) -> Floats:
    logits = np.zeros(task.targets.shape, np.float32)
    for fold in range(int(folds.max()) + 1):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        mean, deviation = _moments(sentences[inside, : task.width])
        fitted = fit(
            _features(sentences[inside, : task.width], mean, deviation, _pick(bags, inside)),
            task.targets[inside],
            weights[inside],
            l2=l2,
            loss=task.loss,
        )
        held = _features(sentences[outside, : task.width], mean, deviation, _pick(bags, outside))
        logits[outside] = fitted.scores(held)
    return logits


def _folded(
    task: HeadTask, sentences: Floats, bags: Sequence[Bag], weights: Floats, l2: float, out_of_fold: Floats
) -> HeadWeights:
    dense = sentences[:, : task.width]
    mean, deviation = _moments(dense)
    fitted: Fitted = fit(_features(dense, mean, deviation, bags), task.targets, weights, l2=l2, loss=task.loss)
    weight, bias = fitted.weight.numpy(), fitted.bias.numpy()
    raw = weight[: task.width] / deviation[:, None]
    return HeadWeights(
        dense=raw.astype(np.float32),
        lexical=(weight[task.width :] * LEXICAL_SCALE).astype(np.float32),
        bias=(bias - mean @ raw).astype(np.float32),
        l2=l2,
        out_of_fold=out_of_fold,
    )


def _pick(bags: Sequence[Bag], indices: Indices) -> list[Bag]:
    return [bags[index] for index in indices.tolist()]


def _moments(dense: Floats) -> tuple[Floats, Floats]:
    return dense.mean(axis=0), dense.std(axis=0) + np.float32(1e-6)


def _features(dense: Floats, mean: Floats, deviation: Floats, bags: Sequence[Bag]) -> Features:
    return Features.of(((dense - mean) / deviation).astype(np.float32), bags, scale=LEXICAL_SCALE)
