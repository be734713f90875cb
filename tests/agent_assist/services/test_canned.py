"""Reviewed texts by name for a ticket: what is found, in which order, and what their slots become."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from agent_assist.errors import InputError, NotFoundError
from agent_assist.text.initials import initials
from tests.helpers.shop import open_shop, write_rows

ORDER = {
    "order_number": "GF2611020017",
    "customer": "Ann Lee",
    "placed_at": "2026-11-02T09:00:00+00:00",
    "status": "shipped",
    "currency": "USD",
    "total": 59.0,
    "items": [{"sku": "S1", "name": "水壶", "quantity": 1, "unit_price": 59.0}],
}
WHERE = Article(
    doc_id="m-where",
    title="Where is it",
    text="Hi {customer_name}, {order_number} comes by {carrier}.",
    question="where is my parcel",
    language=Language.EN,
    kind=ArticleKind.MACRO,
)


async def add(app: App, *articles: Article) -> None:
    for article in articles:
        await app.articles.create(article)


def article(doc_id: str, title: str, **fields: object) -> Article:
    return replace(WHERE, doc_id=doc_id, title=title, kind=ArticleKind.FAQ, **fields)  # type: ignore[arg-type]


async def ids(app: App, ticket_id: str, words: str = "", *, macros: bool = False) -> list[str]:
    return [one.doc_id for one in await app.canned.find(ticket_id, words, macros=macros)]


async def test_the_nearer_the_words_to_the_name_the_earlier(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await add(
            app,
            article("in-text", "A", text="all about a kettle", question="x"),
            article("in-question", "B", text="y", question="is the kettle loud?"),
            article("in-title", "The kettle", text="y", question="x"),
            article("at-the-front", "Kettle care", text="y", question="x"),
            article("nowhere", "C", text="y", question="x"),
        )
        assert await ids(app, "t-refund", "KETTLE") == ["at-the-front", "in-title", "in-question", "in-text"]


async def test_the_customers_language_comes_first_and_then_what_the_customer_wants(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await add(
            app,
            article("zh", "退款时间", text="3天", question="", language=Language.ZH),
            article("other", "Alpha", text="y", question=""),
            article("wanted", "Beta", text="y", question="", intents=("refund.status",)),
        )
        await app.tickets.understand("t-refund")
        found = await ids(app, "t-refund")
        assert found[0] == "wanted"
        assert found[-1] == "zh"
        assert (await ids(app, "t-zh"))[0] == "zh"


async def test_a_chinese_name_is_found_by_its_first_letters(tmp_path: Path) -> None:
    assert initials("7天退款说明 FAQ") == "ttksm"
    assert initials("Refund") == ""
    async with open_shop(tmp_path) as (app, _):
        await add(app, article("zh", "退款说明", text="x", question="", language=Language.ZH))
        assert await ids(app, "t-zh", "tksm") == ["zh"]
        assert await ids(app, "t-zh", "退款") == ["zh"]


async def test_only_what_may_be_sent_is_offered(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        over = datetime.now(UTC) - timedelta(days=1)
        await add(
            app,
            article("draft", "kettle 1", status=ArticleStatus.DRAFT),
            article("blocked", "kettle 2", status=ArticleStatus.BLOCKED),
            article("internal", "kettle 3", visibility=Visibility.INTERNAL),
            article("over", "kettle 4", valid_until=over),
            replace(article("material", "kettle 5"), kind=ArticleKind.ARTICLE),
            article("faq", "kettle 6"),
            replace(article("macro", "kettle 7"), kind=ArticleKind.MACRO),
        )
        assert await ids(app, "t-refund", "kettle") == ["faq", "macro"]
        assert await ids(app, "t-refund", "kettle", macros=True) == ["macro"]


async def test_slots_are_filled_from_ticket_and_order_and_an_open_one_is_not_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        products = [{"sku": "S1", "name": "水壶", "name_en": "Kettle"}]
        await app.tickets.import_shop(
            orders=write_rows(tmp_path / "orders.jsonl", [ORDER]),
            products=write_rows(tmp_path / "products.jsonl", products),
        )
        rows = [{"id": "known", "customer": "Ann Lee", "text": "where is it?", "order_number": "GF2611020017"}]
        await app.tickets.import_paths([write_rows(tmp_path / "asked.jsonl", rows)])
        await add(app, WHERE)
        [found] = await app.canned.find("known", "where", macros=True)
        assert found.filled.text == "Hi Ann Lee, GF2611020017 comes by {carrier}."
        assert found.filled.open_words == ("carrier",)
        with pytest.raises(InputError, match="carrier"):
            await app.feedback.send("known", found.filled.text, suggestion=None)


async def test_what_a_reviewed_text_says_counts_as_true_when_the_reply_is_looked_over(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        text = "It costs $42."
        doubted = await app.reply_checks.check("t-refund", text, suggestion=suggestion)
        assert doubted.doubts
        said = await app.reply_checks.check("t-refund", text, suggestion=suggestion, said=(text,))
        assert not said.doubts


async def test_an_unknown_ticket_is_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(NotFoundError):
            await app.canned.find("nobody")
