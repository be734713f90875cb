"""What a part measures, by hand, from predictions made by hand."""

from typing import Any

import numpy as np
import pytest

from agent_assist.domain.understanding import Entity
from models.evaluation.parts import EntityPart, IntentPart, ScalePart
from models.evaluation.run import LabelMap, Run
from models.metrics.intervals import Resampling
from models.training.dataset.rows import Row
from models.training.errors import UnusableError
from models.understanding.markup import Span
from models.understanding.predictor import Known, Prediction

ONCE = Resampling(resamples=0)
KNOWN = Known(
    intents=("refund", "return", "track"),
    sentiment=("negative", "neutral", "positive"),
    entities=("product", "color", "address"),
)


def run(label_map: LabelMap | None = None) -> Run:
    return Run(task="understanding", models="", model="mine", rows="", label_map=label_map)


def told(best: str = "refund", **more: Any) -> Prediction:
    usual: dict[str, Any] = {
        "intents": np.array([0.8 if name == best else 0.1 for name in KNOWN.intents], np.float32),
        "told": (best,),
        "outside": 0.1,
        "refused": False,
        "sentiment": "neutral",
        "urgency": "normal",
        "entities": (),
    }
    return Prediction(**(usual | more))


def entity(kind: str, start: int, end: int) -> Entity:
    return Entity(type=kind, start=start, end=end, text="x" * (end - start))


def values(figures: dict[str, Any]) -> dict[str, float]:
    return {name: figure.value for name, figure in figures.items()}


def test_intents_are_measured_in_scope_and_refusals_everywhere() -> None:
    rows = [Row(text=str(i), labels=(label,)) for i, label in enumerate(["refund", "return", "track", "OOS", "OOS"])]
    part = IntentPart(rows, KNOWN, run())
    measured = part.measure(
        {
            0: told("refund"),
            1: told("refund"),
            2: told("track", refused=True, outside=0.6),
            3: told("track", refused=True, outside=0.9),
            4: told("refund", outside=0.3),
        },
        ONCE,
    )
    got = values(measured.figures)
    assert got["accuracy"] == pytest.approx(2 / 3)  # a refused row still has its best intent
    assert got["macro_f1"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert got["ece"] == pytest.approx(0.8 - 2 / 3, abs=1e-6)
    assert got["oos_auroc"] == pytest.approx(5 / 6)
    assert (got["oos_f1"], got["oos_refused"], got["in_scope_refused"]) == (0.5, 0.5, pytest.approx(1 / 3))
    assert part.counts == {"in_scope": 3, "out_of_scope": 2, "left_out": 0}
    assert measured.confusion is not None
    assert measured.confusion.counts == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert "all_intents_f1" not in got


def test_rows_without_a_label_are_not_chosen() -> None:
    part = IntentPart([Row(text="a"), Row(text="b", labels=("track",))], KNOWN, run())
    assert list(part.chosen) == [1]


def test_only_foreign_rows_say_how_many_were_refused() -> None:
    part = IntentPart([Row(text="a", labels=("OOS",))], KNOWN, run())
    assert values(part.measure({0: told(refused=True)}, ONCE).figures) == {"oos_refused": 1.0}


def test_any_of_several_intents_is_right_and_all_are_measured_together() -> None:
    part = IntentPart([Row(text="a", labels=("return", "refund")), Row(text="b", labels=("track",))], KNOWN, run())
    got = values(part.measure({0: told("refund"), 1: told("track", told=("track", "return"))}, ONCE).figures)
    assert got["accuracy"] == 1.0
    assert got["all_intents_f1"] == pytest.approx(2 * 2 / (3 + 3))


def test_a_map_makes_alternatives_and_leaves_other_labels_out() -> None:
    rows = [Row(text=str(i), labels=(label,)) for i, label in enumerate(["GIVE_BACK", "GIVE_BACK", "HELLO", "OOS"])]
    part = IntentPart(rows, KNOWN, run({"GIVE_BACK": ["return", "refund"]}))
    measured = part.measure({0: told("refund"), 1: told("track"), 3: told()}, ONCE)
    assert list(part.chosen) == [0, 1, 3]
    assert measured.figures["accuracy"].value == 0.5
    assert part.counts["left_out"] == 1
    assert [(one.label, one.support) for one in measured.table] == [("refund", 1), ("return", 1)]


def test_unknown_labels_are_named_and_count_as_wrong() -> None:
    rows = [Row(text="a", labels=("track",)), Row(text="b", labels=("greeting",))]
    part = IntentPart(rows, KNOWN, run())
    assert part.measure({0: told("track"), 1: told("track")}, ONCE).figures["accuracy"].value == 0.5
    assert "greeting" in part.warnings[0]


def test_a_model_that_knows_no_label_is_refused_with_their_names() -> None:
    with pytest.raises(
        UnusableError, match=r"mine knows none of the labels .*greeting.* it knows refund, return, track"
    ):
        IntentPart([Row(text="a", labels=("greeting",))], KNOWN, run())


def test_sentiment_through_a_map() -> None:
    rows = [Row(text="a", sentiment="bad"), Row(text="b", sentiment="good"), Row(text="c", sentiment="mixed")]
    part = ScalePart(rows, KNOWN, run({"bad": ["negative"], "good": ["positive"]}), name="sentiment")
    measured = part.measure({0: told(sentiment="negative"), 1: told(sentiment="neutral")}, ONCE)
    assert values(measured.figures) == {"sentiment_accuracy": 0.5, "sentiment_macro_f1": 0.5}
    assert part.counts == {"sentiment_rows": 2, "sentiment_left_out": 1}


def test_entities_of_types_that_are_not_marked_are_not_held_against_the_model() -> None:
    rows = [
        Row(text="x" * 9, spans=(Span("product", 0, 4), Span("color", 0, 2))),
        Row(text="y", spans=()),
        Row(text="z"),
    ]
    part = EntityPart(rows, KNOWN, run())
    found = {
        0: told(entities=(entity("product", 0, 4), entity("color", 1, 2), entity("address", 5, 9))),
        1: told(entities=(entity("color", 0, 1),)),
    }
    measured = part.measure(found, ONCE)
    got = values(measured.figures)
    assert list(part.chosen) == [0, 1]
    assert got["span_f1"] == pytest.approx(2 * 1 / (2 + 3))
    assert got["span_f1_partial"] == pytest.approx(2 * 1.5 / (2 + 3))
    assert got["span_macro_f1"] == 0.5
    assert part.counts == {"spans": 2, "spans_left_out": 0}


def test_entity_types_through_a_map() -> None:
    rows = [Row(text="x" * 9, spans=(Span("PLACE", 0, 4), Span("THING", 5, 7), Span("MOOD", 7, 8)))]
    part = EntityPart(rows, KNOWN, run({"PLACE": ["address"], "THING": ["color", "product"]}))
    measured = part.measure({0: told(entities=(entity("address", 0, 4), entity("product", 5, 7)))}, ONCE)
    assert measured.figures["span_f1"].value == 1.0
    assert part.counts == {"spans": 2, "spans_left_out": 1}


def test_rows_without_any_span_cannot_be_measured_on() -> None:
    with pytest.raises(UnusableError, match="No row has a span"):
        EntityPart([Row(text="a", spans=())], KNOWN, run())
