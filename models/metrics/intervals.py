"""Figures with bootstrap intervals: how much a figure would move with other rows of the same kind."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

Indices = NDArray[np.int64]
Statistic = Callable[[Indices], float]
# Resamples that are in memory at once.
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its interval; no bounds where there are too few rows to resample."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made: percentiles of `resamples` drawn by `seed`; 0 resamples make none."""

    resamples: int = 1000
    seed: int = 0
    confidence: float = 0.95

    def figure(self, statistic: Statistic, *groups: Indices) -> Figure:
        """`statistic` over all rows, and its interval.

        `groups` are row numbers; each is resampled for itself, so that none is ever empty.
        """
        value = float(statistic(np.concatenate(groups)))
        if not self.resamples or min(map(len, groups)) < 2:
            return Figure(value)
        result = bootstrap(
            groups,
            lambda *drawn: statistic(np.concatenate(drawn)),
            n_resamples=self.resamples,
            batch=_BATCH,
            vectorized=False,
            paired=False,
            confidence_level=self.confidence,
            method="percentile",
            rng=np.random.default_rng(self.seed),
        )
        return Figure(value, float(result.confidence_interval.low), float(result.confidence_interval.high))

    def mean(self, values: NDArray[np.generic]) -> Figure:
        """Mean of one value a row."""
        return self.figure(lambda rows: float(values[rows].mean()), np.arange(len(values)))
