"""How good predictions are on rows that were held out; figures have the names that `agent-assist evaluate` gives."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.metrics.calibration import expected_calibration_error
from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import Confusion, LabelScore, score_labels
from models.metrics.scope import score_scope
from models.metrics.spans import TypedSpan, score_spans
from models.training.heads import Prediction
from models.training.rows import Row

# Of each kind of label the figure that counts.
_MAIN = ("macro_f1", "span_f1", "sentiment_macro_f1", "urgency_macro_f1")


@dataclass(slots=True)
class Measured:
    """Figures by name, a table of labels by kind, and what intents are taken for."""

    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, tuple[LabelScore, ...]] = field(default_factory=dict)
    confusion: Confusion | None = None

    @property
    def score(self) -> float:
        """The mean of the main figures."""
        main = [self.figures[name].value for name in _MAIN if name in self.figures]
        return sum(main) / len(main) if main else 0.0


def measure(rows: Sequence[Row], predictions: Sequence[Prediction], resampling: Resampling) -> Measured:
    """Everything that rows and predictions both speak of."""
    found = Measured()
    pairs = list(zip(rows, predictions, strict=True))
    intents = [(row, told) for row, told in pairs if row.labels and told.intent]
    if intents:
        _intents(found, intents, resampling)
    spans = [(row, told) for row, told in pairs if row.spans is not None]
    if any(row.spans or told.spans for row, told in spans):
        _spans(found, spans, resampling)
    for name in ("sentiment", "urgency"):
        scale = [(getattr(row, name), getattr(told, name)) for row, told in pairs]
        known = [(true, told) for true, told in scale if true and told]
        if known:
            report = score_labels([true for true, _ in known], [told for _, told in known], resampling=resampling)
            found.figures |= {f"{name}_accuracy": report.accuracy, f"{name}_macro_f1": report.macro_f1}
            found.tables[name] = report.labels
    return found


def _intents(found: Measured, pairs: Sequence[tuple[Row, Prediction]], resampling: Resampling) -> None:
    """By the best intent; of several right ones any will do."""
    own = [(row, told) for row, told in pairs if row.in_scope]
    if own:
        told = [one.intent for _, one in own]
        wanted = [name if name in row.labels else row.labels[0] for (row, _), name in zip(own, told, strict=True)]
        report = score_labels(wanted, told, resampling=resampling)
        right = np.array([one == other for one, other in zip(wanted, told, strict=True)])
        sure = np.array([one.sure for _, one in own], np.float32)
        found.figures |= {
            "accuracy": report.accuracy,
            "macro_f1": report.macro_f1,
            "ece": Figure(expected_calibration_error(sure, right)),
        }
        found.tables["intents"] = report.labels
        found.confusion = report.confusion
    scope = score_scope(
        np.array([not row.in_scope for row, _ in pairs]),
        np.array([told.outside for _, told in pairs], np.float32),
        np.array([told.refused for _, told in pairs]),
        resampling=resampling,
    )
    named = {
        "oos_auroc": scope.auroc,
        "oos_f1": scope.f1,
        "oos_refused": scope.refused_outside,
        "in_scope_refused": scope.refused_inside,
    }
    found.figures |= {name: figure for name, figure in named.items() if figure is not None}


def _spans(found: Measured, pairs: Sequence[tuple[Row, Prediction]], resampling: Resampling) -> None:
    gold = [{TypedSpan(span.type, span.start, span.end) for span in row.spans or ()} for row, _ in pairs]
    report = score_spans(gold, [set(told.spans) for _, told in pairs], resampling=resampling)
    found.figures |= {
        "span_f1": report.exact,
        "span_f1_partial": report.partial,
        "span_macro_f1": Figure(report.macro),
    }
    found.tables["entities"] = report.types
