"""Questions and passages as token ids, with the real vocabulary."""

import pytest

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import GroundingPassage, Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import MAX_TOKENS
from models.encoder.vocabulary import BOS, EOS
from models.reply.evidence.notes import clauses_of, units_of
from models.reply.evidence.windows import Windows
from models.sources import encoder_source
from tests.helpers.models import models_dir

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def windows() -> Windows:
    return Windows(models_dir() / "encoder" / encoder_source().name / TOKENIZER_FILE)


def customer(text: str) -> list[Turn]:
    return [Turn(role=Role.CUSTOMER, text=text)]


def test_every_clause_stands_in_one_window_of_its_passage(windows: Windows) -> None:
    units = units_of(
        [GroundingPassage(doc_id=str(n), title="退货", text="七天可退，运费自付。拆封不退。") for n in range(3)]
    )
    clauses = clauses_of(units)
    made = windows.of(customer("能退吗"), units, clauses)
    assert len(made) == 3
    assert [number for window in made for number, _, _ in window.clauses] == list(range(len(clauses)))
    for window in made:
        assert (window.ids[0], window.ids[-1]) == (BOS, EOS)
        assert all(0 < first < last < len(window.ids) for _, first, last in window.clauses)


def test_what_is_too_long_is_read_in_several_windows(windows: Windows) -> None:
    text = "".join(f"第{n}条规定的内容是这样的，请您仔细阅读。" for n in range(200))
    units = units_of([GroundingPassage(doc_id="d", title="规定" * 200, text=text)])
    clauses = clauses_of(units)
    made = windows.of(customer("问题" * 3000), units, clauses)
    assert len(made) > 2
    assert all(len(window.ids) <= MAX_TOKENS for window in made)
    assert [number for window in made for number, _, _ in window.clauses] == list(range(len(clauses)))


def test_a_long_clause_and_bad_characters_do_no_harm(windows: Windows) -> None:
    units = units_of([GroundingPassage(doc_id="d", title="\ud800", text="x" * 5000 + " \ud83d 终")])
    made = windows.of(customer("\ud800?"), units, clauses_of(units))
    assert all(len(window.ids) <= MAX_TOKENS for window in made)


def test_turns_before_stand_before_the_question(windows: Windows) -> None:
    units = units_of([GroundingPassage(doc_id="d", title="", text="红色有货。")])
    alone = windows.of(customer("那红色呢"), units, clauses_of(units))[0]
    later = windows.of([*customer("黑色有吗"), *customer("那红色呢")], units, clauses_of(units))[0]
    assert len(later.ids) > len(alone.ids)
    assert windows.of([], units, clauses_of(units))
