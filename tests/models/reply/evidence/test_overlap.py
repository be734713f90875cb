"""What a question and a clause share in letters."""

import numpy as np

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import GroundingPassage, Turn
from models.reply.evidence.notes import ORDER, Unit, clauses_of, units_of
from models.reply.evidence.overlap import FEATURES, overlap, terms


def asked(*texts: str) -> list[Turn]:
    return [Turn(role=Role.CUSTOMER, text=text) for text in texts]


def units(*texts: str) -> list[Unit]:
    return units_of([GroundingPassage(doc_id="d", title="", text=text) for text in texts])


def test_words_count_by_their_beginnings_and_chinese_by_pairs() -> None:
    assert terms("Returned returns") == {"retur"}
    assert terms("运费7天") == {"运", "费", "运费", "7", "天"}


def test_the_clause_with_the_rarer_word_shares_more() -> None:
    found = units("Violin: rent $5. Guitar: rent $6. Piano: rent $7.")
    shares = overlap(asked("what is the rent of a guitar"), found, clauses_of(found))
    assert shares.shape == (3, FEATURES)
    assert int(np.argmax(shares[:, 0])) == 1
    assert shares[1, 3] == 0.0 > shares[0, 3]


def test_earlier_turns_count_apart() -> None:
    found = units("红色有货。黑色缺货。")
    shares = overlap(asked("黑色的鞋还有吗", "那红色呢"), found, clauses_of(found))
    assert shares[1, 2] > shares[0, 2]
    assert shares[0, 0] > shares[1, 0]


def test_the_order_is_told_and_nothing_is_no_error() -> None:
    order = [Unit(ORDER, "Order", "Total: 9 USD")]
    assert overlap(asked("total?"), order, clauses_of(order))[0, 5] == 1.0
    assert overlap([], [], []).shape == (0, FEATURES)
    assert not overlap([], order, clauses_of(order))[0, :5].any()
