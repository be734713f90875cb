"""Search with a reranker, without one, and with one that is late, wrong or dead."""

import asyncio
import math
from collections.abc import Awaitable
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.knowledge import Hit, Passage
from agent_assist.engine.protocol import Priority
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import EngineUnavailableError
from agent_assist.services.events import EventBus
from agent_assist.services.reranking import DEADLINES_S, RerankingService
from tests.helpers.shop import open_shop

QUERY = "How long does a refund take?"
HITS = tuple(
    Hit(
        rank=n, score=0.9 - n / 10, passage=Passage(doc_id=str(n), title=f"title {n}", text=f"text {n}", start=0, end=6)
    )
    for n in range(1, 5)
)


def prefers(word: str) -> ScriptedEngine:
    engine = ScriptedEngine()
    engine.reranker = lambda query, text: 0.99 if word in text else 0.01
    return engine


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.doc_id for hit in hits]


async def find(app: App, k: int = 3) -> tuple[Hit, ...]:
    return await app.knowledge.search(QUERY, k=k)


async def test_without_one_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*arguments: object, **options: object) -> list[float]:
        raise AssertionError("the engine was asked")

    async with open_shop(tmp_path) as (app, engine):
        monkeypatch.setattr(engine, "rerank", never)
        hits = await find(app)
        assert ids(hits)[0] == "faq-refund"
        assert {hit.reranked for hit in hits} == {None}
        [ready] = [
            one async for one in app.suggester.steps(await app.tickets.get("t-refund")) if hasattr(one, "sources")
        ]
        assert ready.sources[0].doc_id == "faq-refund"


async def test_one_brings_up_what_it_prefers_and_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path / "plain") as (app, _):
        plain = {hit.passage.doc_id: hit.score for hit in await find(app)}
    async with open_shop(tmp_path / "reranked", prefers("发票")) as (app, engine):
        hits = await find(app)
        asked_query, texts = engine.reranked[-1]
    assert asked_query == QUERY
    assert any(text.startswith("Refund time\nHow long does a refund take?\nRefunds reach") for text in texts)
    assert {hit.passage.doc_id: hit.reranked for hit in hits}["art-invoice"] == 0.99
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    after = {hit.passage.doc_id: hit.score for hit in hits}
    assert after["art-invoice"] > plain["art-invoice"]
    assert after["faq-refund"] < plain["faq-refund"]


async def test_it_chooses_among_more_hits_than_are_wanted(tmp_path: Path) -> None:
    async with open_shop(tmp_path, prefers("发票")) as (app, engine):
        [hit] = await find(app, k=1)
        assert len(engine.reranked[-1][1]) == 3
        assert hit.reranked is not None


async def test_suggestions_search_with_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path, prefers("Refunds")) as (app, engine):
        suggestion = await app.suggester.suggest(await app.tickets.get("t-refund"))
        assert suggestion.sources[0].doc_id == "faq-refund"
        assert len(engine.reranked) == 1


async def make(engine: ScriptedEngine, events: EventBus, **options: object) -> RerankingService:
    service = RerankingService(engine=engine, events=events, **options)  # type: ignore[arg-type]
    engine.on_state(events.publish)
    await engine.start()
    return service


async def best(service: RerankingService, priority: Priority = Priority.OPEN_TICKET) -> list[str]:
    return ids(await service.best("q", HITS, k=2, priority=priority))


@pytest.mark.parametrize("priority", list(Priority))
async def test_one_that_is_late_leaves_the_list_as_it_was(priority: Priority) -> None:
    waited: list[float] = []

    async def out_of_time(asked: Awaitable[list[float]], seconds: float) -> list[float]:
        waited.append(seconds)
        asyncio.ensure_future(asked).cancel()
        raise TimeoutError

    service = await make(prefers("4"), EventBus(), wait=out_of_time)
    hits = await service.best("q", HITS, k=2, priority=priority)
    assert hits == HITS[:2]
    assert waited == [DEADLINES_S[priority]]


@pytest.mark.parametrize("scores", [[0.5], [math.nan] * 4, [math.inf] * 4])
async def test_scores_that_cannot_be_used_leave_the_list_as_it_was(
    scores: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = prefers("4")
    service = await make(engine, EventBus())

    async def wrong(*arguments: object, **options: object) -> list[float]:
        return scores

    monkeypatch.setattr(engine, "rerank", wrong)
    assert await best(service) == ["1", "2"]


async def test_a_dead_engine_leaves_the_list_as_it_was() -> None:
    engine = prefers("4")
    service = await make(engine, EventBus())
    assert await best(service) == ["4", "1"]
    engine.available = False
    with pytest.raises(EngineUnavailableError):
        await engine.rerank("q", [])
    assert await best(service) == ["1", "2"]


async def test_it_is_asked_as_its_state_allows() -> None:
    engine, events = prefers("4"), EventBus()
    service = await make(engine, events)

    async def tell(model: str, state: EngineState) -> list[str]:
        events.publish(EngineStateChanged(model=model, state=state))
        return await best(service)

    assert await tell("reranker", EngineState.STARTING) == ["4", "1"]
    assert await tell("reranker", EngineState.LOADING) == ["1", "2"]
    assert await best(service, Priority.BATCH) == ["4", "1"]
    assert await tell("reranker", EngineState.READY) == ["4", "1"]
    assert await tell("reranker", EngineState.FAILED) == ["1", "2"]
    assert await tell("reranker", EngineState.READY) == ["4", "1"]
    assert await tell("engine", EngineState.RESTARTING) == ["1", "2"]
    assert await tell("reranker", EngineState.STARTING) == ["4", "1"]


async def test_an_engine_that_died_over_loading_it_is_spared_it() -> None:
    engine, events = prefers("4"), EventBus()
    service = await make(engine, events)
    for model, state in (("reranker", "LOADING"), ("engine", "RESTARTING"), ("reranker", "STARTING")):
        events.publish(EngineStateChanged(model=model, state=EngineState[state]))
    assert await best(service, Priority.BATCH) == ["1", "2"]
