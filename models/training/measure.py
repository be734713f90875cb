"""How good predictions are on rows that were held out; figures have the names that `agent-assist evaluate` gives."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.metrics import messages
from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import Confusion, LabelScore
from models.metrics.messages import IntentAnswer, measure_entities, measure_intents, measure_scale, measure_scope
from models.metrics.spans import TypedSpan
from models.training.dataset.rows import Row
from models.training.heads import Prediction

# Of each kind of label the figure that counts.
_MAIN = ("macro_f1", "span_f1", "sentiment_macro_f1", "urgency_macro_f1")


@dataclass(slots=True)
class Measured:
    """Figures by name, a table of labels by kind, and what intents are taken for."""

    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, tuple[LabelScore, ...]] = field(default_factory=dict)
    confusion: Confusion | None = None

    def add(self, kind: str, part: messages.Measured) -> None:
        """What was measured of one kind of label."""
        self.figures |= part.figures
        if part.table:
            self.tables[kind] = part.table

    @property
    def score(self) -> float:
        """The mean of the main figures."""
        main = [figure.value for figure in self._main]
        return sum(main) / len(main) if main else 0.0

    @property
    def error(self) -> float:
        """The standard error of the score, from the main figures' intervals, which hold 95 %."""
        bounds = [(one.low, one.high) for one in self._main]
        widths = [high - low for low, high in bounds if low is not None and high is not None]
        return sum(widths) / len(widths) / (2 * 1.96) if widths else 0.0

    @property
    def _main(self) -> list[Figure]:
        return [self.figures[name] for name in _MAIN if name in self.figures]


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
            wanted, answered = [true for true, _ in known], [told for _, told in known]
            found.add(name, measure_scale(name, wanted, answered, resampling=resampling))
    return found


def _intents(found: Measured, pairs: Sequence[tuple[Row, Prediction]], resampling: Resampling) -> None:
    own = [IntentAnswer(best=told.intent, sure=told.sure, accepted=row.labels) for row, told in pairs if row.in_scope]
    if own:
        intents = measure_intents(own, resampling=resampling)
        found.add("intents", intents)
        found.confusion = intents.confusion
    outside = np.array([not row.in_scope for row, _ in pairs])
    scores = np.array([told.outside for _, told in pairs], np.float32)
    refused = np.array([told.refused for _, told in pairs])
    found.add("scope", measure_scope(outside, scores, refused, resampling=resampling))


def _spans(found: Measured, pairs: Sequence[tuple[Row, Prediction]], resampling: Resampling) -> None:
    gold = [{TypedSpan(span.type, span.start, span.end) for span in row.spans or ()} for row, _ in pairs]
    found.add("entities", measure_entities(gold, [told.spans for _, told in pairs], resampling=resampling))
