"""Which rows are held out: a part of every label, or folds where rows are few."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.config import TrainConfig
from models.training.dataset.rows import Row

Indices = NDArray[np.int64]
# With fewer rows a label than this, one held-out part would measure next to nothing, and choose no better.
_FEWEST_A_LABEL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Row numbers to learn from and to measure on; `name` is its place in the run's folder."""

    name: str
    inside: Indices
    outside: Indices


def parts_of(rows: Sequence[Row], config: TrainConfig) -> list[Part]:
    """One part with a share of every label held out, or `config.folds` parts that hold every row out once.

    Rows with the same text are on the same side.
    """
    strata = _strata(rows, config.seed)
    if len(rows) >= max(config.folds_below, _FEWEST_A_LABEL * len(strata)):
        held = _held_out(strata, config.held_out)
        return [_part("held-out", held, len(rows))]
    return folds_of(rows, folds=config.folds, seed=config.seed)


def folds_of(rows: Sequence[Row], *, folds: int, seed: int) -> list[Part]:
    """Parts that hold every row out once, of every label its share in each."""
    strata = _strata(rows, seed)
    held = [_fold(strata, number, folds) for number in range(folds)]
    return [_part(f"fold-{number}", fold, len(rows)) for number, fold in enumerate(held) if fold]


def _strata(rows: Sequence[Row], seed: int) -> list[list[list[int]]]:
    """Row numbers by text, by label; shuffled inside a label."""
    by_text: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_text[" ".join(row.text.casefold().split())].append(index)
    by_label: dict[str, list[list[int]]] = defaultdict(list)
    groups = list(by_text.values())
    for place in np.random.default_rng(seed).permutation(len(groups)).tolist():
        by_label[_stratum(rows[groups[place][0]])].append(groups[place])
    return [by_label[name] for name in sorted(by_label)]


def _stratum(row: Row) -> str:
    if row.labels:
        return row.labels[0]
    return row.spans[0].type if row.spans else ""


def _held_out(strata: Sequence[Sequence[Sequence[int]]], share: float) -> list[int]:
    """Of every label its share, what is rounded off going to the next; the last text of a label stays inside."""
    held: list[int] = []
    owed = 0.5
    for groups in strata:
        owed += share * len(groups)
        taken = min(int(owed), len(groups) - 1)
        held += [row for group in groups[:taken] for row in group]
        owed -= taken
    return held


def _fold(strata: Sequence[Sequence[Sequence[int]]], number: int, folds: int) -> list[int]:
    """Every label's texts dealt out in turn, each label's dealing going on where the one before ended."""
    held: list[int] = []
    dealt = 0
    for groups in strata:
        for group in groups:
            if dealt % folds == number:
                held += group
            dealt += 1
    return held


def _part(name: str, held: Sequence[int], rows: int) -> Part:
    outside = np.zeros(rows, bool)
    outside[list(held)] = True
    return Part(name=name, inside=np.flatnonzero(~outside), outside=np.flatnonzero(outside))
