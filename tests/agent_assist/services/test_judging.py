"""Searches and suggestions with a reader of passages, without one, and with one that is late or away."""

import asyncio
from collections.abc import Awaitable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.cli.knowledge.search import as_record, reason
from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.knowledge import ArticleKind, Hit, Passage
from agent_assist.domain.suggestion import SuggestionKind
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Priority, Turn
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.knowledge.searching.judged import READ
from agent_assist.services.events import EventBus
from agent_assist.services.judging import SEARCH_S, SUGGESTION_S, JudgingService
from agent_assist.services.suggestions import CandidatesReady
from tests.helpers.shop import open_shop

QUERY = "How long does a refund take?"
THREAD = [Turn(role=Role.CUSTOMER, text=QUERY)]
HITS = tuple(
    Hit(
        rank=n,
        score=0.9 - n / 10,
        passage=Passage(doc_id=str(n), title=f"title {n}", text=f"text {n}", start=0, end=6, kind=ArticleKind.FAQ),
    )
    for n in range(1, 7)
)


def answers(word: str) -> ScriptedEngine:
    """A shop's engine whose reader finds that passages with this word answer, and no other."""
    engine = ScriptedEngine()
    engine.reader = lambda question, passage: 0.98 if word in passage.text else 0.01
    return engine


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.doc_id for hit in hits]


async def make(engine: ScriptedEngine, **options: object) -> tuple[JudgingService, EventBus]:
    events = EventBus()
    service = JudgingService(engine=engine, events=events, **options)  # type: ignore[arg-type]
    engine.on_state(events.publish)
    await engine.start()
    return service, events


async def test_a_search_puts_first_what_answers_and_tells_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path, answers("Return shipping")) as (app, engine):
        hits = await app.knowledge.search(QUERY, k=4)
        [(asked, passages)] = engine.judged
    assert asked == QUERY
    assert len(passages) <= READ
    told = {hit.passage.doc_id: hit.answers for hit in hits}
    assert told["art-return"] == 0.98
    assert told["faq-refund"] == 0.01
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


async def test_the_command_line_tells_what_was_read(tmp_path: Path) -> None:
    async with open_shop(tmp_path, answers("Return shipping")) as (app, _):
        hits = {hit.passage.doc_id: hit for hit in await app.knowledge.search(QUERY, k=3, rerank=Priority.BATCH)}
    assert as_record(hits["art-return"], least=0.3)["why"]["answers"] == 0.98
    assert reason(hits["art-return"]).endswith("read as an answer: 98%")
    unread = replace(hits["art-return"], answers=None)
    assert "answers" not in as_record(unread, least=0.3)["why"]
    assert "read as" not in reason(unread)


async def test_a_search_asks_nothing_without_a_reader_or_where_it_is_not_wanted(tmp_path: Path) -> None:
    async with open_shop(tmp_path / "off", answers("Refunds")) as (app, engine):
        app.settings.set("knowledge.read_hits", False)
        off = await app.knowledge.search(QUERY, k=3)
        assert engine.judged == []
    async with open_shop(tmp_path / "none") as (app, _):
        none = await app.knowledge.search(QUERY, k=3)
    assert [(hit.passage.doc_id, hit.score, hit.answers) for hit in off] == [
        (hit.passage.doc_id, hit.score, None) for hit in none
    ]


async def test_the_users_reranker_has_the_say_in_a_search(tmp_path: Path) -> None:
    engine = answers("Refunds")
    engine.reranker = lambda query, text: 0.5
    async with open_shop(tmp_path, engine) as (app, _):
        hits = await app.knowledge.search(QUERY, k=3)
    assert engine.judged == []
    assert {hit.answers for hit in hits} == {None}


async def test_a_reviewed_text_that_is_read_as_no_answer_is_a_candidate_beside_a_draft(tmp_path: Path) -> None:
    async with open_shop(tmp_path / "sure", answers("Refunds reach")) as (app, _):
        sent = await app.suggestions.finished("t-refund")
        assert sent.kind is SuggestionKind.APPROVED
    engine = answers("nothing of this")
    engine.answers.extend(["It depends on your bank.", "Some days.", "Your bank knows."])
    async with open_shop(tmp_path / "doubted", engine) as (app, _):
        # Whatever the doubts, there is something to draft from.
        app.settings.set("suggestion.minimum_relevance", 0.0)
        drafted = await app.suggestions.finished("t-refund")
        assert (drafted.kind, drafted.draft) == (SuggestionKind.GENERATED, "It depends on your bank.")
        async with aclosing(app.suggestions.candidates("t-refund", count=3)) as steps:
            done = [step async for step in steps][-1]
    assert isinstance(done, CandidatesReady)
    texts = [(one.kind, one.draft) for one in done.candidates]
    assert (SuggestionKind.APPROVED, "Refunds reach your card within 3 business days.") in texts
    assert len(texts) == 3


async def test_a_draft_finds_its_passages_read_as_they_were_judged(tmp_path: Path) -> None:
    async with open_shop(tmp_path, answers("Return shipping")) as (app, engine):
        await app.suggestions.finished("t-return")
        [order], [(asked, passages)] = engine.orders, engine.judged
    assert asked == order.thread[-1].text
    assert {passage.doc_id for passage in passages} & {passage.doc_id for passage in order.passages}
    judged = {passage.doc_id: passage for passage in passages}
    assert all(judged.get(passage.doc_id, passage) == passage for passage in order.passages)
    assert order.passages[0].doc_id == "art-return"


async def test_who_could_be_sent_word_for_word_is_read_wherever_it_stands() -> None:
    engine = answers("text 6")
    service, _ = await make(engine)
    texts = [hit.passage.text for hit in HITS]
    hits = await service.sources(THREAD, HITS, texts=texts, also=[5], priority=Priority.PREFETCH)
    [(_, passages)] = engine.judged
    assert [passage.doc_id for passage in passages] == ["1", "2", "3", "6"]
    assert {hit.passage.doc_id: hit.answers for hit in hits} == {
        "1": 0.01, "2": 0.01, "3": 0.01, "4": None, "5": None, "6": 0.98,
    }  # fmt: skip


@pytest.mark.parametrize("priority", list(Priority))
async def test_one_that_is_late_leaves_the_hits_as_they_were(priority: Priority) -> None:
    waited: list[float] = []

    async def out_of_time(asked: Awaitable[list[float]], seconds: float) -> list[float]:
        waited.append(seconds)
        asyncio.ensure_future(asked).cancel()
        raise TimeoutError

    service, _ = await make(answers("text 4"), wait=out_of_time)
    texts = [hit.passage.text for hit in HITS]
    assert await service.found(THREAD, HITS, priority=priority) == HITS
    assert await service.sources(THREAD, HITS, texts=texts, priority=priority) == HITS
    assert waited == [SEARCH_S[priority], SUGGESTION_S[priority]]


async def test_a_dead_engine_leaves_the_hits_as_they_were_and_a_new_one_is_asked_again() -> None:
    engine = answers("text 2")
    service, events = await make(engine)
    assert ids(await service.found(THREAD, HITS, priority=Priority.BATCH))[0] == "2"
    engine.available = False
    assert await service.found(THREAD, HITS, priority=Priority.BATCH) == HITS
    events.publish(EngineStateChanged(model="engine", state=EngineState.RESTARTING))
    engine.available = True
    count = len(engine.judged)
    assert await service.found(THREAD, HITS, priority=Priority.BATCH) == HITS
    assert len(engine.judged) == count
    events.publish(EngineStateChanged(model="reader", state=EngineState.STARTING))
    assert ids(await service.found(THREAD, HITS, priority=Priority.BATCH))[0] == "2"


async def test_with_nothing_found_nothing_is_asked() -> None:
    engine = answers("x")
    service, _ = await make(engine)
    assert await service.found(THREAD, (), priority=Priority.BATCH) == ()
    assert engine.judged == []
