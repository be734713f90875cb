"""How well what is out of scope is told from what is in scope (scikit-learn)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from models.metrics.intervals import Figure, Resampling


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeReport:
    """`auroc` of the score, `f1` of the refusals (the positive class is out of scope); shares of rows that are refused.

    What the rows do not allow to measure is None.
    """

    auroc: Figure | None
    f1: Figure | None
    refused_outside: Figure | None
    refused_inside: Figure | None


def score_scope(
    outside: NDArray[np.bool_], scores: NDArray[np.float32], refused: NDArray[np.bool_], *, resampling: Resampling
) -> ScopeReport:
    """Measure over rows: `outside` is the truth, `scores` grow with being out of scope, `refused` is what was done."""
    foreign, own = np.flatnonzero(outside), np.flatnonzero(~outside)
    both = len(foreign) > 0 and len(own) > 0
    return ScopeReport(
        auroc=resampling.figure(lambda rows: float(roc_auc_score(outside[rows], scores[rows])), foreign, own)
        if both
        else None,
        f1=resampling.figure(lambda rows: float(f1_score(outside[rows], refused[rows], zero_division=0)), foreign, own)
        if both
        else None,
        refused_outside=resampling.mean(refused[foreign]) if len(foreign) else None,
        refused_inside=resampling.mean(refused[own]) if len(own) else None,
    )
