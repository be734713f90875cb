"""How good the shipped heads are on examples they have not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from models.metrics.intervals import Resampling
from models.metrics.labels import LabelScore
from models.metrics.messages import (
    IntentAnswer,
    Measured,
    measure_entities,
    measure_intents,
    measure_scale,
    measure_scope,
)
from models.metrics.spans import TypedSpan
from models.understanding.corpus import Example
from models.understanding.fitting.extract import Extracted
from models.understanding.fitting.fit import intent_targets
from models.understanding.heads import Heads, SentenceReading, SentenceScores, sigmoid

# Examples of one row are no independent draws; intervals over them would be too narrow.
_NO_INTERVALS = Resampling(resamples=0)
_NAMES = {
    "accuracy": "intent accuracy (best intent, in scope)",
    "macro_f1": "intent macro-F1 (best intent, in scope)",
    "ece": "calibration error of the best intent",
    "oos_auroc": "out-of-scope AUROC",
    "oos_f1": "out-of-scope F1",
    "oos_refused": "out of scope and refused",
    "in_scope_refused": "in scope and refused",
    "sentiment_accuracy": "sentiment accuracy",
    "sentiment_macro_f1": "sentiment macro-F1",
    "urgency_accuracy": "urgency accuracy",
    "urgency_macro_f1": "urgency macro-F1",
    "span_f1": "entity span F1 (exact)",
    "span_f1_partial": "entity span F1 (half a match for an overlap)",
    "span_macro_f1": "entity span F1 (exact, mean of the types)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures by name (0 to 1), and exact span matches a type."""

    figures: dict[str, float]
    spans: tuple[LabelScore, ...]


def evaluate(heads: Heads, examples: Sequence[Example], extracted: Extracted, chosen: NDArray[np.int64]) -> Report:
    """Measure heads of every kind on the examples numbered `chosen`."""
    part = [examples[index] for index in chosen.tolist()]
    scores = heads.score(extracted.sentences[chosen], [one.text for one in part])
    readings = [heads.read(scores.row(index)) for index in range(len(part))]
    entities = _entities(heads, part, extracted, chosen)
    measured = [
        _intents(heads, part, scores),
        measure_scope(
            np.array([not one.intents for one in part]),
            scores.scope,
            np.array([not reading.in_scope for reading in readings]),
            resampling=_NO_INTERVALS,
        ),
        *(_scale(name, part, readings) for name in ("sentiment", "urgency")),
        entities,
    ]
    figures = {_NAMES[name]: figure.value for one in measured for name, figure in one.figures.items()}
    return Report(figures=figures | _all_told(heads, part, readings), spans=entities.table)


def _intents(heads: Heads, part: Sequence[Example], scores: SentenceScores) -> Measured:
    probabilities = sigmoid(scores.intent)
    best = probabilities.argmax(axis=1)
    answers = [
        IntentAnswer(best=heads.intents[best[row]], sure=float(probabilities[row].max()), accepted=example.intents)
        for row, example in enumerate(part)
        if example.intents
    ]
    return measure_intents(answers, resampling=_NO_INTERVALS)


def _all_told(heads: Heads, part: Sequence[Example], readings: Sequence[SentenceReading]) -> dict[str, float]:
    truth = intent_targets(part, heads.intents)
    told = np.zeros_like(truth)
    for row, reading in enumerate(readings):
        told[row, [heads.intents.index(one.label) for one in reading.intents]] = 1.0
    inside, two = truth.sum(axis=1) > 0, truth.sum(axis=1) == 2
    return {
        "intent macro-F1 (all intents told)": float(
            f1_score(truth[inside], told[inside], average="macro", zero_division=0)
        ),
        "both intents found where there are two": float((truth[two] <= told[two]).all(axis=1).mean()),
    }


def _scale(name: str, part: Sequence[Example], readings: Sequence[SentenceReading]) -> Measured:
    wanted = [getattr(one, name) for one in part]
    return measure_scale(name, wanted, [getattr(one, name).label for one in readings], resampling=_NO_INTERVALS)


def _entities(heads: Heads, part: Sequence[Example], extracted: Extracted, chosen: NDArray[np.int64]) -> Measured:
    if heads.entity is None:
        return Measured(figures={})
    told = [
        {
            TypedSpan(one.type, one.start, one.end)
            for one in heads.entity.find(extracted.units[index], extracted.unit_vectors[index].astype(np.float32))
        }
        for index in chosen.tolist()
    ]
    wanted = [
        {TypedSpan(one.type, one.start, one.end) for one in example.spans if one.type in heads.entity_types}
        for example in part
    ]
    return measure_entities(wanted, told, resampling=_NO_INTERVALS)
