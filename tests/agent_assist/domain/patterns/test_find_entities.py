"""Exact entities: what is found, where, and with which value; and what must not be found."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.domain.patterns import find_entities

TODAY = date(2026, 11, 4)  # a Wednesday


def found(text: str) -> list[tuple[str, str, str]]:
    entities = find_entities(text, today=TODAY)
    assert all(text[e.start : e.end] == e.text for e in entities)
    return [(e.type, e.text, e.value) for e in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单GF2611020017到哪了", [("order_number", "GF2611020017", "GF2611020017")]),
        ("ＧＦ２６１１０２００１７", [("order_number", "ＧＦ２６１１０２００１７", "GF2611020017")]),
        ("订单编号：2234567890123456789", [("order_number", "2234567890123456789", "2234567890123456789")]),
        (
            "订单号1234567890和2234567890都没发",
            [("order_number", "1234567890", "1234567890"), ("order_number", "2234567890", "2234567890")],
        ),
        ("where is order #12345?", [("order_number", "#12345", "12345")]),
        ("my order number is ABC-12345", [("order_number", "ABC-12345", "ABC-12345")]),
        ("快递单号YT1234567890123显示签收", [("tracking_number", "YT1234567890123", "YT1234567890123")]),
        ("SF1234567890123", [("tracking_number", "SF1234567890123", "SF1234567890123")]),
        ("UPS 1Z999AA10123456784", [("tracking_number", "1Z999AA10123456784", "1Z999AA10123456784")]),
        ("it says 1Z999AA10123456785", []),  # wrong check digit
        ("运单号 123456789012 没动", [("tracking_number", "123456789012", "123456789012")]),
        ("EMS RB123456785CN", [("tracking_number", "RB123456785CN", "RB123456785CN")]),
        ("RB123456786CN", []),  # wrong check digit
    ],
)
def test_numbers_of_orders_and_parcels(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我的电话13800138000收件人张三", "+8613800138000"),
        ("手机１３８００１３８０００", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("打010-62345678", "+861062345678"),
        ("400-820-8820", "+864008208820"),
        ("call me at (415) 555-0132", "+14155550132"),
        ("my number is +44 20 7946 0958", "+442079460958"),
        ("whatsapp +65 8123 4567", "+6581234567"),
    ],
)
def test_phones(text: str, value: str) -> None:
    assert [(kind, v) for kind, _, v in found(text)] == [("phone", value)]


def test_a_phone_is_no_order_number_even_behind_its_words() -> None:
    assert [kind for kind, *_ in found("订单号13800138000")] == ["phone"]


def test_card_numbers_are_neither_orders_nor_quantities() -> None:
    assert found("身份证11010519491231002X") == []
    assert found("卡号4111111111111111") == []


def test_a_link_hides_the_numbers_inside_it() -> None:
    assert found("https://shop.example/item/12345?order=1234567890123456 三件") == [("quantity", "三件", "3")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("一共¥1,299", ["1299.00 CNY"]),
        ("￥１２９９．５０", ["1299.50 CNY"]),
        ("1299元", ["1299.00 CNY"]),
        ("三百块", ["300.00 CNY"]),
        ("两千五百元", ["2500.00 CNY"]),
        ("九块九包邮", ["9.90 CNY"]),
        ("五毛钱", ["0.50 CNY"]),
        ("1.2万元", ["12000.00 CNY"]),
        ("200-300元", ["200.00 CNY", "300.00 CNY"]),
        ("满300减50", ["300.00 CNY", "50.00 CNY"]),
        ("$29.99 or 45 bucks", ["29.99 USD", "45.00 USD"]),
        ("thirty dollars", ["30.00 USD"]),
        ("€15, 1,299.00 USD", ["15.00 EUR", "1299.00 USD"]),
        ("元旦发货吗", []),
        ("一块儿发吧", []),
    ],
)
def test_amounts(text: str, values: list[str]) -> None:
    assert [v for kind, _, v in found(text) if kind == "amount"] == values


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("2026-11-02下的单", "2026-11-02", "2026-11-02"),
        ("11月3号到", "11月3号", "2026-11-03"),
        ("二零二六年十一月三日", "二零二六年十一月三日", "2026-11-03"),
        ("去年12月30日", "去年12月30日", "2025-12-30"),
        ("昨天下单", "昨天", "2026-11-03"),
        ("上周五发货", "上周五", "2026-10-30"),
        ("三天前买的", "三天前", "2026-11-01"),
        ("双十一买的", "双十一", "2026-11-11"),
        ("ordered on Nov 3rd", "Nov 3rd", "2026-11-03"),
        ("3 November 2025 it was", "3 November 2025", "2025-11-03"),
        ("came yesterday", "yesterday", "2026-11-03"),
        ("due last Friday", "last Friday", "2026-10-30"),
        ("two weeks ago", "two weeks ago", "2026-10-21"),
        ("by next week", "next week", "2026-W46"),
    ],
)
def test_dates(text: str, span: str, value: str) -> None:
    assert [(s, v) for kind, s, v in found(text) if kind == "date"] == [(span, value)]


def test_without_today_a_date_says_only_what_the_text_says() -> None:
    values = {e.text: e.value for e in find_entities("11月3号和昨天, 2026-11-02, 双十一")}
    assert values == {"11月3号": "--11-03", "昨天": "", "2026-11-02": "2026-11-02", "双十一": "--11-11"}


@pytest.mark.parametrize(
    "text", ["24/7 support", "1/2 of it", "may I return it", "5号楼", "一月份的月饼礼盒不错吗"[4:], "2月亮"]
)
def test_no_dates(text: str) -> None:
    assert [s for kind, s, _ in found(text) if kind == "date"] == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("买了两件和3双", [("两件", "2"), ("3双", "3")]),
        ("3 pcs and a pair of shoes", [("3 pcs", "3"), ("a pair", "1")]),
        ("two shirts, x2", [("two shirts", "2"), ("x2", "2")]),
        ("两块巧克力", [("两块", "2")]),
        ("我有一个问题，等了两个月，第一个，七天无理由", []),
        ("GF2611020017", []),
    ],
)
def test_quantities(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(s, v) for kind, s, v in found(text) if kind == "quantity"] == pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("等了两个月", [("两个月", "P2M")]),
        ("七天无理由", [("七天", "P7D")]),
        ("3-5个工作日到账", [("3-5个工作日", "P5D business")]),
        ("it took 36 hours", [("36 hours", "PT36H")]),
        ("保修一年半", [("一年半", "P18M")]),
        ("三天前买的，2026年", []),
    ],
)
def test_durations(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(s, v) for kind, s, v in found(text) if kind == "duration"] == pairs


def test_a_whole_message() -> None:
    text = "我11月3号买的两件外套GF2611020017，付了¥598，电话13900139000，邮箱 Li.Na@Mail.example.cn，到现在没收到"
    assert [(kind, value) for kind, _, value in found(text)] == [
        ("date", "2026-11-03"),
        ("quantity", "2"),
        ("order_number", "GF2611020017"),
        ("amount", "598.00 CNY"),
        ("phone", "+8613900139000"),
        ("email", "li.na@mail.example.cn"),
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("订单号0123456789一二三百块元$¥@.-+ /月日号件abz#１，年半折GF"), max_size=60))
def test_any_text_gives_ordered_spans_that_do_not_overlap(text: str) -> None:
    entities = find_entities(text, today=TODAY)
    assert all(0 <= e.start < e.end <= len(text) and text[e.start : e.end] == e.text for e in entities)
    assert all(a.end <= b.start for a, b in pairwise(entities))


@pytest.mark.parametrize("piece", ["1", "一", "one ", "1-", "@", "订单号", "1,", "+1 "])
def test_endless_repetition_ends(piece: str) -> None:
    assert len(find_entities(piece * 20_000)) < 20_000
