"""Which kind of value a question asks for, and which a clause can give."""

import pytest

from agent_assist.engine.protocol import GroundingPassage
from models.reply.evidence.kinds import Kind, asked, fits, held, misfits
from models.reply.evidence.notes import clauses_of, units_of


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("校准要在你们那放几天", {Kind.TIME}),
        ("换一条胎工钱多少", {Kind.MONEY}),
        ("折叠的那台多沉", {Kind.WEIGHT}),
        ("来回运费算谁的", {Kind.PAYER}),
        ("泡绿茶水要多烫", {Kind.HEAT}),
        ("一把锁能录几个指纹", {Kind.COUNT}),
        ("What does a replacement battery cost", {Kind.MONEY}),
        ("How many days till I can pick shiitake", {Kind.TIME}),
        ("How much glue is in a bottle?", set()),
        ("可以退吗", set()),
        ("does the board fold up", set()),
    ],
)
def test_what_is_asked_for(question: str, kinds: set[Kind]) -> None:
    assert asked(question) == kinds


@pytest.mark.parametrize(
    ("question", "clause", "can"),
    [
        ("校准要放几天", "每次330.9元，", False),
        ("校准要放几天", "检测周期：调节器40天，", True),
        ("what does a cargo battery cost", "cargo battery 30000 mAh,", False),
        ("what does a cargo battery cost", "cargo battery $49.", True),
        ("烧坏了赔多少", "按押金的85%扣。", True),  # an amount may be told as a share
        ("喷头设几度", "PETG：喷头90，", True),  # a number without a unit may be one
        ("什么时候能发", "周末照常发货。", True),
        ("可以退吗", "每次330.9元，", None),  # nothing that a kind tells
    ],
)
def test_a_clause_of_another_kind_cannot_answer(question: str, clause: str, can: bool | None) -> None:
    assert fits(asked(question), held(clause), held(clause)) is can


def test_a_number_without_a_unit_is_of_the_kind_of_its_sentence() -> None:
    units = units_of([GroundingPassage(doc_id="a", title="", text="Congee 10 minutes, brisket 50, the pot $30.")])
    assert list(misfits("how long does brisket take", units, clauses_of(units))) == [0, 0, 1]
    assert list(misfits("is brisket fine in it", units, clauses_of(units))) == [0, 0, 0]
