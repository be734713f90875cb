"""The measures, by hand and beside other libraries' figures for the same rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, ndcg_score, roc_auc_score

from models.metrics.calibration import expected_calibration_error
from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import score_labels
from models.metrics.rankings import score_ranking
from models.metrics.scope import score_scope
from models.metrics.spans import TypedSpan, score_spans

CHANCE = np.random.default_rng(0)
ONCE = Resampling(resamples=0)


def test_labels_by_hand() -> None:
    report = score_labels(["a", "a", "b", "b"], ["a", "b", "b", "c"], resampling=ONCE)
    a, b = report.labels
    assert report.accuracy == Figure(0.5)
    assert (a.label, a.precision, a.recall, a.support) == ("a", 1.0, 0.5, 2)
    assert (b.label, b.precision, b.recall, b.f1) == ("b", 0.5, 0.5, 0.5)
    assert report.macro_f1.value == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_labels_are_those_of_scikit_learn() -> None:
    truth, told = (CHANCE.choice(list("abcd"), 300).tolist() for _ in range(2))
    report = score_labels(truth, told, resampling=ONCE)
    assert report.accuracy.value == accuracy_score(truth, told)
    assert report.macro_f1.value == pytest.approx(f1_score(truth, told, average="macro"))


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        score_labels([], [], resampling=ONCE)


def test_an_interval_holds_its_figure_and_is_the_same_for_a_seed() -> None:
    right = CHANCE.random(400) < 0.8
    first, again = (Resampling(resamples=300, seed=3).mean(right) for _ in range(2))
    other = Resampling(resamples=300, seed=4).mean(right)
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.value < first.high
    assert first.high - first.low == pytest.approx(4 * np.sqrt(0.8 * 0.2 / 400), rel=0.15)  # two deviations each way
    assert first == again != other


def test_one_row_has_no_interval() -> None:
    assert Resampling().mean(np.array([1.0])) == Figure(1.0)


def test_scope_by_hand_and_beside_scikit_learn() -> None:
    outside = np.array([True, True, False, False, False])
    scores = np.array([0.9, 0.4, 0.5, 0.1, 0.2], np.float32)
    report = score_scope(outside, scores, scores > 0.45, resampling=Resampling(resamples=50))
    assert report.auroc is not None
    assert report.f1 is not None
    assert report.auroc.value == pytest.approx(5 / 6) == pytest.approx(roc_auc_score(outside, scores))
    assert report.f1.value == 0.5
    assert report.refused_outside == Figure(0.5, 0.0, 1.0)
    assert report.refused_inside is not None
    assert report.refused_inside.value == pytest.approx(1 / 3)


def test_scope_without_foreign_rows_says_only_how_many_were_refused() -> None:
    nothing = np.zeros(3, bool)
    report = score_scope(nothing, np.zeros(3, np.float32), nothing, resampling=ONCE)
    assert (report.auroc, report.f1, report.refused_outside) == (None, None, None)
    assert report.refused_inside == Figure(0.0)


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([0.95, 0.95, 0.15, 0.15], np.float32)
    truth = np.array([1, 0, 0, 0])
    assert expected_calibration_error(probabilities, truth) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15, abs=1e-6)
    assert expected_calibration_error(np.ones(5, np.float32), np.ones(5)) == 0.0


def spans(*found: tuple[str, int, int]) -> set[TypedSpan]:
    return {TypedSpan(*one) for one in found}


def test_spans_by_hand() -> None:
    wanted = [spans(("product", 0, 6), ("brand", 0, 3)), spans(("color", 2, 4)), spans()]
    told = [spans(("product", 0, 6), ("brand", 1, 3)), spans(("size", 2, 4)), spans(("color", 0, 1))]
    report = score_spans(wanted, told, resampling=ONCE)
    assert report.exact.value == pytest.approx(2 * 1 / (3 + 4))
    assert report.partial.value == pytest.approx(2 * 1.5 / (3 + 4))  # half a match for the brand
    assert {one.label: (one.f1, one.support) for one in report.types} == {
        "brand": (0.0, 1),
        "color": (0.0, 1),
        "product": (1.0, 1),
        "size": (0.0, 0),
    }
    assert report.macro == pytest.approx(1 / 4)


def test_a_true_span_is_matched_by_one_told_span_only() -> None:
    report = score_spans([spans(("a", 0, 4))], [spans(("a", 0, 2), ("a", 0, 4))], resampling=ONCE)
    assert (report.exact.value, report.partial.value) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    touching = score_spans([spans(("a", 0, 2))], [spans(("a", 2, 4))], resampling=ONCE)
    assert touching.partial.value == 0.0


def test_texts_without_any_span_are_refused() -> None:
    with pytest.raises(ValueError, match="No text has a span"):
        score_spans([spans()], [spans()], resampling=ONCE)


_SPANS = some.sets(
    some.tuples(some.sampled_from("ab"), some.integers(0, 5), some.integers(1, 5)).map(
        lambda one: TypedSpan(one[0], one[1], one[1] + one[2])
    ),
    max_size=5,
)


@given(some.lists(some.tuples(_SPANS, _SPANS), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_exact_matches_are_those_of_the_sets_and_of_seqeval_however_spans_lie(
    pairs: list[tuple[set[TypedSpan], set[TypedSpan]]],
) -> None:
    wanted, told = [a for a, _ in pairs], [b for _, b in pairs]
    if not any(wanted) and not any(told):
        return
    report = score_spans(wanted, told, resampling=ONCE)
    right = sum(len(a & b) for a, b in pairs)
    assert report.exact.value == pytest.approx(2 * right / sum(len(a) + len(b) for a, b in pairs))
    assert report.partial.value >= report.exact.value - 1e-9
    assert sum(one.recall * one.support for one in report.types) == pytest.approx(right)
    assert sum(one.support for one in report.types) == sum(map(len, wanted))


def test_ranking_by_hand() -> None:
    # Best first: not relevant, relevant, not, relevant; scores below zero count like any other.
    got = score_ranking(np.array([-0.4, 0.1, -0.2, 0.3], np.float32), np.array([True, True, False, False]))
    assert got["mrr@10"] == 0.5
    assert got["p@1"] == got["recall@1"] == 0.0
    assert got["recall@5"] == 1.0
    assert got["map"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert got["ndcg@10"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3)))


def test_ranking_is_that_of_scikit_learn() -> None:
    scores = CHANCE.normal(size=60).astype(np.float32)
    relevant = CHANCE.random(60) < 0.2
    got = score_ranking(scores, relevant)
    assert got["ndcg@10"] == pytest.approx(ndcg_score([relevant], [scores], k=10), abs=1e-6)
    assert got["map"] == pytest.approx(average_precision_score(relevant, scores), abs=1e-6)


def test_the_first_relevant_document_behind_the_tenth_place_earns_no_reciprocal_rank() -> None:
    got = score_ranking(np.arange(20, 0, -1).astype(np.float32), np.arange(20) == 10)
    assert got["mrr@10"] == got["recall@10"] == got["ndcg@10"] == 0.0
    assert got["recall@20"] == 1.0
