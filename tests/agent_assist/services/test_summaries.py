"""Threads in four lines."""

import json
from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.language import Language
from agent_assist.domain.summary import Summary
from agent_assist.domain.wording import RefusalReason, WayKind
from agent_assist.errors import EngineError, NotFoundError
from agent_assist.services.summaries import SummaryProgress, SummaryReady, SummaryRefused, SummaryStep
from tests.helpers.shop import open_shop


async def steps_of(app: App, ticket_id: str = "t-return", **more: object) -> list[SummaryStep]:
    return [step async for step in app.summaries.summarise(ticket_id, **more)]  # type: ignore[arg-type]


def ready(steps: list[SummaryStep]) -> Summary:
    assert isinstance(steps[-1], SummaryReady)
    return steps[-1].summary


def fields(**values: str) -> str:
    return json.dumps({"problem": "", "done": "", "open": "", "next": ""} | values, ensure_ascii=False)


async def test_a_summary_is_kept_for_its_version_of_the_ticket(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.summaries.extend([fields(problem="A bag goes back.", next="Tell the cost."), fields(problem="New.")])
        steps = await steps_of(app)
        summary = ready(steps)
        assert (summary.problem, summary.next, summary.language) == ("A bag goes back.", "Tell the cost.", "en")
        assert any(isinstance(step, SummaryProgress) for step in steps)
        assert ready(await steps_of(app)) == summary == await app.summaries.kept("t-return")
        assert len(engine.summary_orders) == 1
        await app.feedback.send("t-return", "It costs $5.", suggestion=None)
        assert await app.summaries.kept("t-return") is None
        assert ready(await steps_of(app)).problem == "New."
        assert [turn.role for turn in engine.summary_orders[-1].thread] == ["customer", "agent"]


async def test_each_language_has_its_own_and_again_writes_anew(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.summaries.extend([fields(problem="one"), fields(problem="一"), fields(problem="two")])
        assert ready(await steps_of(app)).problem == "one"
        assert ready(await steps_of(app, language=Language.ZH)).problem == "一"
        assert ready(await steps_of(app)).problem == "one"
        assert ready(await steps_of(app, again=True)).problem == "two"
        assert ready(await steps_of(app)).problem == "two"


async def test_made_up_figures_are_named_and_a_small_models_not_shown(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.summaries.extend([fields(problem="He paid $77 for it.")] * 2)
        assert ready(await steps_of(app)).doubts == ("$77",)
        engine.small = True
        step = (await steps_of(app, again=True))[-1]
        assert isinstance(step, SummaryRefused)
        assert step.refusal.reason is RefusalReason.FIGURES
        assert [way.kind for way in step.refusal.ways] == [WayKind.LARGER_MODEL]


async def test_a_small_model_does_not_change_the_language(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.small = True
        step = (await steps_of(app, language=Language.ZH))[-1]
        assert isinstance(step, SummaryRefused)
        assert step.refusal.reason is RefusalReason.NOT_AT_ALL


async def test_what_is_no_summary_is_an_error(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        for wrong in ('{"problem": "half', '{"problem": "x"}', "Sure!"):
            engine.summaries.append(wrong)
            with pytest.raises(EngineError, match="cannot be read"):
                await steps_of(app)
        assert await app.summaries.kept("t-return") is None
        with pytest.raises(NotFoundError):
            await steps_of(app, "nobody")
