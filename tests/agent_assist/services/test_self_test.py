"""The self-test tells what works and what does not, part by part, and can be left at any moment."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent_assist.engine.api import ReadMessage
from agent_assist.engine.registry import ModelRegistry, Verdict
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.services.self_test import Outcome, Part, SelfTestService, SelfTestStep
from tests.agent_assist.engine.test_registry import make_model


@pytest.fixture
async def engine() -> ScriptedEngine:
    made = ScriptedEngine()
    await made.start()
    return made


async def ends(service: SelfTestService) -> dict[Part, SelfTestStep]:
    return {step.part: step async for step in service.run() if step.outcome is not Outcome.RUNNING}


async def test_a_whole_installation_passes_every_part_with_its_times(tmp_path: Path, engine: ScriptedEngine) -> None:
    make_model(tmp_path, "reply", "starter")
    clock = iter(float(n) for n in range(20))
    steps = await ends(SelfTestService(registry=ModelRegistry(tmp_path), engine=engine, clock=lambda: next(clock)))
    assert {part: step.outcome for part, step in steps.items()} == dict.fromkeys(Part, Outcome.PASSED)
    assert steps[Part.READING].milliseconds == 500.0  # a second for two messages
    assert steps[Part.SEARCHING].milliseconds == pytest.approx(1000 / 3)
    [order] = engine.orders
    assert order.passages


async def test_progress_of_the_files_reaches_the_end(tmp_path: Path, engine: ScriptedEngine) -> None:
    service = SelfTestService(registry=ModelRegistry(tmp_path), engine=engine)
    told = [step async for step in service.run() if step.part is Part.FILES]
    counted = [step for step in told if step.total]
    assert counted[-1].done == counted[-1].total > 0
    assert [step.done for step in counted] == sorted(step.done for step in counted)


async def test_a_changed_file_and_a_silent_writer_are_named_and_the_rest_is_tried(
    tmp_path: Path, engine: ScriptedEngine
) -> None:
    (make_model(tmp_path, "reply", "changed") / "model.gguf").write_bytes(b"GGUFother")
    engine.answers.append("  ")
    steps = await ends(SelfTestService(registry=ModelRegistry(tmp_path), engine=engine))
    assert "changed" in steps[Part.FILES].problem
    assert steps[Part.WRITING].outcome is Outcome.FAILED
    assert steps[Part.READING].outcome is steps[Part.SEARCHING].outcome is Outcome.PASSED


async def test_an_engine_that_is_away_fails_each_part_with_its_sentence(tmp_path: Path, engine: ScriptedEngine) -> None:
    engine.available = False
    steps = await ends(SelfTestService(registry=ModelRegistry(tmp_path), engine=engine))
    assert steps[Part.FILES].outcome is Outcome.PASSED
    for part in (Part.READING, Part.SEARCHING, Part.WRITING):
        assert steps[part].problem == "The engine is not running."


async def test_a_reader_that_finds_nothing_fails(tmp_path: Path, engine: ScriptedEngine) -> None:
    class Blind(ScriptedEngine):
        def _labels(self, text: str) -> list[str]:
            return []

        def _read(self, text: str) -> ReadMessage:
            read = super()._read(text)
            return replace(read, understanding=replace(read.understanding, intents=()))

    blind = Blind()
    await blind.start()
    steps = await ends(SelfTestService(registry=ModelRegistry(tmp_path), engine=blind))
    assert steps[Part.READING].outcome is Outcome.FAILED
    assert steps[Part.READING].problem


async def test_leaving_it_stops_the_hashing(tmp_path: Path, engine: ScriptedEngine) -> None:
    read: list[int] = []

    class Endless(ModelRegistry):
        def verify(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[Verdict, ...]:
            assert progress is not None
            for done in range(1, 100_000_000):
                read.append(done)
                progress(done, 100_000_000)
            return ()

    service = SelfTestService(registry=Endless(tmp_path), engine=engine)
    running = service.run()
    async for _ in running:
        if len(read) > 1_000:
            break
    await running.aclose()
    count = len(read)
    await asyncio.sleep(0.01)
    assert len(read) == count < 100_000_000 - 1
