"""State, self-test and additions of models, without a window."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.language import Language
from agent_assist.engine.registry import ADAPTER, ENCODER, REPLY, RERANKER, SERVER, ModelRegistry
from agent_assist.services.self_test import Outcome, Part
from tests.ui.doubles.models import WHY_CPU, ModelsDouble, SelfTestDouble, card
from ui.device_words import why
from ui.i18n import I18n
from ui.models.presenter import ModelsPresenter
from ui.models.words import KINDS, card_line
from ui.tasks import Tasks


class Bench:
    def __init__(self) -> None:
        self.models, self.self_test = ModelsDouble(), SelfTestDouble()
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.loaded: list[bool] = []
        self.presenter = ModelsPresenter(
            self.models, self.self_test, self.tasks.scope(), loaded_anew=lambda: self.loaded.append(True)
        )

    async def do(self, act: Callable[[], object]) -> None:
        act()
        await self.tasks.idle()


async def test_the_state_of_each_role_and_its_model_are_read() -> None:
    bench = Bench()
    await bench.do(bench.presenter.activate)
    reply = bench.presenter.card_of("reply")
    assert reply is not None
    assert reply.name == "gemma3-270m"
    assert [state.name for state in bench.presenter.states] == ["encoder", "reply"]
    assert bench.presenter.starter is None


async def test_events_are_followed_while_somebody_looks() -> None:
    bench = Bench()
    bench.presenter.handle(EngineStateChanged(model="reply", state=EngineState.LOADING))
    await bench.tasks.idle()
    assert bench.presenter.cards is None
    await bench.do(bench.presenter.activate)
    bench.presenter.handle(EngineStateChanged(model="engine", state=EngineState.RESTARTING))
    assert bench.presenter.states == ()
    event = bench.presenter.event("reply")
    assert event is not None
    assert event.state is EngineState.RESTARTING
    await bench.tasks.idle()
    assert bench.presenter.states


async def test_the_self_test_is_told_part_by_part_and_can_be_left() -> None:
    bench = Bench()
    await bench.do(bench.presenter.test)
    assert {step.outcome for step in bench.presenter.steps.values()} == {Outcome.PASSED}
    assert bench.presenter.steps[Part.WRITING].tokens_per_second == 55.2
    bench.self_test.hold = asyncio.Event()
    bench.presenter.test()
    while Part.WRITING not in bench.presenter.steps:
        await asyncio.sleep(0)
    assert bench.presenter.testing
    bench.presenter.cancel_test()
    await bench.tasks.idle()
    assert not bench.presenter.testing
    assert Part.WRITING not in bench.presenter.steps
    assert bench.presenter.steps[Part.READING].outcome is Outcome.PASSED
    assert bench.errors == []


async def test_a_model_is_added_with_progress_and_waits_to_be_loaded() -> None:
    bench = Bench()
    bench.models.hold = asyncio.Event()
    bench.presenter.add(Path("/home/han/own.gguf"))
    while bench.presenter.copying is None or not bench.presenter.copying.total:
        await asyncio.sleep(0)
    assert (bench.presenter.copying.done, bench.presenter.copying.total) == (30, 100)
    bench.models.hold.set()
    await bench.tasks.idle()
    assert bench.presenter.copying is None
    assert bench.presenter.notes
    assert bench.presenter.needs_loading
    chosen, starter = bench.presenter.card_of("reply"), bench.presenter.starter
    assert chosen is not None
    assert starter is not None
    assert (chosen.name, starter.name) == ("own", "gemma3-270m")
    await bench.do(bench.presenter.load_anew)
    assert bench.models.loads == 1
    assert bench.loaded == [True]
    assert not bench.presenter.needs_loading
    await bench.do(lambda: bench.presenter.use(starter))
    assert bench.presenter.starter is None
    await bench.do(lambda: bench.presenter.remove(chosen))
    assert "own" not in bench.models.cards


async def test_one_that_is_refused_says_why_and_changes_nothing() -> None:
    bench = Bench()
    bench.models.refusal = "own.gguf is an embedding model; it cannot write."
    await bench.do(lambda: bench.presenter.add(Path("own.gguf")))
    assert bench.presenter.problem == bench.models.refusal
    assert not bench.presenter.needs_loading
    assert bench.errors == []


async def test_an_addition_is_cancelled() -> None:
    bench = Bench()
    bench.models.hold = asyncio.Event()
    bench.presenter.add(Path("own.gguf"))
    await asyncio.sleep(0)
    bench.presenter.cancel_adding()
    await bench.tasks.idle()
    assert bench.presenter.copying is None
    assert bench.models.added == []


async def test_a_server_is_asked_with_its_key() -> None:
    bench = Bench()
    await bench.do(lambda: bench.presenter.add_server(" http://10.0.0.5:8080/v1 ", key="secret", allow_public=False))
    assert bench.models.added == [("http://10.0.0.5:8080/v1", "secret", False)]
    reply = bench.presenter.card_of("reply")
    assert reply is not None
    assert reply.kind == "server"


@pytest.mark.parametrize(
    "detail",
    [
        WHY_CPU,
        "CPU: the GPU is turned off in the settings; context 2,048 of 32,768",
        "CPU: this build of llama.cpp has no GPU support; context 4,096 of 32,768",
        "CPU: the GPU had not the memory for it; context 4,096 of 32,768",
        "CPU: 0.4 GB free on the GPU are too few; context 4,096 of 32,768",
        "12 of 26 layers on the GPU (3.1 of 8.0 GB), the rest on the CPU; context 4,096 of 8,192",
        "all 18 layers on the GPU (0.6 of 24.0 GB); context 8,192 of 32,768: 20.0 GB free",
        "GPU: 12 layers, as set",
        "CPU, as set: onnxruntime with int8 weights",
        "CPU (onnxruntime, int8): no NVIDIA driver was found",
        "CPU (onnxruntime, int8): the model has int8 weights only",
        "CPU (onnxruntime, int8): this build of torch has no CUDA or the driver refuses it",
        "GPU (torch, fp16): NVIDIA H200",
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_every_reason_of_the_engine_is_told_in_the_windows_language(language: Language, detail: str) -> None:
    told = why(I18n(language), detail)
    assert told
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told) is (language is Language.ZH)
    if "context" in detail:
        assert "of" in detail
        assert detail.split("context ")[1].split(" of")[0] in told


def test_every_kind_that_ships_or_is_built_has_a_name(tmp_path: Path) -> None:
    shipped = {one.kind for one in ModelRegistry(tmp_path).list()}
    assert shipped
    assert shipped | {ENCODER, REPLY, ADAPTER, RERANKER, SERVER} <= set(KINDS)


def test_a_card_is_told_in_a_line() -> None:
    told = card_line(I18n(Language.EN), card("gemma3-270m", "reply"))
    assert told == "reply model · 2026.11 · 253 MB · licence Gemma"
