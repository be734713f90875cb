"""The engine's process dies, stalls and is cancelled; its callers are told or served all the same."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording
from agent_assist.engine.api import DraftOrder, RewriteOrder, SummaryOrder
from agent_assist.engine.client import EngineProcess
from agent_assist.engine.protocol import DraftDone, DraftToken, GroundingPassage, Lesson, Priority, TextKind, Turn
from agent_assist.errors import (
    CancelledByNewerError,
    EngineError,
    EngineRefusedError,
    EngineUnavailableError,
    ModelTooSmallError,
)

ROOT = Path(__file__).parents[3]


async def no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def engine() -> AsyncIterator[EngineProcess]:
    engine = EngineProcess(
        [sys.executable, "-m", "tests.helpers.tiny_engine"],
        environment={"PYTHONPATH": os.fspath(ROOT)},
        pause=no_pause,
    )
    await engine.start()
    yield engine
    await engine.close()


def order(text: str) -> DraftOrder:
    return DraftOrder(
        language="en",
        thread=(Turn(role=Role.CUSTOMER, text="hi"),),
        passages=(GroundingPassage(doc_id="1", title="t", text=text),),
    )


async def test_killed_engine_comes_back_and_answers(engine: EngineProcess) -> None:
    states: list[EngineStateChanged] = []
    engine.on_state(states.append)
    await engine.embed(["one"], kind=TextKind.QUERY)
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await engine.embed(["two"], kind=TextKind.QUERY)
    assert engine.pid != first
    assert EngineState.RESTARTING in {change.state for change in states if change.model == "engine"}


async def test_request_under_way_at_a_death_is_sent_again(engine: EngineProcess) -> None:
    await engine.embed(["warm"], kind=TextKind.QUERY)
    slow = asyncio.create_task(engine.embed(["slow"], kind=TextKind.QUERY))
    await asyncio.sleep(0)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    assert await engine.embed(["second"], kind=TextKind.PASSAGE, priority=Priority.OPEN_TICKET)
    assert not slow.done()
    slow.cancel()


async def test_request_that_kills_twice_is_given_up(engine: EngineProcess) -> None:
    with pytest.raises(EngineUnavailableError, match="stopped"):
        await engine.embed(["die"], kind=TextKind.QUERY)
    assert await engine.embed(["fine"], kind=TextKind.QUERY)


async def test_model_error_is_an_error_not_a_death(engine: EngineProcess) -> None:
    with pytest.raises(EngineError, match="ValueError"):
        await engine.embed(["boom"], kind=TextKind.QUERY)
    pid = engine.pid
    assert await engine.embed(["fine"], kind=TextKind.QUERY)
    assert engine.pid == pid


async def test_cancelling_the_caller_frees_the_worker(engine: EngineProcess) -> None:
    slow = asyncio.create_task(engine.embed(["slow"], kind=TextKind.QUERY))
    await engine.status()
    slow.cancel()
    assert await engine.embed(["next"], kind=TextKind.QUERY)


async def test_newer_ticket_version_drops_the_older_answer(engine: EngineProcess) -> None:
    old = asyncio.create_task(
        engine.understand([[Turn(role=Role.CUSTOMER, text="slow")]], ticket_id="t", ticket_version=1)
    )
    await engine.status()
    new = await engine.understand([[Turn(role=Role.CUSTOMER, text="hi")]], ticket_id="t", ticket_version=2)
    assert len(new) == 1
    with pytest.raises(CancelledByNewerError):
        await old


async def test_closing_a_draft_stops_it(engine: EngineProcess) -> None:
    draft = engine.draft(order("one two slow"))
    async for item in draft:
        assert isinstance(item, DraftToken)
        break
    await draft.aclose()
    items = [item async for item in engine.draft(order("three"))]
    assert len(items) == 2


@pytest.mark.parametrize("task", ["rewrite", "summary"])
async def test_closing_a_rewrite_or_a_summary_stops_it(engine: EngineProcess, task: str) -> None:
    def ask(text: str) -> AsyncGenerator[DraftToken | DraftDone, None]:
        if task == "rewrite":
            return engine.rewrite(RewriteOrder(text=text, manner=Rewording.WARM, language="en"))
        return engine.summarise(SummaryOrder(thread=(Turn(role=Role.CUSTOMER, text=text),), language="en"))

    stream = ask("one slow two")
    assert isinstance(await anext(stream), DraftToken)
    await stream.aclose()
    assert isinstance([item async for item in ask("three")][-1], DraftDone)


async def test_a_model_that_is_too_small_says_how_much_it_manages(engine: EngineProcess) -> None:
    with pytest.raises(ModelTooSmallError) as caught:
        await anext(engine.rewrite(RewriteOrder(text="long", manner=Rewording.WARM, language="en")))
    assert (caught.value.tokens, caught.value.limit) == (9, 3)


async def test_a_summary_without_room_is_refused(engine: EngineProcess) -> None:
    thread = (Turn(role=Role.CUSTOMER, text="hello"),)
    with pytest.raises(EngineRefusedError, match="no room"):
        await anext(engine.summarise(SummaryOrder(thread=thread, language="en", max_tokens=4)))


async def test_an_urgent_rewrite_overtakes_what_is_written_ahead(engine: EngineProcess) -> None:
    async def rest(stream: AsyncGenerator[DraftToken | DraftDone, None]) -> str:
        return [item async for item in stream][-1].text

    ahead = asyncio.create_task(rest(engine.draft(order("slow"), priority=Priority.PREFETCH)))
    await engine.status()
    urgent = RewriteOrder(text="now", manner=Rewording.WARM, language="en")
    assert await rest(engine.rewrite(urgent)) == "now"
    assert not ahead.done()
    ahead.cancel()


async def test_draft_already_shown_is_not_written_twice(engine: EngineProcess) -> None:
    shown = []
    with pytest.raises(EngineUnavailableError):
        async for item in engine.draft(order("one die")):
            shown.append(item)
    assert len(shown) == 1


async def test_engine_that_cannot_start_is_announced() -> None:
    engine = EngineProcess(["/nonexistent/engine"], pause=no_pause)
    restarting = asyncio.Event()
    engine.on_state(lambda change: restarting.set() if change.state is EngineState.RESTARTING else None)
    await engine.start()
    await restarting.wait()
    await engine.close()


def lesson(text: str, *intents: str, name: str = "one") -> Lesson:
    return Lesson(id=name, thread=[Turn(role=Role.CUSTOMER, text=text)], intents=list(intents))


async def labels(engine: EngineProcess, text: str) -> list[str]:
    [read] = await engine.understand([[Turn(role=Role.CUSTOMER, text=text)]])
    return [one.label for one in read.understanding.intents]


async def test_what_was_learned_is_told_to_the_next_engine_before_anything_else(engine: EngineProcess) -> None:
    learned = await engine.learn([lesson("hello", "order.status"), lesson("bye", "chat.thanks", name="two")])
    assert (learned.held, learned.trunk, learned.features) == (2, "tiny", [b"tiny", b"tiny"])
    assert (await engine.learn([], forget=["two"])).held == 1
    slow = asyncio.create_task(engine.embed(["slow"], kind=TextKind.QUERY))
    waiting = asyncio.create_task(labels(engine, "hello"))  # behind the slow one when the process dies
    await asyncio.sleep(0)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    slow.cancel()
    assert await waiting == ["order.status"]
    assert await labels(engine, "bye") == ["chat.greeting"]
    os.kill(engine.pid, signal.SIGKILL)  # and to the one after that
    assert await labels(engine, "hello") == ["order.status"]


async def test_a_deadly_lesson_is_given_up(engine: EngineProcess) -> None:
    await engine.learn([lesson("hello", "order.status")])
    with pytest.raises(EngineUnavailableError):
        await engine.learn([lesson("die", "order.status", name="two")])
    assert await labels(engine, "hello") == ["order.status"]


async def test_models_that_cannot_learn_say_so(engine: EngineProcess) -> None:
    with pytest.raises(EngineRefusedError, match="do not know how"):
        await engine.learn([lesson("hello", "unteachable")])


async def test_a_failing_lesson_leaves_no_customer_text_in_the_log(
    engine: EngineProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(EngineError):
        await engine.learn([lesson("boom 13800138000", "order.status")])
    assert "request failed" in caplog.text
    assert "13800138000" not in caplog.text


async def test_models_are_loaded_anew_by_wish_and_what_is_asked_meanwhile_is_answered(tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def command() -> list[str]:
        asked.append([sys.executable, "-m", "tests.helpers.tiny_engine"])
        return asked[-1]

    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    engine = EngineProcess(command, environment={"PYTHONPATH": os.fspath(ROOT)}, pause=pause)
    states: list[EngineState] = []
    engine.on_state(lambda change: states.append(change.state) if change.model == "engine" else None)
    await engine.start()
    try:
        await engine.embed(["one"], kind=TextKind.QUERY)
        first = engine.pid
        again = asyncio.create_task(engine.restart())
        await asyncio.sleep(0)  # the old one is asked to leave first
        assert await engine.embed(["two"], kind=TextKind.QUERY)
        await again
        assert engine.pid not in (None, first)
        assert len(asked) == 2
        assert EngineState.RESTARTING not in states  # it did not fall, and nobody waits for it
        assert pauses == []
    finally:
        await engine.close()
    await engine.restart()  # there is nothing to load any more
    assert engine.pid is None


async def test_a_draft_that_was_being_shown_ends_when_models_are_loaded_anew(engine: EngineProcess) -> None:
    drafted = engine.draft(order("word " * 400 + " slow"))
    try:
        first = await anext(drafted)
        assert isinstance(first, DraftToken)
        await engine.restart()
        with pytest.raises(EngineUnavailableError, match="anew"):
            async for _ in drafted:
                pass
    finally:
        await drafted.aclose()
