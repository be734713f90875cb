"""One label a row: accuracy, macro-F1 and a row a label (scikit-learn)."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from models.metrics.intervals import Figure, Indices, Resampling


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """Measures of one label (or entity type); `support` counts the rows (or spans) that truly have it."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """`counts[true][told]` of rows; both in the order of `labels`."""

    labels: list[str]
    counts: list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReport:
    """`macro_f1` is the mean over the labels that the rows have; one that is only ever told wrongly is no row here."""

    accuracy: Figure
    macro_f1: Figure
    labels: tuple[LabelScore, ...]
    confusion: Confusion


def score_labels(truth: Sequence[str], told: Sequence[str], *, resampling: Resampling) -> LabelReport:
    """Measure told labels against true ones. Raises ValueError without rows."""
    if not truth:
        raise ValueError("There are no rows to measure on.")
    names, places = np.unique([*truth, *told], return_inverse=True)
    wanted, guessed = places[: len(truth)], places[len(truth) :]
    everyone = np.arange(len(wanted))
    return LabelReport(
        accuracy=resampling.mean(wanted == guessed),
        macro_f1=resampling.figure(lambda rows: _macro_f1(wanted[rows], guessed[rows]), everyone),
        labels=_by_label(names, wanted, guessed),
        confusion=_confusion(names, wanted, guessed),
    )


def _macro_f1(wanted: Indices, guessed: Indices) -> float:
    return float(f1_score(wanted, guessed, labels=np.unique(wanted), average="macro", zero_division=0))


def _confusion(names: NDArray[np.str_], wanted: Indices, guessed: Indices) -> Confusion:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # one label alone is a matrix, too
        counts = confusion_matrix(wanted, guessed, labels=np.arange(len(names)))
    return Confusion(labels=names.tolist(), counts=counts.tolist())


def _by_label(names: NDArray[np.str_], wanted: Indices, guessed: Indices) -> tuple[LabelScore, ...]:
    present = np.unique(wanted)
    columns = precision_recall_fscore_support(wanted, guessed, labels=present, average=None, zero_division=0)
    return tuple(
        LabelScore(label=str(names[place]), precision=float(p), recall=float(r), f1=float(f), support=int(s))
        for place, p, r, f, s in zip(present, *columns, strict=True)
    )
