"""Reviewed texts with slots are filled before they are suggested, and never sent with a gap."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.domain.suggestion import Suggestion, SuggestionKind, UnsupportedReason
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from tests.helpers.shop import open_shop, write_rows

QUESTION = "where is my parcel for order GF2611020017?"
ORDER = {
    "order_number": "GF2611020017",
    "customer": "Ann Lee",
    "placed_at": "2026-11-02T09:00:00+00:00",
    "status": "shipped",
    "currency": "USD",
    "total": 59.0,
    "carrier": "UPS",
    "tracking_number": "1Z999AA10123456784",
    "items": [{"sku": "S1", "name": "水壶", "quantity": 1, "unit_price": 59.0}],
}
MACRO = Article(
    doc_id="m-where",
    title="Where is it",
    text="Hi {customer_name}, your {product} ({order_number}, {amount}) is {order_status}: "
    "{carrier} {tracking_number}.",
    question=QUESTION,
    language=Language.EN,
    kind=ArticleKind.MACRO,
)


async def shop_with(app: App, engine: ScriptedEngine, folder: Path, macro: Article) -> None:
    engine.entities["GF2611020017"] = "order_number"
    products = [{"sku": "S1", "name": "水壶", "name_en": "Kettle"}]
    await app.tickets.import_shop(
        orders=write_rows(folder / "orders.jsonl", [ORDER]), products=write_rows(folder / "products.jsonl", products)
    )
    rows = [
        {"id": "known", "customer": "Ann Lee", "text": QUESTION},
        {"id": "unknown", "customer": "ann@example.com", "text": QUESTION.replace("0017", "0025")},
    ]
    await app.tickets.import_paths([write_rows(folder / "asked.jsonl", rows)])
    await app.articles.create(macro)
    await app.knowledge.embed_outdated()


async def suggested(app: App, ticket_id: str) -> Suggestion:
    return await app.suggestions.finished(ticket_id)


async def test_an_approved_text_is_filled_from_ticket_and_order(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await shop_with(app, engine, tmp_path, MACRO)
        suggestion = await suggested(app, "known")
        assert suggestion.kind is SuggestionKind.APPROVED
        assert suggestion.draft == (
            "Hi Ann Lee, your Kettle (GF2611020017, $59.00) is shipped, in transit: UPS 1Z999AA10123456784."
        )
        assert (suggestion.unsupported, suggestion.gaps) == ((), ())
        await app.feedback.accept(suggestion)


async def test_a_gap_is_marked_and_keeps_the_text_from_being_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await shop_with(app, engine, tmp_path, replace(MACRO, text="Hi {customer_name}, {订单号} is {colour}."))
        suggestion = await suggested(app, "unknown")
        assert suggestion.draft == "Hi {customer_name}, {订单号} is {colour}."
        assert {one.reason for one in suggestion.unsupported} == {UnsupportedReason.SLOT}
        assert suggestion.gaps == ("{customer_name}", "{订单号}", "{colour}")
        with pytest.raises(InputError, match="customer_name"):
            await app.feedback.accept(suggestion)
        with pytest.raises(InputError, match="colour"):
            await app.feedback.send("unknown", "Hi Ann, your parcel is {colour}.", suggestion=suggestion)
        with pytest.raises(InputError, match="订单号"):
            await app.feedback.send("unknown", "{订单号} is on its way.", suggestion=None)
        assert len((await app.tickets.get("unknown")).messages) == 1
        await app.feedback.send("unknown", "Hi Ann, your parcel {1} is red.", suggestion=suggestion)


async def test_a_draft_rests_on_filled_passages_and_shows_gaps_that_it_copied(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await shop_with(app, engine, tmp_path, replace(MACRO, kind=ArticleKind.ARTICLE, text=f"{MACRO.text} {{date}}"))
        engine.answers.append("Ann Lee, it is with UPS, tracking 1Z999AA10123456784, until {date}.")
        suggestion = await suggested(app, "known")
        assert suggestion.kind is SuggestionKind.GENERATED
        assert any("UPS 1Z999AA10123456784" in passage.text for passage in engine.orders[-1].passages)
        assert [suggestion.draft[one.start : one.end] for one in suggestion.unsupported] == ["{date}"]
        assert suggestion.gaps == ("{date}",)


async def test_a_text_that_was_blocked_after_it_was_found_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await shop_with(app, engine, tmp_path, MACRO)
        search = app.knowledge.search_vector

        async def then_block(*arguments: object, **options: object) -> object:
            hits = await search(*arguments, **options)  # type: ignore[arg-type]
            await app.articles.review("m-where", ArticleStatus.BLOCKED)
            return hits

        monkeypatch.setattr(app.knowledge, "search_vector", then_block)
        suggestion = await suggested(app, "known")
        assert suggestion.kind is not SuggestionKind.APPROVED
        assert "m-where" not in {source.doc_id for source in suggestion.sources}


@pytest.mark.parametrize("status", [ArticleStatus.DRAFT, ArticleStatus.BLOCKED])
async def test_only_approved_texts_are_searched_or_suggested(tmp_path: Path, status: ArticleStatus) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await shop_with(app, engine, tmp_path, replace(MACRO, status=status))
        assert "m-where" not in {hit.passage.doc_id for hit in await app.knowledge.search(QUESTION, k=50)}
        suggestion = await suggested(app, "known")
        assert "m-where" not in {source.doc_id for source in suggestion.sources}
        await app.articles.review("m-where", ArticleStatus.APPROVED)
        await app.knowledge.embed_outdated()
        assert (await suggested(app, "known")).kind is SuggestionKind.APPROVED


async def test_a_preview_needs_no_stored_article(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        app.settings.set("agent.name", "小王")
        await shop_with(app, engine, tmp_path, MACRO)
        await app.tickets.understand("known")
        written = replace(MACRO, language=Language.ZH, text="{商品}{订单状态}，客服{agent}，{颜色}")
        found = await app.previews.preview(written, ticket_id="known")
        assert found.text == "水壶已发货，运输中，客服小王，{颜色}"
        assert found.open_words == ("颜色",)
        assert (await app.previews.preview(written)).open_words == ("商品", "订单状态", "颜色")
        with pytest.raises(NotFoundError):
            await app.previews.preview(written, ticket_id="nobody")
