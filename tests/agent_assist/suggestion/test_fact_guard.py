"""Facts are found in whatever form they are written, and invented ones are marked."""

import pytest

from agent_assist.suggestion.fact_guard import Evidence, find_unsupported

POLICY_ZH = "签收后7天内可无理由退货，运费满99元包邮，退款在3-5个工作日内原路退回，会员享八五折。"
POLICY_EN = (
    "Return within 7 days of delivery. Orders over $99 ship free. Refunds take 3-5 business days. Members get 15% off."
)


def marked(draft: str, *sources: str, thread: tuple[str, ...] = (), facts: tuple[str, ...] = ()) -> list[str]:
    found = find_unsupported(draft, Evidence(sources=sources, thread=thread, facts=facts))
    return [draft[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    "draft",
    [
        "您好，签收后七天内都可以退货哦。",
        "一周内可以退货，满99元包邮。",
        "退款会在3-5个工作日内退回。",
        "会员可以打85折。",
        "You can return it within one week.",
        "亲，请放心，一个包裹都不会少。",
    ],
)
def test_supported_facts_in_any_form_pass(draft: str) -> None:
    assert marked(draft, POLICY_ZH) == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("签收后15天内可以退货。", "15天"),
        ("满199元包邮。", "199元"),
        ("退款会在3-5天内退回。", "3-5天"),
        ("会员可以打七折。", "七折"),
        ("退款 7-10 个工作日到账。", "7-10 个工作日"),
    ],
)
def test_wrong_facts_are_marked(draft: str, wrong: str) -> None:
    assert [text.strip() for text in marked(draft, POLICY_ZH)] == [wrong]


def test_english_facts() -> None:
    assert marked("You have seven days, and shipping is free over $99.00.", POLICY_EN) == []
    assert marked("You have 30 days, and shipping is free over $49.", POLICY_EN) == ["30 days", "$49"]


def test_thread_and_order_facts_support_too() -> None:
    draft = "您的订单 GF2611020017 已发货，运单号 SF1234567890123。"
    assert marked(draft) == ["GF2611020017", "SF1234567890123"]
    assert marked(draft, thread=("我的订单GF2611020017呢",), facts=("顺丰运单号：SF1234567890123",)) == []


def test_numbered_lines_are_not_facts() -> None:
    assert marked("1. 打开订单\n2. 点击申请退货\n3. 寄回", POLICY_ZH) == []


def test_reason_names_the_kind() -> None:
    [one] = find_unsupported("满199元包邮", Evidence(sources=(POLICY_ZH,)))
    assert one.reason == "amount_not_found"


def test_empty_draft_states_nothing() -> None:
    assert find_unsupported("", Evidence(sources=())) == ()
