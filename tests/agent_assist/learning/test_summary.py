"""Counts, rates and edit distances of the log."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.learning.summary import edit_distance, edit_share, summarise
from tests.helpers.makers import event, suggestion


def test_rates_and_counts() -> None:
    events = [
        event(FeedbackKind.ACCEPTED, suggestion=suggestion(), final_text="x"),
        event(FeedbackKind.EDITED, suggestion=suggestion(draft="abcd"), final_text="abcx"),
        event(FeedbackKind.EDITED, suggestion=suggestion(draft="abcd"), final_text=""),
        event(FeedbackKind.REJECTED, suggestion=suggestion(), reason=RejectReason.WRONG_TONE),
        event(FeedbackKind.WRITTEN, final_text="y"),
    ]
    result = summarise(events)
    assert result.counts == {
        FeedbackKind.ACCEPTED: 1,
        FeedbackKind.EDITED: 2,
        FeedbackKind.REJECTED: 1,
        FeedbackKind.WRITTEN: 1,
    }
    assert result.reasons == {RejectReason.WRONG_TONE: 1}
    assert (result.acceptance_rate, result.usage_rate, result.edit_distance) == (0.25, 0.75, 0.625)


def test_an_empty_log_has_no_rates() -> None:
    result = summarise([])
    assert (result.counts, result.acceptance_rate, result.usage_rate, result.edit_distance) == ({}, None, None, None)


def _by_the_definition(first: str, second: str) -> int:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        swap = distance(i - 1, j - 1) + (first[i - 1] != second[j - 1])
        return min(swap, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    return distance(len(first), len(second))


@given(st.text(alphabet="ab退", max_size=12), st.text(alphabet="ab退", max_size=12))
def test_edit_distance_is_the_textbooks(first: str, second: str) -> None:
    assert edit_distance(first, second) == _by_the_definition(first, second)


@pytest.mark.parametrize(("first", "second", "share"), [("", "", 0.0), ("abc", "abc", 0.0), ("abcd", "wxyz", 1.0)])
def test_edit_share(first: str, second: str, share: float) -> None:
    assert edit_share(first, second) == share
