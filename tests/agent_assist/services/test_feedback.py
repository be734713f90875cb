"""Acts of the agent, their effects, and the way back."""

import json
from pathlib import Path

import pytest

from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.domain.tickets import Role, TicketState
from agent_assist.errors import InputError
from tests.helpers.shop import open_shop


async def test_accept_sends_and_logs_in_one_go(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        event = await app.feedback.accept(suggestion, seconds_open=4.5)
        view = await app.tickets.open("t-refund")
        assert event.kind is FeedbackKind.ACCEPTED
        assert event.suggestion == suggestion
        assert view.ticket.state is TicketState.ANSWERED
        assert view.ticket.messages[-1].role is Role.AGENT
        assert view.ticket.messages[-1].text == suggestion.draft
        assert [logged.id for logged in view.events] == [event.id]


async def test_edited_written_and_rejected_are_told_apart(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        rejected = await app.feedback.reject(suggestion, RejectReason.WRONG_TONE, note=" too short ")
        edited = await app.feedback.send("t-refund", "Within 3 business days, Ann.", suggestion=suggestion)
        written = await app.feedback.send("t-zh", "好的，稍等。", suggestion=None)
        assert [rejected.kind, edited.kind, written.kind] == ["rejected", "edited", "written"]
        assert rejected.note == "too short"


async def test_undo_gives_everything_back(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await app.tickets.save_composer("t-refund", "my own words")
        suggestion = await app.suggestions.finished("t-refund")
        event = await app.feedback.send("t-refund", "my own words", suggestion=suggestion)
        await app.feedback.undo(event.id)
        view = await app.tickets.open("t-refund")
        assert view.ticket.state is TicketState.WAITING
        assert len(view.ticket.messages) == 1
        assert view.composer == "my own words"
        assert view.suggestion is not None
        assert view.suggestion.kind is SuggestionKind.APPROVED
        assert view.events == ()
        with pytest.raises(InputError):
            await app.feedback.undo(event.id)


async def test_stale_suggestion_is_not_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        await app.feedback.accept(suggestion)
        with pytest.raises(InputError, match="changed"):
            await app.feedback.accept(suggestion)


async def test_empty_text_is_not_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(InputError):
            await app.feedback.send("t-refund", " \n", suggestion=None)
        assert (await app.tickets.open("t-refund")).events == ()


async def test_corrected_intents_show_and_export(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await app.tickets.understand("t-refund")
        event = await app.feedback.correct_intents("t-refund", 0, ["refund.request"])
        assert event.predicted is not None
        assert event.predicted.intents[0].label == "refund.status"
        again = await app.feedback.correct_intents("t-refund", 0, ["refund.request", "human.request"])
        assert again.predicted == event.predicted  # what the model said, not what the agent put in its place
        await app.feedback.undo(again.id)
        view = await app.tickets.open("t-refund")
        assert [intent.label for intent in view.understandings[0].intents] == ["refund.request"]
        out = tmp_path / "intent.jsonl"
        assert await app.feedback.export("intent", out) == 1
        assert json.loads(out.read_text(encoding="utf-8")) == {
            "text": "How long does a refund take?",
            "label": "refund.request",
        }


async def test_export_of_an_edit_is_a_pair(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        await app.feedback.send("t-refund", "Three business days. Call 13800138000.", suggestion=suggestion)
        out = tmp_path / "preference.jsonl"
        assert await app.feedback.export("preference", out) == 1
        row = json.loads(out.read_text(encoding="utf-8"))
        assert row["chosen"][-1]["role"] == "assistant"
        assert "13800138000" not in json.dumps(row)
        assert row["rejected"][-1]["content"] == suggestion.draft


async def test_unknown_export_is_refused(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(InputError, match="sft"):
            await app.feedback.export("everything", tmp_path / "x")


async def test_a_forbidden_word_is_refused_in_any_reply(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        approved = await app.suggestions.finished("t-refund")
        with pytest.raises(InputError, match=r"\[my WhatsApp\].*shop.forbidden_words"):
            await app.feedback.send("t-refund", "Write to my WhatsApp.", suggestion=None)
        app.settings.set("shop.forbidden_words", "business days")
        with pytest.raises(InputError, match=r"\[business days\]"):
            await app.feedback.accept(approved)
        assert (await app.tickets.open("t-refund")).events == ()


async def test_what_was_confirmed_is_logged(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await app.suggestions.finished("t-refund")
        text = "Refunds take 30 days."
        check = await app.reply_checks.check("t-refund", text, suggestion=suggestion)
        assert [text[one.start : one.end] for one in check.doubts] == ["30 days"]
        event = await app.feedback.send("t-refund", text, suggestion=suggestion, confirmed=check.doubts)
        assert (await app.feedback.get(event.id)).confirmed == check.doubts


async def test_an_own_note_is_kept_and_is_in_no_prompt(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        event = await app.feedback.add_note("t-refund", "  Ann is a wholesaler, handle with care ")
        assert (event.kind, event.note, event.suggestion) == (
            FeedbackKind.NOTED,
            "Ann is a wholesaler, handle with care",
            None,
        )
        view = await app.tickets.open("t-refund")
        assert [one.id for one in view.events] == [event.id]
        assert (len(view.ticket.messages), view.ticket.state) == (1, TicketState.WAITING)
        await app.feedback.add_note("t-return", "wholesaler")
        await app.suggestions.finished("t-return")
        assert engine.orders
        assert not [order for order in engine.orders if "wholesaler" in repr(order)]
        for text in (" ", "x" * 10_001):
            with pytest.raises(InputError):
                await app.feedback.add_note("t-refund", text)
        await app.feedback.undo(event.id)
        assert (await app.tickets.open("t-refund")).note_draft == event.note


async def test_corrected_grades_show_and_export(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await app.tickets.understand("t-refund")
        for _ in range(2):
            await app.feedback.correct_sentiment("t-refund", 0, "very_negative")
            event = await app.feedback.correct_urgency("t-refund", 0, "critical")
        view = await app.tickets.open("t-refund")
        read = view.understandings[0]
        assert (read.sentiment.label, read.urgency.label) == ("very_negative", "critical")
        assert event.predicted == view.predictions[0]
        assert view.predictions[0].urgency.label != "critical"
        for kind, label in (("sentiment", "very_negative"), ("urgency", "critical")):
            assert await app.feedback.export(kind, tmp_path / "rows.jsonl") == 1
            [row] = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
            assert row == {"text": "How long does a refund take?", "label": label}
        for wrong in ("furious", ""):
            with pytest.raises(InputError):
                await app.feedback.correct_sentiment("t-refund", 0, wrong)
            with pytest.raises(InputError):
                await app.feedback.correct_urgency("t-refund", 0, wrong)


async def test_what_stands_for_another_customers_data_is_never_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        with pytest.raises(InputError, match=r"PERSON_1"):
            await app.feedback.send("t-refund", "Hello [PERSON_1], it is on its way.", suggestion=None)
        await app.feedback.send("t-refund", "Hello [Ann], see [1] and [PERSON].", suggestion=None)
