"""What to do beside the reply, by cases in both languages."""

import re
from dataclasses import replace

import pytest

from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.next_action import (
    NOTES,
    ActionKind,
    NextAction,
    action_fields,
    action_name,
    action_note,
    action_reason,
    action_table,
)
from agent_assist.domain.shop import Order, OrderEvent, OrderItem
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import ScoredLabel
from agent_assist.suggestion.next_action import Macro, Situation, next_action
from tests.helpers.makers import NOON, agent, customer, ticket, understanding

MACRO = Macro(doc_id="m", title="Thanks", text="Thank you!")
ITEM = OrderItem(sku="A", name="Air2", quantity=1, unit_price=399.0)
ORDER = Order(
    order_number="GF1",
    customer="李雷",
    placed_at=NOON,
    status="delivered",
    currency="CNY",
    total=399.0,
    items=(ITEM,),
    carrier="顺丰",
    tracking_number="SF1",
    events=(OrderEvent(at=NOON, text="已签收"),),
)


def advised(
    text: str,
    intent: str,
    status: str = "",
    *,
    sentiment: str = "neutral",
    urgency: str = "normal",
    macro: Macro | None = None,
    order: Order = ORDER,
    in_scope: bool = True,
) -> NextAction:
    chosen = replace(order, status=status) if status else None
    if status in ("pending", "paid"):
        chosen = replace(order, status=status, tracking_number="", events=())
    return next_action(
        Situation(
            ticket=ticket("T1", customer(text)),
            understanding=understanding(intent, sentiment=sentiment, urgency=urgency, in_scope=in_scope),
            order=chosen,
            language=detect_language(text),
            macro=macro,
        )
    )


CASES = [
    # danger and law, whatever the order says
    ("充电的时候冒烟了，差点着火", "quality.wrong_or_damaged", "delivered", "escalate", "safety"),
    ("用了两次就漏电，电到我了", "warranty.repair", "", "escalate", "safety"),
    ("涂了以后脸上过敏，去医院了", "complaint.service", "delivered", "escalate", "safety"),
    ("The charger caught fire last night", "quality.wrong_or_damaged", "delivered", "escalate", "safety"),
    ("it gave me an electric shock", "warranty.repair", "", "escalate", "safety"),
    ("the blade cut my hand, it has no guard", "complaint.service", "delivered", "escalate", "safety"),
    ("充电宝突然炸了", "quality.wrong_or_damaged", "delivered", "escalate", "safety"),
    ("再不处理我就打12315投诉", "complaint.service", "paid", "escalate", "legal"),
    ("我会找律师起诉你们", "refund.request", "delivered", "escalate", "legal"),
    ("I will sue you", "refund.request", "delivered", "escalate", "legal"),
    ("My lawyer will hear of this", "complaint.service", "", "escalate", "legal"),
    ("I am filing a chargeback", "refund.request", "shipped", "escalate", "legal"),
    ("叫你们主管来", "complaint.service", "", "escalate", "asks_supervisor"),
    ("let me talk to your manager", "human.request", "", "escalate", "asks_supervisor"),
    # asked about or denied is not told of
    ("这个插座会不会漏电？", "presale.product_info", "", "nothing", "nothing_needed"),
    ("有漏电保护吗", "presale.product_info", "", "nothing", "nothing_needed"),
    ("小孩用会过敏吗", "presale.product_info", "", "nothing", "nothing_needed"),
    ("could it catch a virus or explode if it gets hot", "presale.product_info", "", "nothing", "nothing_needed"),
    ("nobody was hurt and it has not exploded", "order.status", "", "nothing", "nothing_needed"),
    ("do you sell fireplaces", "presale.product_info", "", "nothing", "nothing_needed"),
    ("is this court shoe in stock", "presale.availability", "", "nothing", "nothing_needed"),
    ("空气炸锅炸了薯条有怪味正常吗", "product.usage", "delivered", "nothing", "nothing_needed"),
    ("我对花生过敏，这款能吃吗", "presale.product_info", "", "nothing", "nothing_needed"),
    ("相机拍出来曝光过度怎么调", "product.usage", "delivered", "nothing", "nothing_needed"),
    ("the court shoe I ordered is late", "logistics.delay", "paid", "nothing", "not_shipped"),
    ("订单 GF2611231500 什么时候发", "logistics.delay", "paid", "nothing", "not_shipped"),
    ("I bought a rash guard for swimming", "order.status", "paid", "nothing", "not_shipped"),
    # something is wrong with the goods
    ("收到的杯子碎了", "quality.wrong_or_damaged", "delivered", "ask_photos", "photos_needed"),
    ("收到的杯子碎了", "quality.wrong_or_damaged", "", "ask_photos", "photos_needed"),
    ("the mug arrived broken", "quality.wrong_or_damaged", "delivered", "ask_photos", "photos_needed"),
    ("杯子碎了，照片发你了", "quality.wrong_or_damaged", "delivered", "refund_form", "damaged_with_photos"),
    ("broken, photos attached", "quality.wrong_or_damaged", "delivered", "refund_form", "damaged_with_photos"),
    ("broken, photos attached", "quality.wrong_or_damaged", "refunded", "nothing", "already_refunded"),
    ("你们发错了吧", "quality.wrong_or_damaged", "paid", "nothing", "not_shipped"),
    ("the zip does not close any more", "warranty.repair", "delivered", "ask_photos", "photos_needed"),
    # money back, by the order's state
    ("我要退款", "refund.request", "delivered", "refund_form", "wants_money_back"),
    ("I want my money back", "refund.request", "delivered", "refund_form", "wants_money_back"),
    ("不合适想退货", "return.request", "delivered", "refund_form", "wants_money_back"),
    ("我要退款", "refund.request", "paid", "nothing", "not_shipped"),
    ("我要退款", "refund.request", "shipped", "nothing", "not_delivered"),
    ("I want to return it", "return.request", "shipped", "nothing", "not_delivered"),
    ("我要退款", "refund.request", "pending", "nothing", "not_paid"),
    ("我要退款", "refund.request", "cancelled", "nothing", "already_cancelled"),
    ("I want my money back", "refund.request", "refunded", "nothing", "already_refunded"),
    ("I want my money back", "refund.request", "", "nothing", "order_unknown"),
    ("不想要了，取消订单", "order.cancel", "paid", "refund_form", "cancel_before_shipping"),
    ("please cancel my order", "order.cancel", "paid", "refund_form", "cancel_before_shipping"),
    ("please cancel my order", "order.cancel", "pending", "nothing", "not_paid"),
    ("please cancel my order", "order.cancel", "shipped", "track_parcel", "under_way"),
    ("退款到哪了", "refund.status", "delivered", "nothing", "nothing_needed"),
    # the parcel
    ("快递到哪了", "logistics.track", "shipped", "track_parcel", "under_way"),
    ("where is my parcel", "logistics.track", "shipped", "track_parcel", "under_way"),
    ("显示签收了但我没收到", "logistics.not_received", "delivered", "track_parcel", "delivered_not_received"),
    ("it says delivered but no", "logistics.not_received", "delivered", "track_parcel", "delivered_not_received"),
    ("我拒收了", "logistics.refuse", "shipped", "track_parcel", "refused"),
    ("怎么还不发货", "logistics.delay", "paid", "nothing", "not_shipped"),
    ("where is my parcel", "logistics.track", "", "nothing", "order_unknown"),
    ("谢谢", "chat.thanks", "delivered", "nothing", "nothing_needed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "intent", "status", "kind", "reason"), CASES)
def test_the_first_rule_that_fits_is_advised(text: str, intent: str, status: str, kind: str, reason: str) -> None:
    action = advised(text, intent, status)
    assert (action.kind, action.reason) == (kind, reason)


def test_anger_escalates_a_complaint_and_nothing_else() -> None:
    assert advised("太差了！！", "complaint.service", sentiment="very_negative").reason == "angry_complaint"
    assert advised("太差了", "complaint.service", sentiment="negative", urgency="high").reason == "angry_complaint"
    assert advised("太差了", "complaint.service", sentiment="negative").kind is ActionKind.NOTHING
    assert advised("快递呢！！", "logistics.track", "shipped", sentiment="very_negative").reason == "under_way"


def test_a_return_that_is_under_way_needs_no_second_form() -> None:
    sent = replace(ORDER, events=(OrderEvent(at=NOON, text="退货寄出，运单号 SF2"),))
    assert advised("我要退款", "refund.request", "delivered", order=sent).reason == "return_under_way"


def test_a_refund_wish_that_cancels_too_has_its_form_before_shipping() -> None:
    read = understanding("refund.request")
    both = replace(read, intents=(*read.intents, ScoredLabel(label="order.cancel", score=0.8)))
    known = Situation(
        ticket=ticket("T1", customer("取消订单，退款")),
        understanding=both,
        order=replace(ORDER, status="paid", tracking_number=""),
        language=Language.ZH,
    )
    assert next_action(known).reason == "cancel_before_shipping"


def test_a_macro_comes_after_what_the_order_asks_for() -> None:
    assert advised("谢谢", "chat.thanks", macro=MACRO) == NextAction(
        kind=ActionKind.SEND_MACRO, reason="macro_fits", text="Thank you!", doc_id="m", title="Thanks"
    )
    assert advised("我要退款", "refund.request", "delivered", macro=MACRO).kind is ActionKind.REFUND_FORM
    assert advised("我要退款", "refund.request", "shipped", macro=MACRO).kind is ActionKind.SEND_MACRO


def test_out_of_scope_danger_is_danger() -> None:
    assert advised("充电的时候冒烟了", "chat.greeting", in_scope=False).reason == "safety"
    assert advised("我要退款", "refund.request", "delivered", in_scope=False).kind is ActionKind.NOTHING


def test_what_was_answered_already_is_not_told_again() -> None:
    known = Situation(
        ticket=ticket("T1", customer("我要起诉"), agent("很抱歉"), customer("好的谢谢")),
        understanding=understanding("chat.thanks"),
        order=None,
        language=Language.ZH,
    )
    assert next_action(known).kind is ActionKind.NOTHING


def test_a_form_says_what_it_is_prefilled_with() -> None:
    action = advised("I want my money back", "refund.request", "delivered")
    fields = dict(action_fields(action, Language.EN))
    assert fields["Order"] == "GF1"
    assert fields["Order total (the most to refund)"] == "399.00 CNY"
    assert fields["Items"] == "Air2 x1"
    note = action_note(action, Language.ZH)
    assert note.startswith("填写退款单: 订单已签收，顾客要求退款")
    assert "订单号: GF1" in note


def test_what_is_written_to_the_customer_is_in_their_language() -> None:
    assert "运单号 SF1" in advised("快递到哪了", "logistics.track", "shipped").text
    assert "tracking number SF1" in advised("where is my parcel", "logistics.track", "shipped").text
    assert "photos" in advised("it arrived broken", "quality.wrong_or_damaged", "delivered").text


@pytest.mark.parametrize("language", list(Language))
def test_the_table_is_whole(language: Language) -> None:
    table, taxonomy = action_table(), load_taxonomy()
    known = {*taxonomy.intents, *taxonomy.topics}
    for kind in ActionKind:
        assert action_name(kind, language)
    for rule in table.rules:
        assert set(rule.intents) <= known, rule
        assert action_reason(NextAction(kind=rule.action, reason=rule.reason, words="x"), language)
        if rule.action in NOTES:
            assert rule.reason
    for patterns in table.signals.values():
        assert all(re.compile(pattern) for pattern in patterns)
