"""A correction is learned at once, survives restarts of everything, and is forgotten when it is taken back."""

import asyncio
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged, ModelLearned, TicketChanged
from agent_assist.domain.tickets import TicketQuery
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import EngineUnavailableError, InputError
from tests.helpers.shop import open_shop, write_rows


async def intent_of(app: App, ticket_id: str) -> str:
    rows = await app.tickets.page(TicketQuery(), offset=0, limit=100)
    return {row.id: row.intent for row in rows}[ticket_id]


async def predicted(app: App, ticket_id: str) -> list[str]:
    """What the model says, whatever the agent said."""
    event = await app.feedback.correct_entities(ticket_id, 0, [])
    assert event.predicted is not None
    return [intent.label for intent in event.predicted.intents]


async def add(app: App, folder: Path, **texts: str) -> None:
    rows = [{"id": name, "text": text} for name, text in texts.items()]
    await app.tickets.import_paths([write_rows(folder / f"{'-'.join(texts)}.jsonl", rows)])


async def test_equal_messages_that_wait_are_read_again(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await add(app, tmp_path, twin="How long does a refund take?")
        for name in ("t-refund", "twin", "t-return"):
            await app.tickets.understand(name)
        told: list[DomainEvent] = []
        app.events.subscribe(told.append)
        await app.feedback.correct_intents("t-refund", 0, ["refund.request"])
        learned = await app.learning.settle()
        assert learned is not None
        assert learned.held == 1
        assert ModelLearned(held=1, doubtful=0, model_version=learned.model_version) in told
        assert TicketChanged(ticket_id="twin") in told
        assert await intent_of(app, "twin") == "refund.request"
        assert await intent_of(app, "t-return") == "return.request"
        assert await predicted(app, "t-refund") == ["refund.request"]
        [lesson] = engine.lessons.values()
        assert [turn.text for turn in lesson.thread] == ["How long does a refund take?"]


async def test_taking_a_correction_back_forgets_it_or_returns_to_the_one_before(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        await app.tickets.understand("t-refund")
        first = await app.feedback.correct_intents("t-refund", 0, ["refund.request"])
        second = await app.feedback.correct_intents("t-refund", 0, ["human.request", "refund.request"])
        await app.learning.settle()
        assert [lesson.intents for lesson in engine.lessons.values()] == [["human.request", "refund.request"]]
        await app.feedback.undo(second.id)
        await app.learning.settle()
        assert [lesson.intents for lesson in engine.lessons.values()] == [["refund.request"]]
        await app.feedback.undo(first.id)
        learned = await app.learning.settle()
        assert learned is not None
        assert learned.held == 0
        assert engine.lessons == {}


async def test_a_new_start_teaches_before_anything_is_read_and_encodes_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await app.feedback.correct_intents("t-oos", 0, ["shop.riddle"])
        await app.feedback.correct_intents("t-zh", 0, [])
        await app.learning.settle()
    engine = ScriptedEngine()
    app = await open_app(tmp_path / "profile", engine=engine)
    await app.start(background=False)
    [read] = await app.reading.read_unstored([await app.tickets.get("t-oos")])
    assert [intent.label for intent in read.understanding.intents] == ["shop.riddle"]
    assert all(lesson.features and lesson.trunk == "scripted" for lesson in engine.lessons.values())
    assert [one.intents for one in await app.learning.corrections()] == [(), ("shop.riddle",)]
    await app.close()


async def test_what_the_engine_could_not_learn_is_learned_when_it_is_back(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    async with open_shop(tmp_path, engine) as (app, _):
        await app.start()
        engine.available = False
        await app.feedback.correct_intents("t-refund", 0, ["refund.request"])
        with pytest.raises(EngineUnavailableError):
            await app.learning.settle()
        engine.available = True
        learned = asyncio.Event()
        app.events.subscribe(lambda event: learned.set() if isinstance(event, ModelLearned) else None)
        app.events.publish(EngineStateChanged(model="encoder", state=EngineState.READY))
        await asyncio.wait_for(learned.wait(), 10)
        assert [lesson.intents for lesson in engine.lessons.values()] == [["refund.request"]]


async def test_what_cannot_name_an_intent_changes_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        for name in ("", " order", "two\nlines", "x" * 81):
            with pytest.raises(InputError, match="cannot name an intent"):
                await app.feedback.correct_intents("t-refund", 0, ["order.status", name])
        await app.learning.settle()
        assert engine.lessons == {}
        assert await app.feedback.events() == []


async def test_a_later_message_has_a_read_ticket_read_again(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        await add(app, tmp_path, grown="hello there")
        await app.start()
        await _until(app, "grown", "OOS")
        rows = [{"id": "grown", "role": "customer", "text": text} for text in ("hello there", "I want a refund")]
        await app.tickets.import_paths([write_rows(tmp_path / "again.jsonl", _thread(rows))])
        await _until(app, "grown", "refund.status")
        assert (await app.tickets.get("grown")).version == 2
        assert set((await app.tickets.open("grown")).understandings) == {0, 1}


def _thread(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    return [{"id": rows[0]["id"], "messages": [{"role": row["role"], "text": row["text"]} for row in rows]}]


async def _until(app: App, ticket_id: str, intent: str) -> None:
    async def wait() -> None:
        while await intent_of(app, ticket_id) != intent:
            await asyncio.sleep(0)

    await asyncio.wait_for(wait(), 10)
