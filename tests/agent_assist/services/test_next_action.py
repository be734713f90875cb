"""The next best action beside a suggestion, and the note that confirms it; real store."""

import json
from pathlib import Path

import pytest

from agent_assist.cli.suggest import as_record
from agent_assist.composition import App
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.next_action import ActionKind
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import TicketState
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError
from agent_assist.learning.summary import summarise
from tests.helpers.shop import open_shop, write_rows

ORDER = {
    "order_number": "GF2611020017",
    "customer": "Ann",
    "placed_at": "2026-11-02T09:00:00+00:00",
    "status": "delivered",
    "currency": "USD",
    "total": 59.0,
}
WANTED = {"id": "T", "customer": "Ann", "order_number": "GF2611020017", "text": "I return the bag, return it is"}


async def suggested(app: App, folder: Path, row: dict[str, object] | None = None) -> Suggestion:
    await app.tickets.import_shop(orders=write_rows(folder / "orders.jsonl", [ORDER]))
    await app.tickets.import_paths([write_rows(folder / "wanted.jsonl", [row or WANTED])])
    return await app.suggestions.finished("T")


async def test_an_action_comes_with_the_suggestion_and_is_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await suggested(app, tmp_path)
        assert suggestion.next_action is not None
        assert suggestion.next_action.kind is ActionKind.REFUND_FORM
        assert (await app.tickets.open("T")).suggestion == suggestion
        record = json.loads(json.dumps(as_record(suggestion)))["next_action"]
        assert record["action"] == "refund_form"
        assert set(record["why"]) == {"zh", "en"}
        assert record["fields"]["order_number"] == "GF2611020017"
        assert record["fields"]["amount"] == "59.00 USD"


async def test_another_state_of_the_order_is_another_action(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await suggested(app, tmp_path)
        await app.tickets.import_shop(orders=write_rows(tmp_path / "orders.jsonl", [ORDER | {"status": "refunded"}]))
        suggestion = await app.suggestions.finished("T")
        assert suggestion.next_action is not None
        assert suggestion.next_action.reason == "already_refunded"


async def test_a_confirmed_form_is_a_note_that_can_be_taken_back(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await suggested(app, tmp_path)
        event = await app.feedback.note(suggestion)
        assert (event.kind, event.action) == (FeedbackKind.NOTED, ActionKind.REFUND_FORM)
        assert "Order: GF2611020017" in event.note
        view = await app.tickets.open("T")
        assert (view.ticket.state, view.ticket.version, len(view.ticket.messages)) == (TicketState.WAITING, 1, 1)
        assert [one.note for one in view.events] == [event.note]
        assert summarise([event]).acceptance_rate is None  # a note judges no draft
        assert await app.feedback.export("sft", tmp_path / "sft.jsonl") == 0
        await app.feedback.undo(event.id)
        assert (await app.tickets.open("T")).events == ()


async def test_a_note_in_the_agents_own_words(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        event = await app.feedback.note(await suggested(app, tmp_path), text=" half of it, see the photos ")
        assert event.note == "half of it, see the photos"


async def test_what_becomes_no_note_is_refused(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(InputError):
            await app.feedback.note(await app.suggestions.finished("t-refund"))


async def test_without_an_engine_there_is_no_advice(tmp_path: Path) -> None:
    async with open_shop(tmp_path, ScriptedEngine()) as (app, engine):
        engine.available = False
        assert (await app.suggestions.finished("t-refund")).next_action is None
