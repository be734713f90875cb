"""A value counts only where the sources tell it of the same thing; denials, products and promises count too."""

import pytest

from agent_assist.domain.shop import Product
from agent_assist.domain.suggestion import UnsupportedReason
from agent_assist.suggestion.fact_guard import Evidence, find_unsupported
from agent_assist.suggestion.products import ProductNames

EXCHANGE = "签收后7天内可退货，15天内可换货。拆封后不支持退货。"
FEES = "银卡：满200元包邮，退货期7天；金卡：满100元包邮，退货期30天。"
MODELS = "The K-350 costs $99 and holds 1.7 L. The K-500 costs $129 and holds 2.5 L. Opened kettles cannot be returned."
NAMES = ProductNames(
    [Product(sku="S-1", name="声屿降噪耳机", name_en="Sonisle Earbuds", brand="声屿 Sonisle", aliases=("降噪豆",))]
)


def found(draft: str, *sources: str, **more: tuple[str, ...]) -> list[tuple[str, UnsupportedReason]]:
    marked = find_unsupported(draft, Evidence(sources=sources, names=NAMES, **more))  # type: ignore[arg-type]
    return [(draft[one.start : one.end], one.reason) for one in marked]


@pytest.mark.parametrize(
    ("draft", "source", "wrong"),
    [
        ("换货期限是7天。", EXCHANGE, "7天"),
        ("签收后15天内可以退货。", EXCHANGE, "15天"),
        ("金卡的退货期是7天。", FEES, "7天"),
        ("银卡满100元包邮。", FEES, "100元"),
        ("The K-350 costs $129.", MODELS, "$129"),
        ("The K-500 holds 1.7 litres.", MODELS, "1.7 litres"),
    ],
)
def test_a_neighbours_value_is_marked(draft: str, source: str, wrong: str) -> None:
    assert found(draft, source) == [(wrong, UnsupportedReason.OTHER_SUBJECT)]


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("可以的，签收后一周内都能退。", EXCHANGE),
        ("换货的话请在十五天内申请。", EXCHANGE),
        ("退货7天，换货15天。", EXCHANGE),
        ("金卡会员的退货期为三十天。", FEES),
        ("The K-500 is $129, the K-350 is $99.", MODELS),
        ("拆封以后就不能退货了哦。", EXCHANGE),
        ("Sorry, opened kettles can't be returned.", MODELS),
    ],
)
def test_what_the_source_tells_passes(draft: str, source: str) -> None:
    assert found(draft, source) == []


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("拆封后支持退货。", EXCHANGE),
        ("签收后7天内不可以退货。", EXCHANGE),
        ("Opened kettles can be returned.", MODELS),
    ],
)
def test_the_opposite_is_marked(draft: str, source: str) -> None:
    assert [reason for _, reason in found(draft, source)] == [UnsupportedReason.CONTRADICTION]


@pytest.mark.parametrize(
    "draft",
    [
        "我们保证您满意。",
        "明天一定能到。",
        "已经为您加急了。",
        "我给您补偿一张优惠券。",
        "We will refund you today.",
        "I have already escalated this to my manager.",
        "We'll send it free of charge.",
        "As a goodwill gesture we will waive the fee.",
    ],
)
def test_promises_need_a_ground(draft: str) -> None:
    assert UnsupportedReason.PROMISE in {reason for _, reason in found(draft, EXCHANGE, MODELS)}


@pytest.mark.parametrize(
    "draft",
    [
        "我帮您核实一下再回复您。",
        "我们无法保证到货时间。",
        "需要为您免费换一个吗？",
        "We'll check this for you.",
        "We cannot guarantee that.",
    ],
)
def test_what_promises_nothing_passes(draft: str) -> None:
    assert found(draft, EXCHANGE, MODELS) == []


def test_promises_rest_on_passages_order_and_the_agents_own_words_but_not_on_the_customers() -> None:
    assert found("我们免费为您换新。", "质量问题免费换新。") == []
    assert found("您的订单已经发货了。", facts=("订单 GF2611020017：已发货，运输中",)) == []
    asked = "你们免费给我补发一件吧"
    assert [reason for _, reason in found("我们免费补发。", thread=(asked,))] == [UnsupportedReason.PROMISE]
    assert found("我们免费补发。", thread=(asked,), own=("我们可以免费补发一件。",)) == []


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("The K-900 is the same.", UnsupportedReason.PRODUCT),
        ("声屿降噪耳机也一样。", UnsupportedReason.PRODUCT),
        ("Use the code VIP20.", UnsupportedReason.PRODUCT),
        ("我们从成都发货。", UnsupportedReason.PLACE),
        ("客服到下午5点下班。", UnsupportedReason.TIME),
        ("请周三联系我们。", UnsupportedReason.DATE),
        ("It weighs 5 kg.", UnsupportedReason.NUMBER),
        ("See www.kettles.example/help for more.", UnsupportedReason.IDENTIFIER),
        ("Write to help@kettles.example.", UnsupportedReason.IDENTIFIER),
        ("次日送达。", UnsupportedReason.DURATION),
    ],
)
def test_what_nobody_named_is_marked(draft: str, reason: UnsupportedReason) -> None:
    assert [one for _, one in found(draft, MODELS)] == [reason]


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("重1000克。", "重1kg。"),
        ("the cable is 180 cm", "Cable: 1.8 m"),
        ("截单时间是下午五点。", "每天17:00截单。"),
        ("We close at 5 p.m.", "Open until 17:00."),
        ("星期一到星期五有人。", "周一至周五在线。"),
        ("周三在线。", "周一至周五在线。"),
        ("Wednesdays are fine.", "周一至周五在线。"),
        ("请在7天内申请。", "请在7日内申请。"),
        ("You have two weeks.", "Within a fortnight."),
        ("It takes half a year.", "保修半年。"),
        ("保修一个半月。", "1.5个月保修"),
        ("寄上海要3天。", "江浙沪3天送达。"),
        ("The k350 is fine.", "K-350 in stock."),
        ("尺码有XXL码。", "S、M、L、2XL、XXL"),
        ("March 5 works.", "下单日期：2026-03-05"),
        ("价格12000元。", "¥1.2万"),
        ("退货期7天。", "商品 | 退货期(天)\n水壶 | 7"),
        ("每月5元。", "月付5元"),
        ("21元一套。", "每套21元。"),
        ("降噪豆有货。", "声屿降噪耳机：有货"),
    ],
)
def test_other_ways_of_writing_pass(draft: str, source: str) -> None:
    assert found(draft, source) == []
