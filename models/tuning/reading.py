"""How models that are there read rows: to measure them as they are, and to see where they agree."""

from collections.abc import Sequence
from pathlib import Path

from models.metrics.intervals import Figure, Resampling
from models.metrics.spans import TypedSpan
from models.training.dataset.rows import Row, entity_names
from models.training.heads import Prediction
from models.training.measure import measure
from models.training.run import Report
from models.understanding.predictor import Predictor

_NO_INTERVALS = Resampling(resamples=0)


def read_with(models: Path, name: str, rows: Sequence[Row], report: Report, *, device: str = "cpu") -> list[Prediction]:
    """What the model of that name or folder tells of each row, entities of the rows' types alone."""
    return predictions(Predictor.load(models, name, device=device), rows, report)


def predictions(predictor: Predictor, rows: Sequence[Row], report: Report) -> list[Prediction]:
    """The same of a loaded model."""
    types, known = set(entity_names(rows)), predictor.known

    def heard(done: int, total: int) -> None:
        report({"event": "progress", "stage": "reading", "done": done, "total": total})

    found = predictor.predict([row.text for row in rows], [row.before for row in rows], progress=heard)
    return [
        Prediction(
            intent=known.intents[int(one.intents.argmax())] if known.intents else "",
            sure=float(one.intents.max()) if known.intents else 0.0,
            told=one.told,
            outside=one.outside,
            refused=one.refused,
            sentiment=one.sentiment if known.sentiment else "",
            urgency=one.urgency if known.urgency else "",
            spans=frozenset(TypedSpan(span.type, span.start, span.end) for span in one.entities if span.type in types),
        )
        for one in found
    ]


def figures(rows: Sequence[Row], told: Sequence[Prediction], resampling: Resampling) -> dict[str, Figure]:
    """Everything that can be measured."""
    return measure(rows, told, resampling).figures


def same_intents(one: Sequence[Prediction], other: Sequence[Prediction]) -> float | None:
    """Share of rows with the same best intent; None for models without intents."""
    if not one or not one[0].intent or not other[0].intent:
        return None
    return round(sum(a.intent == b.intent for a, b in zip(one, other, strict=True)) / len(one), 4)


def same_spans(one: Sequence[Prediction], other: Sequence[Prediction]) -> float | None:
    """F1 of one model's spans against the other's; None where neither tells any."""
    total = sum(len(told.spans) for told in (*one, *other))
    both = sum(len(a.spans & b.spans) for a, b in zip(one, other, strict=True))
    return round(2 * both / total, 4) if total else None
