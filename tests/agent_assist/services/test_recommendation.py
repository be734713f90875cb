"""Recommendations over the sample shop in a real profile."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_assist.composition import App, open_app
from agent_assist.domain.language import Language
from agent_assist.domain.recommendation import Advice, QuestionKind, ReasonKind
from agent_assist.domain.shop import Order, OrderItem, Product
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from agent_assist.intake import read_products
from agent_assist.knowledge.words import query_words
from agent_assist.recommendation import Catalogue, Customer, Signals, advice_sentences, advise, read_catalogue
from agent_assist.services.recommendation import Request
from agent_assist.storage.offers import OfferStore
from agent_assist.storage.shop import ShopStore

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def products() -> list[Product]:
    return [one for one in read_products(SAMPLES / "products.jsonl") if isinstance(one, Product)]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    await app.tickets.import_shop(orders=SAMPLES / "orders.jsonl", products=SAMPLES / "products.jsonl")
    yield app
    await app.close()


async def ask(app: App, *texts: str, customer: str = "", k: int = 3) -> Advice:
    return await app.recommendation.advise(Request(texts=texts, customer=customer, k=k), now=NOW)


def skus(advice: Advice) -> list[str]:
    return [one.product.sku for one in advice.recommended]


def kinds(advice: Advice) -> set[ReasonKind]:
    return {reason.kind for one in (*advice.recommended, *advice.nearest) for reason in one.reasons}


@pytest.mark.parametrize("text", ["500 以内的降噪耳机有吗", "noise cancelling earbuds under $60"])
async def test_reasons_name_the_attribute_and_the_budget(app: App, text: str) -> None:
    advice = await ask(app, text)
    assert skus(advice) == ["GF-AUD-001"]
    told = {reason.kind: reason for reason in advice.recommended[0].reasons}
    assert (told[ReasonKind.FITS].zh, told[ReasonKind.FITS].value) == ("主动降噪", "42 dB")
    assert told[ReasonKind.IN_BUDGET].number in {500, 60}


async def test_what_cannot_be_met_is_said(app: App) -> None:
    advice = await ask(app, "300 元以内的降噪耳机")
    assert advice.recommended == ()
    assert advice.nearest[0].misses
    sentences = advice_sentences(advice)
    assert sentences[0] == "没有完全符合要求的耳机。"
    assert sentences[1].startswith("最接近的是 声屿 Air2 ")
    assert "超出预算 300 元以内" in sentences[1] or "不符合：主动降噪" in sentences[1]
    english = advice_sentences(await ask(app, "noise cancelling headphones under $30"))
    assert english[0] == "There are no headphones that meet all of this."


@pytest.mark.parametrize(("text", "word"), [("Mic One 还有货吗", "缺货"), ("Is the Mic One in stock?", "out of stock")])
async def test_what_is_out_of_stock_is_said_with_its_return(app: App, text: str, word: str) -> None:
    advice = await ask(app, text)
    assert advice.recommended == advice.nearest == ()
    assert [one.restock for one in advice.out_of_stock] == ["2026-12-08"]
    assert word in advice_sentences(advice)[0]


async def test_an_alternative_is_compared_with_what_is_out_of_stock(app: App, tmp_path: Path) -> None:
    h7 = next(one for one in products() if one.sku == "GF-AUD-003")
    await add(app, Product(sku="GF-AUD-009", name="声屿 H5 头戴式耳机", category="耳机", price=869, stock=4))
    await add(app, Product(sku=h7.sku, name=h7.name, category=h7.category, price=899, aliases=h7.aliases))
    advice = await ask(app, "H7 有货吗")
    assert skus(advice)[0] == "GF-AUD-009"
    assert "比 声屿 H7 头戴式降噪耳机 便宜 30 元" in "\n".join(advice_sentences(advice))


@pytest.mark.parametrize("text", ["推荐个耳机", "Can you recommend some headphones?"])
async def test_a_vague_wish_brings_candidates_and_one_question(app: App, text: str) -> None:
    advice = await ask(app, text)
    assert len(advice.recommended) == 3
    assert advice.question is not None
    assert advice.question.kind in {QuestionKind.KIND, QuestionKind.BUDGET}
    assert advice_sentences(advice)[-1].endswith(("？", "?"))


async def test_a_precise_wish_is_not_asked_about(app: App) -> None:
    assert (await ask(app, "500 以内的降噪耳机")).question is None


@pytest.mark.parametrize(
    "text", ["你们卖笔记本电脑吗", "有没有鱼竿卖", "快递怎么还没到", "do you sell fishing rods", "asdf qwer"]
)
async def test_nothing_is_recommended_for_what_the_shop_does_not_sell(app: App, text: str) -> None:
    advice = await ask(app, text)
    assert advice.recommended == advice.nearest == ()
    assert advice_sentences(advice)


async def test_what_the_customer_has_is_not_recommended_again(app: App) -> None:
    advice = await ask(app, "推荐个耳机", customer="林晓雯")
    assert "GF-AUD-001" not in skus(advice)
    advice = await ask(app, "有什么礼盒装的茶叶", customer="曹颖")
    assert skus(advice) == ["GF-KIT-006"], "tea is used up"


async def test_what_fits_the_customers_own_goes_up(app: App) -> None:
    advice = await ask(app, "推荐一下", customer="sunhao@example.com")
    assert skus(advice)[0] == "GF-WAT-004"
    [owned] = [one for one in advice.recommended[0].reasons if one.kind is ReasonKind.FITS_OWNED]
    assert owned.other is not None
    assert owned.other.sku == "GF-WAT-001"


@pytest.mark.parametrize("text", ["I need something for my new watch", "买了 S3 手表，配什么好"])
async def test_something_for_a_product_is_what_fits_it(app: App, text: str) -> None:
    assert skus(await ask(app, text)) == ["GF-WAT-004"]
    assert skus(await ask(app, "something for my desk")) == []


async def test_products_that_come_later_get_their_vectors_too(app: App) -> None:
    await app.start()
    offers = OfferStore(app._profile.database)
    await add(app, Product(sku="NEW", name="新品 露营灯", category="灯具", price=9, stock=1))
    await ask(app, "露营灯")
    while "NEW" not in await offers.digests("scripted"):
        await asyncio.sleep(0)


async def test_buyers_in_common_are_a_reason_from_two_on(app: App) -> None:
    for who in range(8):
        items = [OrderItem(sku=sku, name="", quantity=1, unit_price=1) for sku in ("GF-KIT-002", "GF-KIT-004")]
        await add(
            app,
            Order(
                order_number=f"N{who}", customer=f"n{who}", placed_at=NOW, status="paid", currency="CNY", total=1,
                items=tuple(items),
            ),
        )  # fmt: skip
    advice = await ask(app, "推荐一下", customer="程诺")
    assert skus(advice)[0] == "GF-KIT-004"
    [reason] = [one for one in advice.recommended[0].reasons if one.kind is ReasonKind.BOUGHT_TOGETHER]
    assert reason.number == 8


@pytest.mark.parametrize("text", ["有没有比 H7 便宜的降噪耳机", "noise cancelling headphones cheaper than the H7"])
async def test_cheaper_than_a_product_is_a_ceiling(app: App, text: str) -> None:
    assert skus(await ask(app, text)) == ["GF-AUD-001"]


async def test_what_is_to_be_charged_is_not_asked_for(app: App) -> None:
    assert skus(await ask(app, "anything to charge my iphone and watch, under $50"))[0] == "GF-PWR-006"


async def test_more_than_there_are_is_said(app: App) -> None:
    advice = await ask(app, "升降桌要 30 张")
    assert advice.recommended == ()
    assert "库存只有 18 件，要 30 件" in "\n".join(advice_sentences(advice))


async def test_prices_are_in_the_customers_currency(app: App) -> None:
    advice = await ask(app, "a canvas tote", customer="grace.kim@example.com")
    assert (advice.recommended[0].price, advice.recommended[0].currency) == (25, "USD")
    air_fryer = await ask(app, "air fryer under $80")
    assert air_fryer.recommended == ()
    assert ReasonKind.NO_PRICE in kinds(air_fryer)


async def test_the_language_is_the_customers_and_can_be_chosen(app: App) -> None:
    advice = await ask(app, "canvas tote bag in navy")
    assert advice.language is Language.EN
    assert "Toyard Canvas Tote ($25)" in advice_sentences(advice)[0]
    assert "驮野 帆布托特包（$25）" in advice_sentences(advice, Language.ZH)[0]


async def test_a_change_of_stock_is_seen_at_once(app: App) -> None:
    assert skus(await ask(app, "托特包")) == ["GF-BAG-004"]
    await add(app, Product(sku="GF-BAG-004", name="驮野 帆布托特包", category="箱包", price=129, stock=0))
    assert skus(await ask(app, "托特包")) == []


async def test_vectors_are_made_once_and_used(app: App) -> None:
    await app.start(background=False)
    assert await app.recommendation.embed_products(limit=10) == 10
    assert await app.recommendation.embed_products() == 35
    assert await app.recommendation.embed_products() == 0
    assert skus(await ask(app, "推荐个耳机"))


@pytest.mark.parametrize(("ticket", "first"), [("TK-1049", "GF-AUD-003"), ("TK-1068", "GF-AUD-001")])
async def test_a_stored_ticket_is_answered(app: App, ticket: str, first: str) -> None:
    await app.tickets.import_paths([SAMPLES / "tickets.jsonl"])
    advice = await app.recommendation.for_ticket_id(ticket)
    assert first in skus(advice)
    with pytest.raises(NotFoundError):
        await app.recommendation.for_ticket_id("nobody")


async def test_an_empty_text_is_refused_with_a_sentence(app: App) -> None:
    with pytest.raises(InputError, match="Give what the customer wrote"):
        await ask(app, "  ")


async def add(app: App, what: Product | Order) -> None:
    """Straight into the profile, as an import does."""
    shop = ShopStore(app._profile.database)
    await (shop.add_products([what]) if isinstance(what, Product) else shop.add_orders([what]))


def split(text: str) -> tuple[str, ...]:
    return query_words(text).words


@pytest.fixture(scope="module")
def half_empty() -> Catalogue:
    """The sample shop with every second product out of stock."""
    emptied = [replace(one, stock=one.stock if place % 2 else 0) for place, one in enumerate(products())]
    return read_catalogue(emptied, split=split)


WORDS = (
    "耳机 earbuds 推荐 没有 不要 黑色 300 以内 under $ 50 左右 至少 8 小时 IP67 size XL 码 5 个 Mic One 电饭煲 "
    "charger for my iPhone H7 表带 ， . between and 或者 任何 anything 充电宝 gift 礼物 2万 毫安"
)
PIECES = st.sampled_from(re.split(" ", WORDS))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map(" ".join)))
def test_nothing_out_of_stock_is_shown_whatever_the_text(half_empty: Catalogue, text: str) -> None:
    wishes = half_empty.read([text])
    signals = Signals(coverage=half_empty.coverage(wishes))
    advice = advise(half_empty, wishes, customer=Customer(), signals=signals, language=Language.ZH, now=NOW, k=5)
    assert all(one.product.stock > 0 for one in (*advice.recommended, *advice.nearest))
    assert all(advice_sentences(advice, language) for language in Language) or not text.strip()
    budget = wishes.budget
    if budget is not None:
        assert all(one.price <= budget.high for one in advice.recommended)
