"""How good heads are on examples they have not seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from models.understanding.calibrate import expected_calibration_error
from models.understanding.corpus import Example
from models.understanding.extract import Extracted
from models.understanding.heads import Heads, sigmoid
from models.understanding.training import intent_targets

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanCount:
    """Exact matches of type and both borders."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing was right."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures by name (0 to 1), and span counts by entity type."""

    figures: dict[str, float]
    spans: dict[str, SpanCount]


def evaluate(heads: Heads, examples: Sequence[Example], extracted: Extracted, chosen: NDArray[np.int64]) -> Report:
    """Measure on the examples numbered `chosen`."""
    part = [examples[index] for index in chosen.tolist()]
    scores = heads.score(extracted.sentences[chosen], [one.text for one in part])
    readings = [heads.read(scores.row(index)) for index in range(len(part))]
    truth = intent_targets(part, heads.intents)
    probabilities = sigmoid(scores.intent)
    inside = truth.sum(axis=1) > 0
    told = np.zeros_like(truth)
    for row, reading in enumerate(readings):
        told[row, [heads.intents.index(one.label) for one in reading.intents]] = 1.0
    refused = np.array([not reading.in_scope for reading in readings])
    two = truth.sum(axis=1) == 2
    figures = {
        "intent accuracy (best intent, in scope)": float(truth[inside, probabilities[inside].argmax(axis=1)].mean()),
        "intent macro-F1 (all intents told)": float(f1_score(truth[inside], told[inside], average="macro")),
        "both intents found where there are two": float((truth[two] <= told[two]).all(axis=1).mean()),
        "intent calibration error": expected_calibration_error(probabilities.reshape(-1), truth.reshape(-1)),
        "out-of-scope AUROC": float(roc_auc_score(~inside, scores.scope)),
        "out of scope and refused": float(refused[~inside].mean()),
        "in scope and refused": float(refused[inside].mean()),
    }
    for name, labels in (("sentiment", SENTIMENTS), ("urgency", URGENCIES)):
        guessed = [getattr(reading, name).label for reading in readings]
        wanted = [getattr(one, name) for one in part]
        figures[f"{name} accuracy"] = float(np.mean([a == b for a, b in zip(guessed, wanted, strict=True)]))
        figures[f"{name} macro-F1"] = float(f1_score(wanted, guessed, labels=list(labels), average="macro"))
    spans = count_spans(heads, part, extracted, chosen)
    figures["entity span F1 (exact, all types of the head)"] = _total(spans).f1
    return Report(figures=figures, spans=spans)


def count_spans(
    heads: Heads, part: Sequence[Example], extracted: Extracted, chosen: NDArray[np.int64]
) -> dict[str, SpanCount]:
    """Exact span matches by type."""
    if heads.entity is None:
        return {}
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for example, index in zip(part, chosen.tolist(), strict=True):
        vectors = extracted.unit_vectors[index].astype(np.float32)
        told = {(e.type, e.start, e.end) for e in heads.entity.find(extracted.units[index], vectors)}
        gold = {(s.type, s.start, s.end) for s in example.spans if s.type in heads.entity_types}
        right.update(kind for kind, *_ in told & gold)
        found.update(kind for kind, *_ in told)
        wanted.update(kind for kind, *_ in gold)
    return {kind: SpanCount(right=right[kind], found=found[kind], wanted=wanted[kind]) for kind in heads.entity_types}


def _total(spans: dict[str, SpanCount]) -> SpanCount:
    counts = list(spans.values())
    return SpanCount(
        right=sum(one.right for one in counts),
        found=sum(one.found for one in counts),
        wanted=sum(one.wanted for one in counts),
    )
