"""Passages cut into units and clauses."""

import pytest

from agent_assist.engine.protocol import Draft, GroundingPassage
from models.reply.evidence.notes import ORDER, clauses_of, narrowed, order_units, split, units_of


def passage(text: str, title: str = "t") -> GroundingPassage:
    return GroundingPassage(doc_id="d", title=title, text=text)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("签收后7天可退。运费自付；破损包退！", ["签收后7天可退。", "运费自付；", "破损包退！"]),
        ("It takes 1.5 days. We pay; you send.", ["It takes 1.5 days.", "We pay;", "you send."]),
        ("Ships in approx. 3 days. Costs $4.", ["Ships in approx. 3 days.", "Costs $4."]),
        ("Q: 几天能退？ A: 7天。 Q: 谁付运费？ A: 您付。", ["Q: 几天能退？ A: 7天。", "Q: 谁付运费？ A: 您付。"]),
        ("one line\nanother line", ["one line", "another line"]),
        ("", []),
        ("   ", []),
        ("没有标点", ["没有标点"]),
    ],
)
def test_a_passage_falls_into_what_reads_by_itself(text: str, units: list[str]) -> None:
    assert split(text) == units


def test_a_row_of_a_table_stands_beside_its_columns() -> None:
    table = "型号 | 功率 | 价格 ; A1 | 700W | 99元 ; B2 | 900W | 129元。保修一年。"
    assert split(table) == ["型号: A1; 功率: 700W; 价格: 99元", "型号: B2; 功率: 900W; 价格: 129元。", "保修一年。"]


def test_a_table_with_other_columns_begins_anew() -> None:
    assert split("a | b ; 1 | 2 ; x | y | z ; 3 | 4 | 5") == ["a: 1; b: 2", "x: 3; y: 4; z: 5"]


def test_clauses_are_cut_at_commas_but_not_within_numbers() -> None:
    units = units_of([passage("满1,299元包邮，偏远地区12元。")])
    assert [one.text for one in clauses_of(units)] == ["满1,299元包邮，", "偏远地区12元。"]


def test_a_line_of_the_order_is_one_clause() -> None:
    draft = Draft(id="", language="zh", thread=[], passages=[], order_facts=["订单 1：已付款，待发货"])
    units = order_units(draft)
    assert (units[0].passage, units[0].title) == (ORDER, "订单")
    assert [one.text for one in clauses_of(units)] == ["订单 1：已付款，待发货"]


def test_passages_keep_their_place_and_lose_what_is_left_out() -> None:
    passages = [passage("一。二。三。", "甲"), passage("四。", "乙"), passage("五。六。", "丙")]
    units = units_of(passages)
    cut = narrowed(passages, [units[0], units[2], units[5]])
    assert [(one.title, one.text) for one in cut] == [("甲", "一。 三。"), ("丙", "六。")]


def test_a_list_number_begins_its_item() -> None:
    units = split("Please send us these photos: 1. the outer box; 2. The whole item; 3. The label. Thank you.")
    assert units == [
        "Please send us these photos: 1. the outer box;",
        "2. The whole item;",
        "3. The label.",
        "Thank you.",
    ]
    assert split("请发：1. 外箱；2. 商品整体；3. 问题部位。") == ["请发：1. 外箱；", "2. 商品整体；", "3. 问题部位。"]
    assert split("It takes 3. It is free.") == ["It takes 3.", "It is free."]


def test_a_table_as_markdown_writes_it_has_neither_bars_nor_a_rule_among_its_rows() -> None:
    table = "| Where | Who pays | Notes |\n| --- | :--: | --- |\n| EU | the shop | nothing on delivery |"
    assert split(table) == ["Where: EU; Who pays: the shop; Notes: nothing on delivery"]
