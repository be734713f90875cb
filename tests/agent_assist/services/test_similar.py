"""Solved tickets are found for like ones, with the reply that was sent; real encrypted profile, scripted engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.feedback import RejectReason
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.solved import OutdatedReason, SimilarReason, SolvedTicket
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import NotFoundError
from tests.helpers.shop import write_rows

PASSPHRASE = "similar"
LATELY = (datetime.now(UTC) - timedelta(days=9)).isoformat()


def row(ticket_id: str, *texts: str, customer: str = "Ann", at: str = LATELY, **more: str) -> dict[str, object]:
    """Customer and agent take turns."""
    roles = ("customer", "agent")
    messages = [{"role": roles[index % 2], "text": text, "at": at} for index, text in enumerate(texts)]
    return {"id": ticket_id, "customer": customer, "created_at": at, "messages": messages, **more}


OPEN = row("open", "退款多久能到账，我等了很久", customer="小李")
SOLVED = row("solved", "退款多久能到账？", "退款会在3个工作日内原路退回。", customer="王芳")
OTHER = row("other", "Which colours does the invoice come in", "Any colour.", customer="Bob")


@asynccontextmanager
async def desk(folder: Path, *rows: dict[str, object]) -> AsyncIterator[tuple[App, ScriptedEngine]]:
    engine = ScriptedEngine()
    app = await open_app(folder / "profile", passphrase=PASSPHRASE, engine=engine)
    try:
        await app.start(background=False)
        await app.tickets.import_paths([write_rows(folder / "tickets.jsonl", rows or (OPEN, SOLVED, OTHER))])
        await app.similar.catch_up()
        yield app, engine
    finally:
        await app.close()


async def similar(app: App, ticket_id: str = "open", *, k: int = 5) -> tuple[SolvedTicket, ...]:
    await app.similar.catch_up()
    return await app.similar.similar(ticket_id, k=k)


async def test_a_like_ticket_is_found_with_its_reply_and_places(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        [found] = await similar(app)
        assert (found.ticket_id, found.rank, found.actor, found.times_sent) == ("solved", 1, "", 1)
        assert found.reply_text == "退款会在3个工作日内原路退回。"
        assert [(quote.message_index, quote.start, quote.end) for quote in (found.question, *found.reply)] == [
            (0, 0, 8),
            (1, 0, 15),
        ]
        assert SimilarReason.SAME_INTENT in found.reasons
        assert 0.5 <= found.score <= 1
        assert found.outdated == ()


async def test_nothing_is_shown_rather_than_something_unrelated(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        assert await app.similar.similar_text("zzzz qqqq xxxx") == ()
        assert await app.similar.similar_text("  ") == ()
        app.settings.set("suggestion.similar_threshold", 1.0)
        assert await similar(app) == ()


async def test_a_ticket_is_never_like_itself(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        assert "solved" not in [one.ticket_id for one in await similar(app, "solved")]
        with pytest.raises(NotFoundError):
            await app.similar.similar("nowhere")


async def test_a_sent_reply_counts_until_it_is_undone(tmp_path: Path) -> None:
    first, second = row("a", "怎么退货呢，包裹刚到", customer="甲"), row("b", "怎么退货呢，包裹到了", customer="乙")
    async with desk(tmp_path, first, second) as (app, _):
        assert await similar(app, "b") == ()
        sent = await app.feedback.send("a", "请在订单页申请退货。", suggestion=None)
        [found] = await similar(app, "b")
        assert (found.reply_text, found.actor, found.at) == ("请在订单页申请退货。", sent.actor, sent.at)
        await app.feedback.undo(sent.id)
        assert await app.similar.similar("b") == ()  # at once, before the index is brought up to date
        assert await similar(app, "b") == ()
        again = await app.feedback.send("a", "七天内可以退货。", suggestion=None)
        [found] = await similar(app, "b")
        assert (found.reply_text, found.at) == ("七天内可以退货。", again.at)


async def test_a_rejected_draft_is_no_reply(tmp_path: Path) -> None:
    article = {"id": "k1", "title": "退货", "text": "七天内可以退货，运费自理。", "language": "zh"}
    first, second = row("a", "怎么退货呢，包裹刚到", customer="甲"), row("b", "怎么退货呢，包裹到了", customer="乙")
    async with desk(tmp_path, first, second) as (app, _):
        app.settings.set("suggestion.minimum_relevance", 0.0)
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article])])
        suggestion = await app.suggestions.finished("a")
        assert suggestion.kind is SuggestionKind.GENERATED
        await app.feedback.reject(suggestion, RejectReason.WRONG_FACT)
        assert await similar(app, "b") == ()


async def test_the_same_reply_is_shown_once_with_its_count(tmp_path: Path) -> None:
    rows = [
        row(f"s{n}", "退款多久能到账？", f"{name}您好，退款会在3个工作日内退回。", customer=name)
        for n, name in enumerate(("张三丰", "李四光", "王五妹"))
    ]
    async with desk(tmp_path, OPEN, *rows) as (app, _):
        [found] = await similar(app)
        assert found.times_sent == 3


async def test_another_customers_data_is_masked_and_ones_own_is_not(tmp_path: Path) -> None:
    reply = "王芳您好，订单 GF2611020017 的退款已退到尾号对应的卡，电话 13800138000。"
    mine = row("mine", "退款多久能到账？退款", reply, customer="王芳", order_number="GF2611020017")
    async with desk(tmp_path, OPEN, mine) as (app, _):
        [found] = await similar(app)
        assert found.other_customer
        for secret in ("王芳", "GF2611020017", "13800138000"):
            assert secret not in found.reply_text + found.question.text
        assert found.reply[0].end == len(reply)
    own = OPEN | {"order_number": "GF2611020017", "id": "own"}
    async with desk(tmp_path / "second", own, mine) as (app, _):
        [found] = await similar(app, "own")
        assert (found.other_customer, found.reply_text) == (False, reply)


async def test_a_reply_is_marked_when_its_article_was_changed_or_blocked(tmp_path: Path) -> None:
    article = {"id": "k1", "title": "退货", "text": "七天内可以退货，运费自理。", "language": "zh"}
    first, second = row("a", "怎么退货呢，包裹刚到", customer="甲"), row("b", "怎么退货呢，包裹到了", customer="乙")
    async with desk(tmp_path, first, second) as (app, _):
        app.settings.set("suggestion.minimum_relevance", 0.0)
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article])])
        await app.feedback.accept(await app.suggestions.finished("a"))
        [found] = await similar(app, "b")
        assert found.outdated == ()
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article | {"text": "三天内可以退货。"}])])
        assert (await similar(app, "b"))[0].outdated == (OutdatedReason.ARTICLE_CHANGED,)
        await app.knowledge.add_paths([write_rows(tmp_path / "k.jsonl", [article | {"status": "blocked"}])])
        assert (await app.knowledge.get("k1")).status is ArticleStatus.BLOCKED
        assert (await similar(app, "b"))[0].outdated == (OutdatedReason.ARTICLE_BLOCKED,)


async def test_an_old_reply_is_marked(tmp_path: Path) -> None:
    old = row("solved", "退款多久能到账？", "退款会在3个工作日内原路退回。", customer="王芳", at="2020-01-01T09:00:00Z")
    async with desk(tmp_path, OPEN, old) as (app, _):
        assert (await similar(app))[0].outdated == (OutdatedReason.OLD,)


async def test_without_an_engine_words_alone_decide_and_vectors_follow(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    app = await open_app(tmp_path / "profile", passphrase=PASSPHRASE, engine=engine)
    try:
        await app.start(background=False)
        engine.available = False
        await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", [OPEN, SOLVED, OTHER])])
        await app.similar.catch_up()
        assert [one.ticket_id for one in await app.similar.similar_text("退款多久能到账？")] == ["solved"]
        engine.available = True
        [found] = await similar(app)
        assert SimilarReason.SAME_INTENT in found.reasons
    finally:
        await app.close()


async def test_what_was_due_when_the_program_ended_is_done_after_the_next_start(tmp_path: Path) -> None:
    write_rows(tmp_path / "tickets.jsonl", [OPEN, SOLVED])
    app = await open_app(tmp_path / "profile", passphrase=PASSPHRASE, engine=ScriptedEngine())
    await app.tickets.import_paths([tmp_path / "tickets.jsonl"])
    await app.close()
    app = await open_app(tmp_path / "profile", passphrase=PASSPHRASE, engine=ScriptedEngine())
    await app.start(background=False)
    assert len(await similar(app)) == 1
    await app.close()


async def test_a_corrected_intent_moves_the_solved_ticket(tmp_path: Path) -> None:
    async with desk(tmp_path) as (app, _):
        before = (await similar(app))[0].score
        await app.tickets.understand("solved")
        await app.feedback.correct_intents("solved", 0, ["chat.thanks"])
        after = await similar(app)
        assert not after or after[0].score < before
