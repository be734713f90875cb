"""Memory that runs out on a graphics card: fewer layers, then the CPU, and the draft under way goes on.

The build here has no card, so llama.cpp counts the layers and runs on the CPU all the same; what fails is put in at its
border, by the code that it would return.
"""

from collections.abc import Callable
from pathlib import Path

import llama_cpp
import pytest

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, Turn
from models.reply.choice import Choice
from models.reply.memory import Memory
from models.reply.opening import open_runtime
from models.reply.placed import PlacedRuntime
from models.reply.runtime import ModelLoadError, Sampling
from models.reply.types import DraftStats
from models.reply.writer import Writer
from tests.helpers.tiny_gguf import make_adapter, make_gguf

GB = 1 << 30
CARD = Memory(ram=8 * GB, gpu=7 * GB, gpu_total=8 * GB)
NO_MEMORY = -2


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_gguf(tmp_path_factory.mktemp("gguf") / "tiny" / "model.gguf", layers=7)


def opened(model: Path, memory: Memory = CARD, **fields: object) -> PlacedRuntime:
    choice = Choice(model=model, adapter=None, version="tiny", name="tiny")
    return open_runtime(choice, memory=lambda: memory, gpu_build=lambda: True, **fields)  # type: ignore[arg-type]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Let the calls of llama_decode with these numbers fail; returns the list of all numbers."""

    def fail_at(*numbers: int, code: int = NO_MEMORY) -> list[int]:
        real, calls = llama_cpp.llama_decode, list[int]()

        def decode(context: object, batch: object) -> int:
            calls.append(len(calls))
            return code if calls[-1] in numbers else real(context, batch)

        monkeypatch.setattr(llama_cpp, "llama_decode", decode)
        return calls

    return fail_at


def greedy(runtime: PlacedRuntime, prompt: list[int], count: int) -> list[int]:
    runtime.prefill(prompt, should_stop=never)
    pick, chosen = runtime.sampler(Sampling()), list[int]()
    for _ in range(count):
        chosen.append(pick())
        runtime.decode(chosen[-1:])
    return chosen


def test_all_layers_first_and_told(model: Path) -> None:
    runtime = opened(model)
    assert (runtime.device, runtime.placement.gpu_layers) == ("gpu", 8)
    assert "all 7 layers on the GPU" in runtime.placement.reason
    runtime.close()


@pytest.mark.parametrize("at", [(0,), (1,), (6,), (2, 3), (0, 1, 2, 3)])
def test_what_was_written_goes_on_where_it_was(
    model: Path, fail: Callable[..., list[int]], at: tuple[int, ...]
) -> None:
    prompt = list(range(10, 50))
    calm = opened(model)
    expected = greedy(calm, prompt, 12)
    calm.close()
    fail(*at)
    runtime = opened(model)
    assert greedy(runtime, prompt, 12) == expected
    assert runtime.placement.gpu_layers == [8, 6, 4, 2, 0][len(at)]
    assert list(runtime.cached) == prompt + expected
    runtime.close()


def test_the_cpu_is_the_last_place(model: Path, fail: Callable[..., list[int]]) -> None:
    fail(*range(100))
    runtime = opened(model)
    with pytest.raises(Exception, match="code -2"):
        runtime.prefill([5, 6, 7], should_stop=never)
    assert runtime.placement.gpu_layers == 0
    runtime.close()


def test_a_card_without_memory_for_the_weights_is_left_while_loading(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = llama_cpp.llama_model_load_from_file, list[int]()

    def load(path: bytes, params: llama_cpp.llama_model_params) -> object:
        if params.vocab_only:
            return real(path, params)
        asked.append(params.n_gpu_layers)
        return None if params.n_gpu_layers > 4 else real(path, params)

    monkeypatch.setattr(llama_cpp, "llama_model_load_from_file", load)
    runtime = opened(model)
    assert asked == [8, 6, 4]
    assert runtime.placement.reason == "4 of 7 layers on the GPU: it had no memory for more"
    runtime.close()


def test_a_context_that_does_not_fit_is_tried_with_fewer_layers(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = llama_cpp.llama_init_from_model, list[int]()

    def init(handle: object, params: object) -> object:
        tries.append(1)
        return None if len(tries) == 1 else real(handle, params)

    monkeypatch.setattr(llama_cpp, "llama_init_from_model", init)
    runtime = opened(model)
    assert runtime.placement.gpu_layers == 6
    runtime.close()


def test_a_card_that_gives_no_numbers_is_left(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.reply import runtime as module

    real = module.Runtime.logits

    def logits(self: module.Runtime, back: int = 1) -> object:
        found = real(self, back)
        return found * float("nan") if wrong else found

    wrong = False
    monkeypatch.setattr(module.Runtime, "logits", logits)
    runtime = opened(model)
    runtime.prefill(list(range(10, 50)), should_stop=never)
    pick = runtime.sampler(Sampling())
    expected = pick()
    wrong = True
    again = runtime.prefill
    monkeypatch.setattr(runtime, "prefill", lambda *args, **fields: (heal(), again(*args, **fields))[1])

    def heal() -> None:
        nonlocal wrong
        wrong = runtime.placement.gpu_layers > 0

    assert pick() == expected
    assert runtime.placement.gpu_layers < 8
    runtime.close()


def test_an_engine_that_died_with_these_layers_gets_fewer(model: Path) -> None:
    runtime = opened(model, died_with=8)
    assert runtime.placement.gpu_layers == 6
    assert "ended over it with 8 layers" in runtime.placement.reason
    runtime.close()


def test_each_place_is_told_before_it_is_tried(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(llama_cpp, "llama_model_load_from_file", lambda path, params: None)
    with pytest.raises(ModelLoadError, match=r"not a model that llama\.cpp can load"):
        opened(model, began=lambda placement: told.append(placement.gpu_layers))
    assert told == [8, 6, 4, 2, 0]


def test_a_draft_is_shown_once_though_the_card_fails_in_the_midst(model: Path, fail: Callable[..., list[int]]) -> None:
    request = Draft(id="1", language="en", thread=[Turn(role=Role.CUSTOMER, text="Hello?")], passages=[], max_tokens=40)
    choice = Choice(model=model, adapter=None, version="tiny", name="tiny")
    *_, calm = Writer.over(opened(model), choice).draft(request, should_stop=never)
    assert isinstance(calm, DraftStats)
    fail(9)
    writer = Writer.over(opened(model), choice)
    *pieces, stats = writer.draft(request, should_stop=never)
    assert isinstance(stats, DraftStats)
    assert "".join(map(str, pieces)) == stats.text == calm.text
    assert writer.gpu_layers == 6
    assert "no memory for more" in writer.device_reason
    writer.close()


def test_too_little_memory_is_a_sentence_with_figures(model: Path) -> None:
    with pytest.raises(ModelLoadError, match=r"tiny does not fit: it needs about 0\.0 GB of memory and 0\.0 GB"):
        opened(model, Memory(ram=1 << 20))


def test_an_adapter_for_another_model_is_refused_before_llama_cpp_sees_it(tmp_path: Path, model: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter.gguf", layers=9)
    choice = Choice(model=model, adapter=adapter, version="tiny", name="tiny")
    with pytest.raises(ModelLoadError, match="trained on another model"):
        open_runtime(choice)
