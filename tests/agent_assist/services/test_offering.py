"""Suggestions that name products, where a ticket asks what to buy or whether it is there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.shop import Product
from agent_assist.domain.suggestion import SourceKind, Suggestion, SuggestionKind
from agent_assist.engine.testing import KEYWORDS, ScriptedEngine
from agent_assist.storage.shop import ShopStore
from tests.helpers.makers import customer, ticket

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
ASKED = {
    "推荐": "presale.recommend",
    "recommend": "presale.recommend",
    "有货": "presale.availability",
    "in stock": "presale.availability",
}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine(keywords={**KEYWORDS, **ASKED}))
    await app.start(background=False)
    await app.tickets.import_shop(orders=SAMPLES / "orders.jsonl", products=SAMPLES / "products.jsonl")
    yield app
    await app.close()


async def suggested(app: App, text: str) -> Suggestion:
    return await app.suggester.suggest(ticket("T1", customer(text), customer=""))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "推荐一款 500 以内的降噪耳机",
            "您好，符合您要求的有：\n- 声屿 Air2 真无线降噪耳机，399 元（主动降噪：42 dB）",
        ),
        (
            "can you recommend noise cancelling earbuds under $60",
            "Hello! This is what fits:\n- Sonisle Air2 ANC Earbuds, $59 (noise cancelling: 42 dB)",
        ),
    ],
)
async def test_products_are_told_by_their_own_data(app: App, text: str, told: str) -> None:
    suggestion = await suggested(app, text)
    assert (suggestion.kind, suggestion.draft) == (SuggestionKind.GENERATED, told)
    assert [(one.kind, one.doc_id) for one in suggestion.sources] == [(SourceKind.PRODUCT, "GF-AUD-001")]
    assert suggestion.unsupported == ()
    assert suggestion.model_version == "products"


async def test_what_is_out_of_stock_is_told_with_its_return(app: App) -> None:
    suggestion = await suggested(app, "is the Mic One in stock")
    assert (
        suggestion.draft == "Hello! The Sonisle Mic One USB Microphone is out of stock and expected back on 2026-12-08."
    )
    assert suggestion.unsupported == ()


async def test_the_nearest_is_told_with_what_it_misses(app: App) -> None:
    suggestion = await suggested(app, "推荐一款 110V 的空气炸锅")
    assert "没有完全符合要求的，最接近的是" in suggestion.draft
    assert "不符合：电压 110v（这款是 220 V）" in suggestion.draft


async def test_other_customers_and_the_number_in_stock_stay_with_the_agent(app: App) -> None:
    suggestion = await suggested(app, "推荐个耳机")
    assert suggestion.kind is SuggestionKind.GENERATED
    assert "位" not in suggestion.draft
    assert (await suggested(app, "升降桌要 30 张，有货吗")).model_version != "products"


@pytest.mark.parametrize("text", ["推荐一台笔记本电脑", "推荐的耳机坏了，怎么退货"])
async def test_without_a_product_the_way_is_as_before(app: App, text: str) -> None:
    assert (await suggested(app, text)).model_version != "products"


async def test_a_kept_suggestion_lapses_when_its_product_changes(app: App) -> None:
    thread = ticket("T1", customer("推荐一个 100 元以内的保温杯"), customer="")
    await app.suggestions._tickets.add([thread])
    assert (await app.suggestions.finished("T1")).sources[0].doc_id == "GF-KIT-005"
    assert (await app.tickets.open("T1")).suggestion is not None
    shop = ShopStore(app._profile.database)
    [tumbler] = await shop.products(["GF-KIT-005"])
    await shop.add_products([replace(tumbler, stock=7)])
    assert (await app.tickets.open("T1")).suggestion is not None, "the number is not told"
    await shop.add_products([replace(tumbler, stock=0)])
    assert (await app.tickets.open("T1")).suggestion is None
    sources = (await app.suggestions.finished("T1")).sources
    assert all("缺货" in one.passage for one in sources)
    await shop.add_products([Product(sku="GF-KIT-005", name="保温杯", stock=1)])
    assert (await app.tickets.open("T1")).suggestion is None
