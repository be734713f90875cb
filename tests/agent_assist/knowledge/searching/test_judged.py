"""What a reader of passages says of hits, and where they come by it."""

from dataclasses import replace

import pytest

from agent_assist.domain.knowledge import Hit, Passage
from agent_assist.knowledge.searching.judged import judged


def hit(name: str, score: float) -> Hit:
    return Hit(rank=1, score=score, passage=Passage(doc_id=name, title=name, text=name, start=0, end=1))


def names(hits: tuple[Hit, ...]) -> list[str]:
    return [one.passage.doc_id for one in hits]


THREE = (hit("a", 0.6), hit("b", 0.5), hit("c", 0.4))


def test_what_answers_comes_first_and_says_so() -> None:
    found = judged(THREE, {0: 0.02, 1: 0.05, 2: 0.95})
    assert names(found)[0] == "c"
    assert [one.rank for one in found] == [1, 2, 3]
    assert {one.passage.doc_id: one.answers for one in found} == {"a": 0.02, "b": 0.05, "c": 0.95}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_reader_that_sees_an_answer_makes_it_more_relevant_and_one_that_sees_none_less() -> None:
    [sure] = judged([hit("a", 0.5)], {0: 0.9})
    [doubted] = judged([hit("a", 0.5)], {0: 0.01})
    assert doubted.score < 0.5 < sure.score


def test_neither_search_nor_reader_overrules_the_other_by_being_certain() -> None:
    found = judged([hit("sure", 1.0), hit("weak", 0.1)], {0: 0.0, 1: 1.0})
    assert all(0 < one.score < 1 for one in found)
    assert names(judged([hit("a", 0.99), hit("b", 0.05)], {0: 0.4, 1: 0.6})) == ["a", "b"]


def test_a_reranker_of_the_users_has_the_say_over_order_and_score() -> None:
    reranked = tuple(replace(one, reranked=0.5) for one in THREE)
    found = judged(reranked, {0: 0.01, 1: 0.02, 2: 0.99})
    assert [(one.score, one.answers) for one in found] == [(0.6, 0.01), (0.5, 0.02), (0.4, 0.99)]


def test_what_was_not_read_keeps_its_score() -> None:
    found = judged((*THREE, hit("d", 0.05)), {0: 0.5, 1: 0.5, 2: 0.5})
    last = found[-1]
    assert (last.passage.doc_id, last.score, last.answers) == ("d", 0.05, None)


@pytest.mark.parametrize("chances", [{}, {0: 0.5, 1: 0.5, 2: 0.5}])
def test_equal_judgements_change_no_order(chances: dict[int, float]) -> None:
    assert names(judged([hit("a", 0.5), hit("b", 0.5), hit("c", 0.5)], chances)) == ["a", "b", "c"]


def test_without_a_judgement_all_stays_as_it_was() -> None:
    found = judged(THREE, {})
    assert [(one.passage.doc_id, one.score, one.answers) for one in found] == [
        ("a", 0.6, None), ("b", 0.5, None), ("c", 0.4, None),
    ]  # fmt: skip
