"""The corpus: facts of a reply come from its row, held-out situations stay unseen, same seed same rows."""

import re
from collections import Counter

import pytest

from agent_assist.domain.language import detect_language
from models.reply.corpus import Expander, Row
from models.reply.evaluate import held_out_rows, judge, source_numbers
from models.reply.facets import read_facets, slot_types
from models.reply.situations import KINDS, held_out_situations, training_situations
from models.reply.slots import LANGUAGES, TYPES, draw, slots_of

ROWS = list(Expander(training_situations(), seed=3, sheets=0.35).rows(1500))
TEST_ROWS = held_out_rows()


@pytest.mark.parametrize("rows", [ROWS, TEST_ROWS], ids=["training", "held out"])
def test_every_number_of_a_reply_stands_in_its_row(rows: list[Row]) -> None:
    for row in rows:
        numbers = set(re.findall(r"\d+(?:[.:]\d+)*", row.reply))
        assert numbers <= source_numbers(row.draft), (row.situation, row.reply)


@pytest.mark.parametrize("rows", [ROWS, TEST_ROWS], ids=["training", "held out"])
def test_the_written_reply_passes_its_own_judgement(rows: list[Row]) -> None:
    bad = [
        (row.situation, row.reply, row.must) for row in rows if row.kind != "missing" and not judge(row, row.reply).good
    ]
    assert not bad


def test_no_slot_is_left_open() -> None:
    for row in ROWS + TEST_ROWS:
        texts = [row.reply, *row.must, *row.draft.order_facts, row.draft.hint]
        texts += [turn.text for turn in row.draft.thread] + [p.title + p.text for p in row.draft.passages]
        assert not any(re.search(r"[{}]", text) for text in texts), row.situation


def test_every_slot_has_a_known_type() -> None:
    for situation in (*training_situations(), *held_out_situations()):
        texts = [text for side in (situation.zh, situation.en) if side for text in side.texts()]
        assert {kind for _, kind in slots_of(texts)} <= TYPES, situation.id
        assert situation.kind in KINDS


def test_facets_say_the_same_in_both_languages() -> None:
    assert slot_types() <= TYPES
    for facet in read_facets():
        slots = [set(slots_of([text])) for s in (facet.zh, facet.en) for text in (s.clause, s.reply)]
        assert all(slots[0] == other for other in slots), facet.id


def test_there_are_enough_situations_in_both_languages() -> None:
    sides = Counter(language for s in training_situations() for language in LANGUAGES if s.side(language))
    assert sides["zh"] >= 150
    assert sides["en"] >= 150
    held_out = sum(1 for s in held_out_situations() for language in LANGUAGES if s.side(language))
    assert held_out >= 40


def test_no_held_out_text_is_trained_on() -> None:
    def texts(situations: object) -> set[str]:
        sides = [side for s in situations for side in (s.zh, s.en) if side]  # type: ignore[attr-defined]
        return {text for side in sides for text in (*side.notes, *side.asks, *side.replies)}

    assert not texts(training_situations()) & texts(held_out_situations())
    assert not {s.id for s in training_situations()} & {s.id for s in held_out_situations()}


def test_ids_are_unique() -> None:
    ids = [situation.id for situation in training_situations()]
    assert len(ids) == len(set(ids))


def test_same_seed_same_rows_other_seed_other_rows() -> None:
    again = list(Expander(training_situations(), seed=3, sheets=0.35).rows(200))
    assert again == ROWS[:200]
    assert list(Expander(training_situations(), seed=4, sheets=0.35).rows(200)) != again


def test_the_reply_is_in_the_language_asked_for() -> None:
    wrong = [row.reply for row in ROWS if detect_language(row.reply) != row.draft.language]
    assert len(wrong) < len(ROWS) * 0.01  # a reply may be little more than a brand and a number


def test_rows_hold_what_drafts_meet() -> None:
    assert any(len(row.draft.thread) > 1 for row in ROWS)
    assert any(row.draft.hint for row in ROWS)
    assert any(row.kind == "missing" and row.draft.passages for row in ROWS)
    assert any(len(row.draft.passages) > 2 for row in ROWS)
    foreign = [
        row for row in ROWS if row.draft.passages and detect_language(row.draft.passages[0].text) != row.draft.language
    ]
    assert foreign


def test_a_second_reply_in_a_thread_does_not_greet_again() -> None:
    for row in ROWS:
        if len(row.draft.thread) > 1:
            assert not row.reply.startswith(("您好", "Hello!"))


def test_one_value_a_slot_and_no_value_twice() -> None:
    import random

    for seed in range(50):
        values = draw(["{days1} {days2} {days3} {days1}"], random.Random(seed))
        filled = values.fill("{days1} {days2} {days3} {days1}", "zh").split()
        assert filled[0] == filled[3]
        assert len(set(filled)) == 3


def test_judging_sees_missing_facts_and_made_up_numbers() -> None:
    row = next(row for row in TEST_ROWS if row.must and any(char.isdigit() for char in row.must[0]))
    assert judge(row, row.reply).good
    assert not judge(row, "").has_facts
    assert judge(row, row.reply + " 98765").unsupported == ("98765",)
