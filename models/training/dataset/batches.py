"""In which order rows are learned: anew each epoch, those of a label a few at a time so that a batch has pairs."""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np


def shuffled(rows: int, *, size: int, seed: int, epoch: int) -> list[list[int]]:
    """Row numbers in `ceil(rows / size)` batches that differ by one row at most."""
    order = np.random.default_rng((seed, epoch)).permutation(rows)
    return _cut(order.tolist(), size)


def grouped(labels: Sequence[str], *, size: int, per_class: int, seed: int, epoch: int) -> list[list[int]]:
    """The same, but rows of one label come `per_class` at a time, each label's evenly over the epoch.

    So every batch has about the labels' shares of all rows, and nearly every row another one of its label beside it.
    """
    chance = np.random.default_rng((seed, epoch))
    by_label: dict[str, list[int]] = defaultdict(list)
    for row in chance.permutation(len(labels)).tolist():
        by_label[labels[row]].append(row)
    placed: list[tuple[float, list[int]]] = []
    for name in sorted(by_label):
        rows = by_label[name]
        groups = [rows[at : at + per_class] for at in range(0, len(rows), per_class)]
        places = (np.arange(len(groups)) + chance.random(len(groups))) / len(groups)
        placed += zip(places.tolist(), groups, strict=True)
    placed.sort(key=lambda one: one[0])
    return _cut([row for _, group in placed for row in group], size)


def _cut(order: Sequence[int], size: int) -> list[list[int]]:
    count = math.ceil(len(order) / size)
    return [part.tolist() for part in np.array_split(np.asarray(order, np.int64), count)]
