"""The kinds of labels that a message carries: which rows have them, and what of the model's answers belongs to them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from agent_assist.domain.understanding import OUT_OF_SCOPE
from models.evaluation.run import Run
from models.evaluation.truth import Truth, check_known
from models.metrics.intervals import Figure, Indices, Resampling
from models.metrics.messages import (
    IntentAnswer,
    Measured,
    measure_entities,
    measure_intents,
    measure_scale,
    measure_scope,
)
from models.metrics.spans import TypedSpan
from models.training.dataset.rows import Row
from models.training.errors import UnusableError
from models.understanding.predictor import Known, Prediction

Predictions = Mapping[int, Prediction]


class Part(Protocol):
    """One kind of label. Making one raises `UnusableError` where the model cannot tell any label of the rows."""

    @property
    def chosen(self) -> Sequence[int]:
        """Numbers of the rows that it is measured on."""

    @property
    def counts(self) -> dict[str, int]:
        """On how much it is measured."""

    @property
    def warnings(self) -> list[str]:
        """About labels that the model does not know."""

    def measure(self, predictions: Predictions, resampling: Resampling) -> Measured:
        """Measure on the chosen rows."""


class IntentPart:
    """Intents by the best one, and what is out of scope.

    Of several right intents any will do; a row that is refused still has a best intent.
    """

    def __init__(self, rows: Sequence[Row], known: Known, run: Run) -> None:
        truth = Truth((name for row in rows for name in row.labels), run.label_map)
        accepted = {
            index: row.labels if row.labels == (OUT_OF_SCOPE,) else truth.accepted(row.labels)
            for index, row in enumerate(rows)
            if row.labels
        }
        self._known = known.intents
        self._mapped = truth.mapped
        self._accepted = {index: names for index, names in accepted.items() if names}
        self._own = [index for index, names in self._accepted.items() if names != (OUT_OF_SCOPE,)]
        self.chosen = list(self._accepted)
        self.counts = {
            "in_scope": len(self._own),
            "out_of_scope": len(self.chosen) - len(self._own),
            "left_out": len(accepted) - len(self.chosen),
        }
        wanted = (name for index in self._own for name in self._accepted[index])
        self.warnings = check_known("labels", wanted, self._known, model=run.model)

    def measure(self, predictions: Predictions, resampling: Resampling) -> Measured:
        """Intents of the rows in scope, refusals of all rows."""
        scope = measure_scope(
            np.array([self._accepted[index] == (OUT_OF_SCOPE,) for index in self.chosen]),
            np.array([predictions[index].outside for index in self.chosen], np.float32),
            np.array([predictions[index].refused for index in self.chosen]),
            resampling=resampling,
        )
        if not self._own:
            return scope
        own = measure_intents([self._answer(index, predictions[index]) for index in self._own], resampling=resampling)
        several = self._several(predictions, resampling)
        return Measured(figures=own.figures | several | scope.figures, table=own.table, confusion=own.confusion)

    def _answer(self, index: int, told: Prediction) -> IntentAnswer:
        best = int(told.intents.argmax())
        return IntentAnswer(best=self._known[best], sure=float(told.intents[best]), accepted=self._accepted[index])

    def _several(self, predictions: Predictions, resampling: Resampling) -> dict[str, Figure]:
        """Micro-F1 of all intents told, where rows have more than one and no map makes them alternatives."""
        wanted = [self._accepted[index] for index in self._own]
        if self._mapped or all(len(names) == 1 for names in wanted):
            return {}
        told = [predictions[index].told for index in self._own]
        binary = MultiLabelBinarizer().fit([*wanted, *told])
        true, found = binary.transform(wanted), binary.transform(told)
        rows = np.arange(len(wanted))

        def f1(drawn: Indices) -> float:
            return float(f1_score(true[drawn], found[drawn], average="micro", zero_division=0))

        return {"all_intents_f1": resampling.figure(f1, rows)}


class ScalePart:
    """Sentiment or urgency."""

    def __init__(self, rows: Sequence[Row], known: Known, run: Run, *, name: str) -> None:
        carried = {index: value for index, row in enumerate(rows) if (value := getattr(row, name))}
        truth = Truth(carried.values(), run.label_map)
        accepted = {index: truth.accepted([value]) for index, value in carried.items()}
        self._name = name
        self._accepted = {index: names for index, names in accepted.items() if names}
        self.chosen = list(self._accepted)
        self.counts = {f"{name}_rows": len(self.chosen), f"{name}_left_out": len(carried) - len(self.chosen)}
        wanted = (name for names in self._accepted.values() for name in names)
        self.warnings = check_known(f"values of {name}", wanted, getattr(known, name), model=run.model)

    def measure(self, predictions: Predictions, resampling: Resampling) -> Measured:
        """By the value told."""
        told = [getattr(predictions[index], self._name) for index in self.chosen]
        wanted = [one if one in names else names[0] for names, one in zip(self._accepted.values(), told, strict=True)]
        return measure_scale(self._name, wanted, told, resampling=resampling)


class EntityPart:
    """Entities of the types that the rows have marked; what else the model finds may well be there."""

    def __init__(self, rows: Sequence[Row], known: Known, run: Run) -> None:
        spans = {index: row.spans for index, row in enumerate(rows) if row.spans is not None}
        truth = Truth((span.type for found in spans.values() for span in found), run.label_map)
        self._gold = {
            index: [(names, span) for span in found if (names := truth.accepted([span.type]))]
            for index, found in spans.items()
        }
        self._types = {kind for found in self._gold.values() for names, _ in found for kind in names}
        if not self._types:
            raise UnusableError("No row has a span to measure on.")
        self.chosen = list(self._gold)
        count = sum(map(len, self._gold.values()))
        self.counts = {"spans": count, "spans_left_out": sum(map(len, spans.values())) - count}
        self.warnings = check_known("entity types", self._types, known.entities, model=run.model)

    def measure(self, predictions: Predictions, resampling: Resampling) -> Measured:
        """By type and borders."""
        told = [
            {TypedSpan(one.type, one.start, one.end) for one in predictions[index].entities if one.type in self._types}
            for index in self.chosen
        ]
        wanted = [self._wanted(index, found) for index, found in zip(self.chosen, told, strict=True)]
        return measure_entities(wanted, told, resampling=resampling)

    def _wanted(self, index: int, told: set[TypedSpan]) -> set[TypedSpan]:
        """The true spans; one that is told with another type that the map allows has that type."""
        found = set()
        for names, span in self._gold[index]:
            allowed = [TypedSpan(kind, span.start, span.end) for kind in names]
            found.add(next((one for one in allowed if one in told), allowed[0]))
        return found
