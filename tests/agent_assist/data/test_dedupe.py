"""Doubles go, chains do not run away, contradictions stay and are told."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from agent_assist.data.clusters import Sets, groups_of
from agent_assist.data.dedupe import Conflict, Conflicts, dedupe
from agent_assist.data.near import NearIndex
from agent_assist.data.row import Row, Span
from agent_assist.errors import InputError


def rows(*texts: str, **fields: object) -> list[Row]:
    return [Row(id=str(number), text=text, **fields) for number, text in enumerate(texts)]  # type: ignore[arg-type]


def ids(found: list[Row] | tuple[Row, ...]) -> list[str]:
    return [row.id for row in found]


def test_texts_that_read_the_same_are_one() -> None:
    done = dedupe(rows("我要退貨！", "我要 退货", "我不要退货", "ＯＫ", "ok 👍", labels=("a",)))
    assert ids(done.rows) == ["0", "2", "3"]
    assert [(one.id, one.like) for one in done.removed] == [("1", "0"), ("4", "3")]


def test_a_text_after_another_message_is_another_row() -> None:
    same = [Row(id="1", text="好"), Row(id="2", text="好", before="退款？"), Row(id="3", text="好！", before="退款")]
    assert ids(dedupe(same).rows) == ["1", "2"]


def test_the_kept_row_takes_over_what_the_others_say() -> None:
    first = Row(id="1", text="风扇坏了", labels=("a",), extra={"x": 1})
    spans = (Span(start=0, end=2, type="p"),)
    second = Row(id="2", text="风扇坏了", spans=spans, urgency="high", extra={"x": 2, "y": 3})
    [row] = dedupe([first, second]).rows
    assert (row.id, row.labels, row.spans, row.urgency) == ("1", ("a",), spans, "high")
    assert row.extra == {"x": 1, "y": 3}


def conflicting() -> list[Row]:
    return [
        Row(id="1", text="退款", labels=("a",)),
        Row(id="2", text="退款!", labels=("b",)),
        Row(id="3", text="退款", labels=("a",), sentiment="neutral"),
        Row(id="4", text="退款", labels=("a",), sentiment="negative"),
        Row(id="5", text="别的", labels=("b",)),
    ]


def test_contradicting_rows_stay_and_are_told() -> None:
    done = dedupe(conflicting())
    assert ids(done.rows) == ["1", "2", "4", "5"]
    assert done.conflicts == (
        Conflict(ids=("1", "2"), fields=("labels",), similarity=1.0),
        Conflict(ids=("1", "4"), fields=("sentiment",), similarity=1.0),
    )


def test_contradicting_rows_go_or_become_one_when_asked() -> None:
    assert ids(dedupe(conflicting(), conflicts=Conflicts.DROP).rows) == ["5"]
    done = dedupe(conflicting(), conflicts=Conflicts.MERGE)
    assert [(row.id, row.labels) for row in done.rows] == [("1", ("a", "b")), ("4", ("a",)), ("5", ("b",))]
    assert {one.id for one in done.removed} == {"2", "3"}


def test_spans_contradict_by_what_they_say_and_not_by_where_they_stand() -> None:
    one = Row(id="1", text="风扇坏了", spans=(Span(start=0, end=2, type="p"),))
    moved = Row(id="2", text=" 风扇坏了", spans=(Span(start=1, end=3, type="p"),))
    other = Row(id="3", text="风扇坏了", spans=())
    done = dedupe([one, moved, other])
    assert ids(done.rows) == ["1", "3"]
    assert done.conflicts[0].fields == ("spans",)


A = "where is the parcel that i ordered last week from your shop"
B = "where is the parcel that i ordered last week in your shop"
C = "where is the parcel i ordered last week in your shopx"


def test_a_row_goes_only_if_it_is_near_to_one_that_stays() -> None:
    assert fuzz.ratio(A, C) < 93 <= min(fuzz.ratio(A, B), fuzz.ratio(B, C))
    done = dedupe(rows(A, B, C, labels=("a",)), near=0.93)
    assert ids(done.rows) == ["0", "2"]
    assert done.removed[0].similarity > 0.93
    near = [Row(id="1", text=A, labels=("a",)), Row(id="2", text=B, labels=("b",)), Row(id="3", text=B, labels=("b",))]
    done = dedupe(near, near=0.9)
    assert ids(done.rows) == ["1", "2"]
    assert [(one.ids, one.fields) for one in done.conflicts] == [(("1", "2"), ("labels",))]


def test_a_chain_of_near_texts_is_one_group() -> None:
    far = "please cancel my order at once"
    groups = groups_of(rows(A, far, C, B), near=0.93)
    assert groups[0] == groups[2] == groups[3] != groups[1]
    assert len(set(groups_of(rows(A, far, C), near=0.93))) == 3


def test_a_conversation_and_equal_texts_hold_rows_together() -> None:
    talk = [
        Row(id="1", text="hi there", conversation="a"),
        Row(id="2", text="my parcel?", conversation="a"),
        Row(id="3", text="Hi there!", conversation="b"),
        Row(id="4", text="thanks"),
        Row(id="5", text="bye"),
    ]
    assert groups_of(talk, near=1) == [0, 0, 0, 3, 4]
    assert groups_of(talk, near=1, conversations=False) == [0, 1, 0, 3, 4]


@pytest.mark.parametrize("near", [0.5, 1.1, -1])
def test_a_similarity_that_cannot_be_searched_is_refused(near: float) -> None:
    with pytest.raises(InputError, match=r"0\.8 to 1"):
        dedupe(rows("a"), near=near)
    with pytest.raises(InputError, match=r"0\.8 to 1"):
        groups_of(rows("a"), near=near)


def test_planted_doubles_are_found_among_many() -> None:
    chance = random.Random(0)
    words = ["parcel", "refund", "order", "coupon", "invoice", "address", "late", "broken", "size", "colour"]
    texts = {"".join(chance.choices(words, k=8)) for _ in range(300)}
    originals = sorted(texts)
    changed = [text[:20] + "q" + text[21:] for text in originals]
    done = dedupe(rows(*originals, *changed, labels=("a",)), near=0.9)
    near = {one.id for one in done.removed}
    planted = {str(number + len(originals)) for number in range(len(originals))}
    assert len(planted & near) >= 0.98 * len(planted)


def test_thousands_of_rows_from_one_template_are_one_group() -> None:
    texts = [f"您好，我的订单GF26110{number:05d}到哪了，请帮我查一下物流" for number in range(2000)]
    assert len(set(groups_of(rows(*texts), near=0.9))) == 1


@given(st.lists(st.text(alphabet="ab", max_size=6), max_size=12))
def test_the_index_never_says_less_than_asked(texts: list[str]) -> None:
    index = NearIndex(0.8)
    for number, text in enumerate(texts):
        match = index.best(text)
        if match is not None:
            other = texts[match.number]
            assert match.similarity == pytest.approx(fuzz.ratio(text, other) / 100, abs=1e-4)
            assert match.similarity >= 0.8
        assert (text in texts[:number]) <= (match is not None and match.similarity == 1)
        index.add(number, text)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_sets_are_equal_after_any_joins(pairs: list[tuple[int, int]]) -> None:
    sets = Sets(10)
    groups = [{number} for number in range(10)]
    for one, other in pairs:
        sets.join(one, other)
        both = groups[one] | groups[other]
        for number in both:
            groups[number] = both
    found = sets.all()
    assert all((found[one] == found[other]) == (other in groups[one]) for one in range(10) for other in range(10))
