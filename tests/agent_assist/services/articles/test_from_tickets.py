"""Articles drafted from answered tickets."""

from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from tests.helpers.shop import write_rows

ORDER = {
    "order_number": "GF2611020017",
    "customer": "Emily Carter",
    "customer_email": "emily.carter@example.com",
    "customer_phone": "+1 646-555-0114",
    "placed_at": "2026-11-02T09:00:00+00:00",
    "status": "shipped",
    "currency": "USD",
    "total": 59.0,
    "carrier": "UPS",
    "tracking_number": "1Z999AA10123456784",
    "shipping_address": "4700 W Guadalupe St, Apt 118, Austin, TX 78751",
    "items": [{"sku": "S1", "name": "Kettle K2", "quantity": 1, "unit_price": 59.0}],
}
PERSONAL = (
    "Emily",
    "Carter",
    "GF2611020017",
    "1Z999",
    "646",
    "example.com",
    "Guadalupe",
    "78751",
    "2 November",
    "Lily",
)


def turn(role: str, text: str, minute: int = 0) -> dict[str, str]:
    return {"role": role, "text": text, "at": f"2026-11-20T09:{minute:02}:00+00:00"}


async def composed(app: App, folder: Path, *messages: dict[str, str], customer: str = "Emily Carter") -> Article:
    await app.tickets.import_shop(orders=write_rows(folder / "orders.jsonl", [ORDER]))
    row = {"id": "t-1", "customer": customer, "order_number": "GF2611020017", "messages": list(messages)}
    await app.tickets.import_paths([write_rows(folder / "t.jsonl", [row])])
    await app.tickets.understand("t-1")
    return await app.ticket_articles.compose("t-1")


async def test_question_and_reply_lose_what_belongs_to_one_customer(
    app: App, engine: ScriptedEngine, tmp_path: Path
) -> None:
    app.settings.set("agent.name", "Lily")
    asked = (
        "Hi, where is my kettle? Order no. GF2611020017, I am Emily Carter, 4700 W Guadalupe St, Apt 118, Austin, "
        "TX 78751, phone +1 646-555-0114."
    )
    reply = (
        "Hi Emily,\n\nyour Kettle K2 (order GF2611020017 of 2 November 2026, $59.00) is with UPS, tracking "
        "1Z999AA10123456784. Returns are free within 7 days and refunds over $20 take 3 days. "
        "We write to emily.carter@example.com on 25 November 2026.\n\nBest,\nLily"
    )
    article = await composed(app, tmp_path, turn("customer", asked), turn("agent", reply, 1))
    assert article.text == (
        "Hi {customer_name},\n\nyour {product} (order {order_number} of {order_date}, {amount}) is with {carrier}, "
        "tracking {tracking_number}. Returns are free within 7 days and refunds over $20 take 3 days. "
        "We write to {email} on {date}.\n\nBest,\n{agent}"
    )
    said = " ".join((article.title, article.question, *article.variants, article.text))
    assert [word for word in PERSONAL if word in said] == []
    assert article.question.startswith("Hi, where is my kettle?")
    assert (article.kind, article.status, article.owner) == (ArticleKind.MACRO, ArticleStatus.DRAFT, "Lily")
    assert (article.intents, article.tags) == (("logistics.track",), ("logistics",))


async def test_chinese_slots_for_a_chinese_reply(app: App, tmp_path: Path) -> None:
    article = await composed(
        app,
        tmp_path,
        turn("customer", "我的退款到哪了，订单GF2611020017，电话13800138001"),
        turn("agent", "李雷您好，订单GF2611020017的退款11月25日到账，客服小美为您服务。", 1),
        customer="李雷",
    )
    assert article.text == "{客户姓名}您好，订单{订单号}的退款{日期}到账，客服{客服}为您服务。"
    assert article.language is Language.ZH
    assert "GF26" not in article.question
    assert "138" not in article.question
    filled = await app.previews.preview(article, ticket_id="t-1")
    assert filled.text.startswith("李雷您好，订单GF2611020017的退款{日期}")


async def test_what_opened_the_matter_is_the_question_and_a_general_reply_is_an_faq(app: App, tmp_path: Path) -> None:
    article = await composed(
        app,
        tmp_path,
        turn("customer", "Can I return the bag, it is too small for me?"),
        turn("agent", "Sorry to hear that.", 1),
        turn("customer", "so?", 2),
        turn("agent", "You can return it within 7 days; the label is free.", 3),
        turn("customer", "thank you very much", 4),
    )
    assert article.question == "Can I return the bag, it is too small for me?"
    assert article.text == "You can return it within 7 days; the label is free."
    assert article.kind is ArticleKind.FAQ


async def test_a_draft_is_kept_and_not_used_before_it_is_approved(app: App, tmp_path: Path) -> None:
    await composed(
        app, tmp_path, turn("customer", "how do I return this bag"), turn("agent", "Within 7 days, free.", 1)
    )
    version = await app.ticket_articles.create("t-1")
    assert (version.article.status, version.note) == (ArticleStatus.DRAFT, "from ticket t-1")
    assert await app.knowledge.search("return bag") == ()
    await app.articles.review(version.doc_id, ArticleStatus.APPROVED)
    assert [hit.passage.doc_id for hit in await app.knowledge.search("return bag")] == [version.doc_id]


async def test_an_unanswered_ticket_gives_nothing(app: App, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no reply yet"):
        await composed(app, tmp_path, turn("customer", "how do I return this bag"))
    with pytest.raises(NotFoundError):
        await app.ticket_articles.compose("nobody")
