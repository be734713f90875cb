"""Entity spans: exact matches (seqeval) and matches that only overlap (nervaluate, the MUC-5 / SemEval-2013 measure).

Both read sets of (type, start, end), so that spans may lie inside each other. seqeval reads sequences of tags: spans of
one text that overlap go into layers, each a sequence of its own, and a span is in the same layer whether it is true,
told or both; so its strict matches are those of the sets. Its units are the stretches between borders of spans.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from nervaluate.entities import Entity, EvaluationResult
from nervaluate.strategies import PartialEvaluation
from numpy.typing import NDArray
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import LabelScore

# Columns of counts a row.
_PARTS = ("correct", "partial", "missed", "spurious")


class TypedSpan(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text."""

    type: str
    start: int
    end: int


Spans = Sequence[Collection[TypedSpan]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanReport:
    """`exact` and `partial` are F1 over all spans, `macro` is the mean of the exact F1 of the types.

    `partial` gives half a match for a span of the right type that overlaps a true one; each span is matched once.
    """

    exact: Figure
    partial: Figure
    macro: float
    types: tuple[LabelScore, ...]


def score_spans(wanted: Spans, told: Spans, *, resampling: Resampling) -> SpanReport:
    """Measure the spans told of each text against the true ones. Raises ValueError where no text has any span."""
    if not any(wanted) and not any(told):
        raise ValueError("No text has a span.")
    pairs = [(set(a), set(b)) for a, b in zip(wanted, told, strict=True)]
    report = _seqeval(pairs)
    exact, partial = _counts(pairs, _exact), _counts(pairs, _partial)
    rows = np.arange(len(pairs))
    return SpanReport(
        exact=resampling.figure(lambda drawn: _f1(exact[drawn]), rows),
        partial=resampling.figure(lambda drawn: _f1(partial[drawn]), rows),
        macro=float(report["macro avg"]["f1-score"]),
        types=tuple(_type_score(name, scores) for name, scores in report.items() if not name.endswith(" avg")),
    )


def _type_score(name: str, scores: dict[str, Any]) -> LabelScore:
    return LabelScore(
        label=name,
        precision=float(scores["precision"]),
        recall=float(scores["recall"]),
        f1=float(scores["f1-score"]),
        support=int(scores["support"]),
    )


Pair = tuple[set[TypedSpan], set[TypedSpan]]


def _seqeval(pairs: Iterable[Pair]) -> dict[str, Any]:
    true_tags: list[list[str]] = []
    told_tags: list[list[str]] = []
    for wanted, told in pairs:
        for layer in _layers(wanted | told):
            borders = sorted({place for span in layer for place in (span.start, span.end)})
            true_tags.append(_tags(borders, [span for span in layer if span in wanted]))
            told_tags.append(_tags(borders, [span for span in layer if span in told]))
    report: dict[str, Any] = classification_report(
        true_tags, told_tags, mode="strict", scheme=IOB2, output_dict=True, zero_division=0
    )
    return report


def _layers(spans: Iterable[TypedSpan]) -> list[list[TypedSpan]]:
    """The spans in as few lists without overlaps as there are spans over one place."""
    layers: list[list[TypedSpan]] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end, one.type)):
        free = next((layer for layer in layers if layer[-1].end <= span.start), None)
        if free is None:
            layers.append([span])
        else:
            free.append(span)
    return layers


def _tags(borders: Sequence[int], spans: Iterable[TypedSpan]) -> list[str]:
    """A tag for each stretch between two borders."""
    tags = ["O"] * (len(borders) - 1)
    place = {border: index for index, border in enumerate(borders)}
    for span in spans:
        first, behind = place[span.start], place[span.end]
        tags[first:behind] = [f"B-{span.type}"] + [f"I-{span.type}"] * (behind - first - 1)
    return tags


def _exact(wanted: set[TypedSpan], told: set[TypedSpan]) -> EvaluationResult:
    return EvaluationResult(correct=len(wanted & told), missed=len(wanted - told), spurious=len(told - wanted))


def _partial(wanted: set[TypedSpan], told: set[TypedSpan]) -> EvaluationResult:
    """Type by type, since nervaluate's partial measure itself looks at no types."""
    total = EvaluationResult()
    for kind in {span.type for span in wanted | told}:
        true = sorted(span for span in wanted if span.type == kind)
        # Whole matches first: nervaluate gives each span to the first that overlaps it.
        found = sorted((span for span in told if span.type == kind), key=lambda span: (span not in wanted, span))
        one, _ = PartialEvaluation().evaluate(_entities(true), _entities(found), [kind])
        for part in _PARTS:
            setattr(total, part, getattr(total, part) + getattr(one, part))
    return total


def _entities(spans: Iterable[TypedSpan]) -> list[Entity]:
    """nervaluate counts the last character in."""
    return [Entity(label=span.type, start=span.start, end=span.end - 1) for span in spans]


def _counts(pairs: Sequence[Pair], match: Any) -> NDArray[np.int64]:
    """[rows, parts]."""
    results = [match(wanted, told) for wanted, told in pairs]
    return np.array([[getattr(one, part) for part in _PARTS] for one in results], np.int64)


def _f1(counts: NDArray[np.int64]) -> float:
    """nervaluate's F1 of summed counts; a row without any span adds nothing."""
    total = EvaluationResult(**dict(zip(_PARTS, counts.sum(axis=0).tolist(), strict=True)))
    total.compute_metrics(partial_or_type=True)
    return float(total.f1)
