"""What every engine must do: the double that ships, the process around tiny models, the process with the real ones."""

import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_assist.domain.events import OPTIONAL_MODELS, EngineState, EngineStateChanged
from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording, Tone
from agent_assist.engine.api import DraftOrder, Engine, RewriteOrder, SummaryOrder
from agent_assist.engine.client import EngineProcess
from agent_assist.engine.local import local_engine
from agent_assist.engine.protocol import (
    SUMMARY_FIELDS,
    DraftDone,
    DraftToken,
    GroundingPassage,
    Lesson,
    Priority,
    SeenMessage,
    TextKind,
    Turn,
)
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import EngineRefusedError, EngineUnavailableError, ModelTooSmallError
from tests.helpers.models import models_dir

TINY = [sys.executable, "-m", "tests.helpers.tiny_engine"]
ROOT = Path(__file__).parents[3]


def make(kind: str) -> Engine:
    if kind == "scripted":
        return ScriptedEngine()
    if kind == "tiny":
        return EngineProcess(TINY, environment={"PYTHONPATH": os.fspath(ROOT)})
    return local_engine(models_dir())


@pytest.fixture(params=["scripted", "tiny", pytest.param("real", marks=pytest.mark.models)])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    engine = make(request.param)
    await engine.start()
    yield engine
    await engine.close()


def thread(text: str) -> list[Turn]:
    return [Turn(role=Role.CUSTOMER, text=text)]


async def test_understand_answers_each_thread_in_order(engine: Engine) -> None:
    read = await engine.understand([thread("你好"), thread("hello there")])
    assert [message.understanding.language for message in read] == ["zh", "en"]
    assert all(message.vector for message in read)
    assert all(message.understanding.intents for message in read)


async def test_embed_gives_one_vector_a_text(engine: Engine) -> None:
    first, second, third = await engine.embed(["a", "bb", "a"], kind=TextKind.PASSAGE)
    assert len(first) == len(second)
    assert len(first) % 4 == 0
    assert first == third


async def test_embed_of_nothing_is_nothing(engine: Engine) -> None:
    assert await engine.embed([], kind=TextKind.QUERY) == []


async def test_a_lesson_is_felt_in_the_next_message_and_can_be_forgotten(engine: Engine) -> None:
    text = "can you engrave the lid of my cup with a name"
    [before] = await engine.understand([thread(text)])
    lesson = Lesson(id="1", thread=thread(text), intents=["shop.engraving", "order.modify"])
    learned = await engine.learn([lesson])
    assert learned.held == 1
    assert learned.features != [b""]
    [after] = await engine.understand([thread(text)])
    assert {one.label for one in after.understanding.intents} == {"shop.engraving", "order.modify"}
    assert after.understanding.model_version == learned.model_version != before.understanding.model_version
    seen = [SeenMessage(thread=thread(text), vector=before.vector)]
    assert await engine.recheck(seen, since=before.understanding.model_version) == [True]
    assert await engine.recheck(seen, since=after.understanding.model_version) == [False]
    again = await engine.learn(
        [Lesson(id="1", thread=thread(text), intents=[], features=learned.features[0], trunk=learned.trunk)]
    )
    assert (again.held, again.features) == (1, [b""])
    [foreign] = await engine.understand([thread(text)])
    assert not foreign.understanding.in_scope
    forgotten = await engine.learn([], forget=["1"])
    assert (forgotten.held, forgotten.model_version) == (0, before.understanding.model_version)
    [as_before] = await engine.understand([thread(text)])
    assert as_before.understanding == before.understanding


async def test_draft_streams_tokens_and_ends_with_the_whole_text(engine: Engine) -> None:
    order = DraftOrder(
        language="en",
        thread=tuple(thread("How long do refunds take?")),
        passages=(GroundingPassage(doc_id="1", title="Refunds", text="Refunds take 3 days."),),
        max_tokens=32,
    )
    items = [item async for item in engine.draft(order)]
    assert isinstance(items[-1], DraftDone)
    tokens = [item for item in items if isinstance(item, DraftToken)]
    assert len(tokens) == len(items) - 1
    assert "".join(token.text for token in tokens).strip() == items[-1].text.strip()
    assert items[-1].text.strip()


async def test_a_text_is_worded_anew_in_a_stream(engine: Engine) -> None:
    order = RewriteOrder(text="Your order ships on 3 May.", manner=Rewording.FORMAL, language="en")
    *tokens, done = [item async for item in engine.rewrite(order)]
    assert isinstance(done, DraftDone)
    assert "".join(token.text for token in tokens if isinstance(token, DraftToken)).strip() == done.text.strip()
    assert done.text.strip()
    assert done.prompt_tokens > 0


async def test_a_summary_is_json_of_its_fields(engine: Engine) -> None:
    order = SummaryOrder(thread=tuple(thread("My parcel 7781 is late, where is it?")), language="en")
    try:
        *tokens, done = [item async for item in engine.summarise(order)]
    except ModelTooSmallError:  # the starter; what it would write is tested in tests/models/reply
        assert [model.small for model in await engine.status() if model.name == "reply"] == [True]
        return
    assert isinstance(done, DraftDone)
    assert "".join(token.text for token in tokens if isinstance(token, DraftToken)) == done.text
    summary = json.loads(done.text)
    assert list(summary) == list(SUMMARY_FIELDS)
    assert all(isinstance(text, str) for text in summary.values())


async def test_wishes_go_along_with_a_draft(engine: Engine) -> None:
    order = DraftOrder(
        language="en",
        thread=tuple(thread("When will it ship?")),
        passages=(GroundingPassage(doc_id="1", title="Shipping", text="Orders ship within 2 days."),),
        hint="tell her it ships tomorrow",
        tone=Tone.WARM,
        temperature=0.8,
        seed=3,
        max_tokens=24,
    )
    *_, done = [item async for item in engine.draft(order)]
    assert isinstance(done, DraftDone)
    assert done.text.strip()


async def test_without_a_reranker_it_refuses_to_rerank(engine: Engine) -> None:
    with pytest.raises(EngineRefusedError, match="No reranker"):
        await engine.rerank("query", ["text"])


@pytest.mark.parametrize("kind", ["scripted", "tiny"])
async def test_a_reranker_is_announced_and_scores_in_order(kind: str) -> None:
    engine: Engine
    if kind == "scripted":
        engine = scripted = ScriptedEngine()
        scripted.reranker = lambda query, text: float(query in text)
    else:
        engine = EngineProcess([*TINY, "--reranker"], environment={"PYTHONPATH": os.fspath(ROOT)})
    told: list[str] = []
    engine.on_state(lambda change: told.append(change.model))
    await engine.start()
    try:
        texts = ["a b", "c", "b"] * 4
        assert await engine.rerank("b", texts, priority=Priority.OPEN_TICKET) == [1.0, 0.0, 1.0] * 4
        assert await engine.rerank("b", []) == []
        assert "reranker" in told
        assert "reranker" in {model.name for model in await engine.status()}
    finally:
        await engine.close()


@pytest.mark.parametrize("kind", ["scripted", "tiny"])
async def test_without_a_reader_it_refuses_to_judge(kind: str) -> None:
    engine = make(kind)
    await engine.start()
    try:
        with pytest.raises(EngineRefusedError, match="No reader"):
            await engine.judge(thread("b"), [])
    finally:
        await engine.close()


@pytest.mark.parametrize("kind", ["scripted", "tiny", pytest.param("real", marks=pytest.mark.models)])
async def test_a_reader_is_announced_and_judges_in_order(kind: str) -> None:
    engine: Engine
    if kind == "scripted":
        engine = scripted = ScriptedEngine()
        scripted.reader = lambda asked, passage: float(asked in passage.text)
    elif kind == "tiny":
        engine = EngineProcess([*TINY, "--reader"], environment={"PYTHONPATH": os.fspath(ROOT)})
    else:
        engine = make(kind)
    told: list[str] = []
    engine.on_state(lambda change: told.append(change.model))
    await engine.start()
    try:
        asked = "How long is the parking free?"
        passages = [
            GroundingPassage(doc_id="1", title="Tea", text="Our green tea is grown in the hills of Hangzhou."),
            GroundingPassage(doc_id="2", title="Cars", text=f"{asked} The parking is free for 2 hours."),
        ]
        chances = await engine.judge(thread(asked), passages, priority=Priority.OPEN_TICKET)
        assert 0 <= chances[0] < 0.5 < chances[1] <= 1
        assert await engine.judge(thread(asked), []) == []
        assert "reader" in told
        assert "reader" in {model.name for model in await engine.status()}
    finally:
        await engine.close()


async def test_status_names_both_models(engine: Engine) -> None:
    await engine.embed(["warm"], kind=TextKind.QUERY)
    assert {model.name for model in await engine.status()} - OPTIONAL_MODELS == {"encoder", "reply"}


async def test_a_closed_engine_says_so(engine: Engine) -> None:
    await engine.close()
    with pytest.raises(EngineUnavailableError):
        await engine.embed(["late"], kind=TextKind.QUERY)


@pytest.mark.parametrize("kind", ["scripted", "tiny"])
async def test_state_changes_are_told(kind: str) -> None:
    engine = make(kind)
    told: list[EngineStateChanged] = []
    engine.on_state(told.append)
    await engine.start()
    await engine.embed(["warm"], kind=TextKind.QUERY)
    await engine.close()
    assert EngineState.READY in {change.state for change in told if change.model == "encoder"}
