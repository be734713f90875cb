"""What somebody is writing is kept until it is saved or given up; an article knows the replies that rest on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.domain.article_versions import ArticleQuery
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.knowledge import Visibility
from agent_assist.domain.suggestion import Source
from agent_assist.engine.testing import ScriptedEngine
from tests.agent_assist.services.articles.makers import REFUND, article
from tests.helpers.makers import suggestion
from tests.helpers.shop import ticket_rows, write_rows


async def test_an_unsaved_text_is_there_after_the_program_ended(tmp_path: Path) -> None:
    half = article(title="", text="Refunds rea")
    first = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    await first.article_drafts.keep("faq-refund", article(), base=1)
    await first.article_drafts.keep("faq-refund", half, base=3)
    await first.close()
    second = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    [draft] = await second.article_drafts.all()
    assert (draft.key, draft.base, draft.article) == ("faq-refund", 3, half)
    assert await second.article_drafts.get("faq-refund") == draft
    await second.article_drafts.forget("faq-refund")
    assert await second.article_drafts.get("faq-refund") is None
    await second.close()


async def test_the_newest_draft_comes_first(app: App) -> None:
    for key in ("one", "two", "one"):
        await app.article_drafts.keep(key, REFUND, base=0)
    assert [draft.key for draft in await app.article_drafts.all()] == ["one", "two"]


async def test_tags_are_told_once_and_the_list_tells_public_from_internal(app: App) -> None:
    await app.articles.create(REFUND)
    await app.articles.create(
        article(doc_id="two", tags=("refund", "物流"), visibility=Visibility.INTERNAL, question="", variants=())
    )
    assert await app.articles.tags() == ["refund", "物流"]
    internal = await app.articles.page(ArticleQuery(visibility=Visibility.INTERNAL), offset=0, limit=9)
    assert [row.article.doc_id for row in internal] == ["two"]
    assert await app.articles.count(ArticleQuery(visibility=Visibility.PUBLIC)) == 1


async def test_the_list_tells_what_is_over_from_what_is_not(app: App) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await app.articles.create(article(doc_id="over", valid_until=noon))
    await app.articles.create(article(doc_id="later", valid_until=noon + timedelta(days=1)))
    await app.articles.create(article(doc_id="endless"))
    rows = await app.articles.page(ArticleQuery(expires_after=noon), offset=0, limit=9)
    assert [row.article.doc_id for row in rows] == ["endless", "later"]


async def test_texts_that_are_not_stored_are_compared(app: App) -> None:
    [field] = app.articles.differences(REFUND, replace(REFUND, text=REFUND.text.replace("3", "5")))
    assert field.field == "text"
    assert [piece.text for piece in field.pieces if piece.kind != "kept"] == ["3", "5"]


async def test_replies_that_cite_an_article_are_found(app: App, tmp_path: Path) -> None:
    await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", ticket_rows())])
    ticket = await app.tickets.get("t-refund")
    cited = Source(doc_id="faq-refund", title="Refund time", passage="3 business days", start=0, end=5)
    given = replace(suggestion("t-refund"), sources=(cited,), ticket_version=ticket.version)
    event = await app.feedback.reject(given, RejectReason.WRONG_FACT)
    [citation] = await app.citations.of("faq-refund")
    assert (citation.ticket_id, citation.act, citation.passage) == (
        "t-refund",
        FeedbackKind.REJECTED,
        "3 business days",
    )
    assert await app.citations.of("another") == []
    await app.feedback.undo(event.id)
    assert await app.citations.of("faq-refund") == []
