"""Which two passages contradict each other, and which say the same twice."""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from agent_assist.domain.conflicts import ConflictKind
from agent_assist.domain.facts import FactKind, find_facts
from agent_assist.domain.knowledge import Article, ArticleKind
from agent_assist.domain.language import detect_language
from agent_assist.knowledge import read_articles, split_article
from agent_assist.knowledge.conflicts.judge import judge
from agent_assist.knowledge.conflicts.sides import Side, side

CONTRADICTION, DUPLICATE = ConflictKind.CONTRADICTION, ConflictKind.DUPLICATE


@dataclass(frozen=True)
class Case:
    """Two questions with their answers, and the cosines that the encoder gives of questions and answers."""

    one: tuple[str, str]
    other: tuple[str, str]
    questions: float
    passages: float
    expected: ConflictKind | None
    facts: tuple[tuple[str, str], ...] = ()


CASES = {
    "days, zh": Case(
        ("退货期限是多久？", "签收后 7 天内可以无理由退货。"),
        ("多久之内能退货？", "收到商品15天内都可以退货。"),
        0.981,
        0.970,
        CONTRADICTION,
        (("7 天", "15天"),),
    ),
    "seven days and a week": Case(
        ("退货期限是多久？", "签收后七天内可以无理由退货。"),
        ("多久之内能退货？", "收到商品一周内都可以退货。"),
        0.981,
        0.967,
        None,
    ),
    "two languages": Case(
        ("How long do I have to return an item?", "You can return items within 7 days of delivery."),
        ("退货期限是多久？", "签收后 15 天内可以无理由退货。"),
        0.854,
        0.861,
        CONTRADICTION,
        (("7 days", "15 天"),),
    ),
    "two languages, one week": Case(
        ("How long do I have to return an item?", "You can return items within one week of delivery."),
        ("退货期限是多久？", "签收后七天内可以无理由退货。"),
        0.854,
        0.860,
        None,
    ),
    "two languages, several facts": Case(
        ("How do refunds work?", "We check within 2 days and refund within 30 minutes."),
        ("怎么退款？", "审核需要 1 个工作日。"),
        0.875,
        0.859,
        None,
    ),
    "yes and no, en": Case(
        ("Can I cancel my order?", "Yes, you can cancel until it ships."),
        ("Can I cancel an order after I paid?", "No, orders cannot be cancelled after payment."),
        0.963,
        0.927,
        CONTRADICTION,
        (("Yes, you can cancel until it ships.", "No, orders cannot be cancelled after pay"),),
    ),
    "yes and no, zh": Case(
        ("可以开专票吗？", "可以，下单时填写税号即可。"),
        ("能不能开增值税专用发票？", "不可以，我们只开普通发票。"),
        0.949,
        0.956,
        CONTRADICTION,
        (("可以，下单时填写税号即可。", "不可以，我们只开普通发票。"),),
    ),
    "yes and no about two countries": Case(
        ("Do you ship to Canada?", "Yes, we ship to Canada for $20."),
        ("Do you ship to Australia?", "No, we do not ship to Australia."),
        0.945,
        0.911,
        None,
    ),
    "discounts": Case(
        ("会员打几折？", "金卡会员享受九折优惠。"),
        ("金卡会员有什么折扣？", "金卡会员享受 8.5 折优惠。"),
        0.906,
        0.976,
        CONTRADICTION,
        (("九折", "8.5 折"),),
    ),
    "a discount in two ways": Case(
        ("会员打几折？", "金卡会员享受九折优惠。"),
        ("金卡会员有什么折扣？", "金卡会员 10% off。"),
        0.906,
        0.964,
        None,
    ),
    "amounts": Case(
        ("How much is express shipping?", "Express shipping costs $15."),
        ("What does express shipping cost?", "Express delivery costs $20 per order."),
        0.988,
        0.976,
        CONTRADICTION,
        (("$15", "$20"),),
    ),
    "amounts for two services": Case(
        ("How much is express shipping?", "Express shipping costs $15."),
        ("What does standard shipping cost?", "Standard shipping costs $5."),
        0.895,
        0.933,
        None,
    ),
    "months and years": Case(
        ("How long is the warranty of the kettle?", "The kettle has a warranty of 12 months."),
        ("Kettle warranty", "The kettle comes with a 2 year warranty."),
        0.934,
        0.934,
        CONTRADICTION,
        (("12 months", "2 year"),),
    ),
    "two products": Case(
        ("How long is the warranty of the kettle?", "The kettle has a warranty of 12 months."),
        ("How long is the warranty of the blender?", "The blender has a warranty of 24 months."),
        0.922,
        0.927,
        None,
    ),
    "two models": Case(
        ("How do I reset the R5?", "Hold the power button of the robot for 5 days, then let it charge."),
        ("How do I reset the R3?", "Hold the power button of the robot for 3 days, then let it charge."),
        0.97,
        0.98,
        None,
    ),
    "more is said": Case(
        ("How long does a refund take?", "Refunds reach your card within 3 business days."),
        ("When do I get my refund?", "We refund within 3 days. Contact us within 48 hours if it does not arrive."),
        0.950,
        0.944,
        None,
    ),
    "hours and days": Case(
        ("发货要多久？", "付款后 48 小时内发货。"), ("多久发货？", "付款后两天内发货。"), 0.993, 0.975, None
    ),
    "a number that is counted": Case(
        ("客服几点上班？", "客服在线时间为 9 点到 22 点。"),
        ("客服工作时间", "客服在线时间为 8 点到 22 点。"),
        0.967,
        0.979,
        CONTRADICTION,
        (("9", "8"),),
    ),
    "the same twice": Case(
        ("如何修改收货地址？", "未发货的订单可以在“我的订单—修改地址”里免费改 1 次。"),
        ("怎么改地址？", "没发货的订单，可以在“我的订单—修改地址”里免费修改 1 次。"),
        0.935,
        0.990,
        DUPLICATE,
    ),
    "the same for two products": Case(
        ("How do I clean the kettle?", "Fill the kettle with water and vinegar, boil it, and rinse it well."),
        ("How do I clean the teapot?", "Fill the teapot with water and vinegar, boil it, and rinse it well."),
        0.95,
        0.97,
        None,
    ),
    "two packs with their prices in the titles": Case(
        ("9元流量包介绍", "【9元流量包】含国内移动数据流量，超出后按流量计费，流量只用于指定的应用。"),
        ("18元流量包介绍", "【18元流量包】含国内移动数据流量，超出后按流量计费，流量只用于指定的应用。"),
        0.97,
        0.97,
        None,
    ),
    "two plans in long texts": Case(
        ("爱心卡流量版", "月套餐费 19 元，套餐内含通话 50 分钟。超出后国内主叫 0.1 元/分钟，国内被叫免费。"),
        ("办理最便宜的套餐", "自由选套餐语音版 8 元，通话 30 分钟，超出部分国内主叫 0.25 元/分钟，免来电显示。"),
        0.0,
        0.92,
        None,
    ),
    "from and to": Case(
        ("迟发怎么赔", "迟发一天赔付订单金额，最低 5 元，最高 50 元。"),
        ("晚发货赔多少", "迟发一天赔付订单金额，最低 5 元，最高 80 元。"),
        0.93,
        0.97,
        CONTRADICTION,
        (("50 元", "80 元"),),
    ),
    "one of two equal amounts": Case(
        ("满多少包邮？", "订单实付满 99 元包邮，不满 99 元收 8 元运费。"),
        ("多少钱包邮", "订单实付满 199 元包邮，不满 99 元收 8 元运费。"),
        0.97,
        0.99,
        CONTRADICTION,
        (("99 元", "199 元"),),
    ),
    "one clause in two long texts": Case(
        ("过保还能修吗", "过保商品我们也可以检修。检测费 30 元，同意维修后检测费免收，只收配件和人工费。"),
        ("保修期以外怎么办", "可以付费维修。检测费 50 元，同意维修后免收，只收配件费和人工费，返修件再保三个月。"),
        0.0,
        0.93,
        CONTRADICTION,
        (("30 元", "50 元"),),
    ),
}


def made(doc_id: str, question: str, text: str) -> Side:
    article = Article(
        doc_id=doc_id,
        title=question,
        text=text,
        question=question,
        kind=ArticleKind.FAQ,
        language=detect_language(question + text),
    )
    [passage] = split_article(article)
    return side(article, passage)


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str) -> None:
    case = CASES[name]
    one, other = made("a", *case.one), made("b", *case.other)
    found = judge(one, other, passages=case.passages, questions=case.questions)
    assert (found.kind if found else None) == case.expected
    if found is not None:
        assert tuple((fact.one, fact.other) for fact in found.facts) == case.facts
        assert (found.one.passage, found.other.passage) == (case.one[1], case.other[1])
        mirrored = judge(other, one, passages=case.passages, questions=case.questions)
        assert mirrored is not None
        assert (mirrored.kind, len(mirrored.facts)) == (found.kind, len(found.facts))


def test_unrelated_texts_are_no_conflict() -> None:
    one, other = made("a", "退货期限？", "7 天内可退。"), made("b", "运费？", "运费 15 元，3 天到。")
    assert judge(one, other, passages=0.91, questions=0.88) is None


def test_a_changed_amount_or_time_in_a_copy_of_a_sample_article_is_found() -> None:
    """Each fact of each FAQ of the sample shop, one at a time, in a copy that asks otherwise."""
    found = changed = 0
    for article in read_articles([Path(str(files("resources").joinpath("samples", "knowledge.jsonl")))]):
        if not isinstance(article, Article) or not article.variants or len(split_article(article)) != 1:
            continue
        for fact in find_facts(article.text):
            written = article.text[fact.start : fact.end]
            other = re.sub(r"(\d+)(?!.*\d)", lambda match: str(int(match[1]) * 2 + 1), written)
            if fact.kind in {FactKind.AMOUNT, FactKind.DURATION} and other != written:
                text = f"{article.text[: fact.start]}{other}{article.text[fact.end :]}"
                pair = made("a", article.question, article.text), made("b", article.variants[0], text)
                conflict = judge(*pair, passages=0.985, questions=0.97)
                changed += 1
                found += conflict is not None and conflict.kind is CONTRADICTION
    assert changed > 140
    assert found / changed > 0.97
