"""Figures of what is read in messages, under the names that every report gives them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.metrics.calibration import expected_calibration_error
from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import Confusion, LabelScore, score_labels
from models.metrics.scope import score_scope
from models.metrics.spans import TypedSpan, score_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures by name, a row a label, and for intents what is taken for what."""

    figures: dict[str, Figure]
    table: tuple[LabelScore, ...] = ()
    confusion: Confusion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentAnswer:
    """The best intent of a message in scope and how sure it is, and the intents of which any is right."""

    best: str
    sure: float
    accepted: Sequence[str]


def measure_intents(answers: Sequence[IntentAnswer], *, resampling: Resampling) -> Measured:
    """accuracy, macro_f1 and ece (of the best intent's probability). Raises ValueError without answers."""
    told = [one.best for one in answers]
    wanted = [one.best if one.best in one.accepted else one.accepted[0] for one in answers]
    report = score_labels(wanted, told, resampling=resampling)
    right = np.array([a == b for a, b in zip(wanted, told, strict=True)])
    sure = np.array([one.sure for one in answers], np.float32)
    ece = resampling.figure(lambda rows: expected_calibration_error(sure[rows], right[rows]), np.arange(len(right)))
    return Measured(
        figures={"accuracy": report.accuracy, "macro_f1": report.macro_f1, "ece": ece},
        table=report.labels,
        confusion=report.confusion,
    )


def measure_scope(
    outside: NDArray[np.bool_], scores: NDArray[np.float32], refused: NDArray[np.bool_], *, resampling: Resampling
) -> Measured:
    """oos_auroc, oos_f1, oos_refused and in_scope_refused, as far as the messages allow (`score_scope`)."""
    report = score_scope(outside, scores, refused, resampling=resampling)
    named = {
        "oos_auroc": report.auroc,
        "oos_f1": report.f1,
        "oos_refused": report.refused_outside,
        "in_scope_refused": report.refused_inside,
    }
    return Measured(figures={name: figure for name, figure in named.items() if figure is not None})


def measure_scale(name: str, wanted: Sequence[str], told: Sequence[str], *, resampling: Resampling) -> Measured:
    """accuracy and macro_f1 of sentiment or urgency, each behind the name."""
    report = score_labels(wanted, told, resampling=resampling)
    return Measured(
        figures={f"{name}_accuracy": report.accuracy, f"{name}_macro_f1": report.macro_f1}, table=report.labels
    )


def measure_entities(
    wanted: Sequence[Collection[TypedSpan]], told: Sequence[Collection[TypedSpan]], *, resampling: Resampling
) -> Measured:
    """span_f1 (exact), span_f1_partial and span_macro_f1 (`score_spans`)."""
    report = score_spans(wanted, told, resampling=resampling)
    figures = {"span_f1": report.exact, "span_f1_partial": report.partial, "span_macro_f1": Figure(report.macro)}
    return Measured(figures=figures, table=report.types)
