"""The score that search and a reranker give together."""

import pytest

from agent_assist.domain.knowledge import Hit, Passage
from agent_assist.knowledge.searching.reranked import asked_for, blended, reranked, text_of


def hit(number: int, score: float) -> Hit:
    return Hit(rank=number, score=score, passage=Passage(doc_id=str(number), title="T", text="text", start=0, end=4))


@pytest.mark.parametrize("score", [0.02, 0.5, 0.97])
def test_a_score_that_both_agree_on_stays(score: float) -> None:
    assert blended(score, score) == pytest.approx(score)


def test_neither_overrules_the_other() -> None:
    assert blended(0.99, 0.01) == pytest.approx(0.5)
    assert blended(0.9, 1.0) == blended(0.9, 0.99) < 0.99
    assert blended(0.9, 0.0) == blended(0.9, 0.01) > 0.2


def test_it_rises_with_both_and_stays_within_bounds() -> None:
    values = [0.0, 0.05, 0.3, 0.7, 0.95, 1.0]
    for fixed in values:
        for other in ([blended(one, fixed) for one in values], [blended(fixed, one) for one in values]):
            assert other == sorted(other)
            assert all(0 < one < 1 for one in other)


def test_order_ranks_and_what_was_not_asked_about() -> None:
    hits = [hit(1, 0.8), hit(2, 0.7), hit(3, 0.6)]
    found = reranked(hits, [0.1, 0.9], k=3)
    told = [(one.passage.doc_id, one.rank, one.reranked) for one in found]
    assert told == [("2", 1, 0.9), ("3", 2, None), ("1", 3, 0.1)]
    assert found[1].score == 0.6
    assert [one.passage.doc_id for one in reranked([hit(1, 0.8), hit(2, 0.8)], [0.5, 0.5], k=1)] == ["1"]


def test_three_times_as_many_are_asked_about_up_to_twenty() -> None:
    assert [asked_for(k) for k in (1, 5, 10, 30)] == [3, 15, 20, 30]


def test_it_reads_the_heading_and_the_question_once() -> None:
    assert text_of(hit(1, 0.5)) == "T\ntext"
