"""The way from a stored ticket to a suggestion."""

import asyncio
from pathlib import Path

from agent_assist.composition import App
from agent_assist.domain.suggestion import NoneReason, SourceKind, Suggestion, SuggestionKind
from agent_assist.services.suggestions import DraftChunk, SourcesFound, SuggestionReady, SuggestionStep
from tests.helpers.shop import TICKETS, open_shop, write_rows


async def steps_of(app: App, ticket_id: str, *, again: bool = False) -> list[SuggestionStep]:
    return [step async for step in app.suggestions.suggest(ticket_id, again=again)]


def ready(steps: list[SuggestionStep]) -> Suggestion:
    assert isinstance(steps[-1], SuggestionReady)
    return steps[-1].suggestion


async def test_a_faq_that_asks_the_same_is_sent_word_for_word(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        suggestion = ready(await steps_of(app, "t-refund"))
        assert suggestion.kind is SuggestionKind.APPROVED
        assert suggestion.draft == "Refunds reach your card within 3 business days."
        assert [source.doc_id for source in suggestion.sources] == ["faq-refund"]
        assert not engine.orders


async def test_a_draft_is_streamed_from_public_passages_only(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.append("Return shipping is $5, and you have 7 days.")
        steps = await steps_of(app, "t-return")
        suggestion = ready(steps)
        assert suggestion.kind is SuggestionKind.GENERATED
        assert suggestion.unsupported == ()
        assert isinstance(steps[0], SourcesFound)
        assert "".join(step.text for step in steps if isinstance(step, DraftChunk)) == suggestion.draft
        [order] = engine.orders
        assert {passage.doc_id for passage in order.passages} >= {"art-return"}
        assert "int-refund" not in {passage.doc_id for passage in order.passages}


async def test_invented_facts_are_marked(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.append("Return shipping is $9.")
        suggestion = ready(await steps_of(app, "t-return"))
        [marked] = suggestion.unsupported
        assert suggestion.draft[marked.start : marked.end] == "$9"


async def test_silence_has_a_reason(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = ready(await steps_of(app, "t-oos"))
        assert suggestion.kind is SuggestionKind.NONE
        assert suggestion.reason is NoneReason.OUT_OF_SCOPE
        assert suggestion.sources == ()


async def test_a_kept_suggestion_is_not_written_twice(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.extend(["First.", "Second."])
        assert ready(await steps_of(app, "t-return")).draft == "First."
        assert ready(await steps_of(app, "t-return")).draft == "First."
        assert ready(await steps_of(app, "t-return", again=True)).draft == "Second."


async def test_a_dead_engine_is_told_and_not_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.available = False
        suggestion = ready(await steps_of(app, "t-return"))
        assert suggestion.reason is NoneReason.ENGINE_UNAVAILABLE
        engine.available = True
        assert ready(await steps_of(app, "t-return")).kind is SuggestionKind.GENERATED


async def test_new_knowledge_withdraws_what_was_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        assert ready(await steps_of(app, "t-oos")).kind is SuggestionKind.NONE
        article = {"id": "z", "title": "zzzz qqqq xxxx", "text": "zzzz qqqq xxxx means 3 days.", "language": "en"}
        await app.knowledge.add_paths([write_rows(tmp_path / "new.jsonl", [article])])
        assert ready(await steps_of(app, "t-oos")).kind is SuggestionKind.GENERATED


async def test_waiting_tickets_are_prepared_in_the_background(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await app.start()
        while any([(await app.tickets.open(row["id"])).suggestion is None for row in TICKETS]):
            await asyncio.sleep(0)
        engine.available = False
        assert ready(await steps_of(app, "t-refund")).kind is SuggestionKind.APPROVED


async def test_the_order_named_in_a_message_is_a_source(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        order = {
            "order_number": "GF2611020017",
            "customer": "Ann",
            "placed_at": "2026-11-02T09:00:00+00:00",
            "status": "shipped",
            "currency": "USD",
            "total": 59.0,
        }
        await app.tickets.import_shop(orders=write_rows(tmp_path / "orders.jsonl", [order]))
        ticket = {"id": "t-order", "text": "where is my order GF2611020017"}
        await app.tickets.import_paths([write_rows(tmp_path / "order_ticket.jsonl", [ticket])])
        engine.entities["GF2611020017"] = "order_number"
        engine.answers.append("Your order GF2611020017 has shipped.")
        suggestion = ready(await steps_of(app, "t-order"))
        assert suggestion.unsupported == ()
        assert [source.doc_id for source in suggestion.sources if source.kind is SourceKind.ORDER] == ["GF2611020017"]
        assert any("shipped" in fact for fact in engine.orders[0].order_facts)
