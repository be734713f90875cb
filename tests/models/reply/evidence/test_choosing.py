"""What the writer is shown of what the reader found."""

from models.reply.evidence.choosing import MOST_KEYS, MOST_UNITS, choose, choose_each
from models.reply.evidence.notes import ORDER, Clause, Unit

UNITS = [Unit(0, "t", f"unit {number}") for number in range(5)]
CLAUSES = [Clause(number, f"clause {number}") for number in range(5)]


def test_sure_clauses_are_keys_and_bring_their_units() -> None:
    chosen = choose(UNITS, CLAUSES, [0.02, 0.9, 0.0, 0.85, 0.0])
    assert chosen.places == (1, 3)
    assert chosen.keys == ("clause 1", "clause 3")
    assert [unit.text for unit in chosen.units] == ["unit 0", "unit 1", "unit 3"]
    assert chosen.answerable == 0.9


def test_a_doubtful_best_clause_is_the_only_key() -> None:
    assert choose(UNITS, CLAUSES, [0.2, 0.3, 0.25, 0.0, 0.0]).keys == ("clause 1",)


def test_without_a_likely_clause_there_is_no_key_but_something_to_read() -> None:
    chosen = choose(UNITS, CLAUSES, [0.001, 0.004, 0.0, 0.0, 0.0])
    assert (chosen.keys, [unit.text for unit in chosen.units]) == ((), ["unit 1"])


def test_there_are_never_too_many() -> None:
    chosen = choose(UNITS, CLAUSES, [0.9, 0.85, 0.82, 0.81, 0.95])
    assert len(chosen.keys) == MOST_KEYS
    assert len(chosen.units) == MOST_UNITS
    assert "clause 4" in chosen.keys


def test_lines_of_the_order_may_be_keys_but_are_no_notes() -> None:
    units = [*UNITS[:2], Unit(ORDER, "Order", "Total: 9 USD")]
    chosen = choose(units, [Clause(0, "a"), Clause(1, "b"), Clause(2, "Total: 9 USD")], [0.05, 0.04, 0.9])
    assert chosen.keys == ("Total: 9 USD",)
    assert [unit.text for unit in chosen.units] == ["unit 0", "unit 1"]


def test_nothing_to_read_is_nothing_chosen() -> None:
    chosen = choose([], [], [])
    assert (chosen.units, chosen.keys, chosen.answerable) == ((), (), 0.0)


def test_a_reply_has_to_say_the_likeliest_clause_and_those_nearly_as_likely() -> None:
    assert choose(UNITS, CLAUSES, [0.6, 0.9, 0.0, 0.65, 0.0]).answers == (1, 3)
    assert choose(UNITS, CLAUSES, [0.0, 0.2, 0.19, 0.0, 0.0]).answers == (1,)  # less likely than not, the best alone
    assert choose(UNITS, CLAUSES, [0.0, 0.1, 0.0, 0.0, 0.0]).answers == ()


def test_each_question_has_its_keys_and_its_own_answers() -> None:
    shown, each = choose_each(UNITS, CLAUSES, [[0.9, 0.0, 0.0, 0.1, 0.0], [0.0, 0.1, 0.0, 0.8, 0.0]])
    assert [one.answers for one in each] == [(0,), (3,)]
    assert shown.places == (0, 3)
    assert {UNITS[0], UNITS[3]} <= set(shown.units)
    assert shown.answerable == 0.9


def test_a_clause_that_answers_another_question_better_hardly_answers_this_one() -> None:
    _, each = choose_each(UNITS, CLAUSES, [[0.9, 0.0, 0.0, 0.0, 0.0], [0.4, 0.1, 0.0, 0.0, 0.0]])
    assert each[1].answerable == 0.1
    _, both = choose_each(UNITS, CLAUSES, [[0.9, 0.0, 0.0, 0.0, 0.0], [0.8, 0.1, 0.0, 0.0, 0.0]])
    assert both[1].answerable == 0.8  # one clause may answer both


def test_of_one_question_what_is_chosen_is_what_is_shown() -> None:
    reading = [0.6, 0.9, 0.0, 0.65, 0.0]
    alone = choose(UNITS, CLAUSES, reading)
    assert choose_each(UNITS, CLAUSES, [reading]) == (alone, (alone,))
