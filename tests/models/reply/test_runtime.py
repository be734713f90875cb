"""What llama.cpp cannot load is refused in a sentence; guesses, chunks and numbers of what it can."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.errors import BadNumbersError
from models.reply.runtime import ModelLoadError, Runtime, Sampling
from tests.helpers.tiny_gguf import make_gguf


def test_a_file_that_is_no_model_is_refused_quietly(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"no model at all" * 100)
    with pytest.raises(ModelLoadError, match="not a model"):
        Runtime(path, adapter=None, context=256, threads=1, gpu_layers=0)
    assert capfd.readouterr().err == ""


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="agent-assist models build"):
        Runtime(tmp_path / "model.gguf", adapter=None, context=256, threads=1, gpu_layers=0)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    found = Runtime(make_gguf(tmp_path / "model.gguf"), adapter=None, context=1024, threads=1, gpu_layers=0)
    yield found
    found.close()


def never() -> bool:
    return False


@pytest.mark.parametrize("length", [2, 40, 127, 128, 129, 130, 257, 500])
def test_a_guess_is_read_with_the_prompt_and_costs_no_pass(runtime: Runtime, length: int) -> None:
    prompt = [4 + number % 250 for number in range(length)]
    runtime.prefill(prompt, should_stop=never)
    alone = runtime.logits().copy()
    runtime.decode([9])
    behind = runtime.logits().copy()
    runtime.prefill([5], should_stop=never)
    assert runtime.prefill([*prompt, 9], should_stop=never, outputs=2) is not None
    assert np.allclose(runtime.logits(back=2), alone, atol=0.03)
    assert np.allclose(runtime.logits(), behind, atol=0.03)
    again = runtime.prefill([*prompt, 9], should_stop=never, outputs=2)
    assert again == length - 1  # the prompt's last token is read anew, since its logits are wanted


def test_a_guess_that_was_wrong_is_taken_back(runtime: Runtime) -> None:
    runtime.prefill([10, 11, 12, 8], should_stop=never)
    wanted = runtime.logits().copy()
    runtime.prefill([10, 11, 12, 9], should_stop=never, outputs=2)
    runtime.retake(8)
    assert np.allclose(runtime.logits(), wanted, atol=0.03)
    assert list(runtime.cached) == [10, 11, 12, 8]


@pytest.mark.parametrize(
    ("seconds", "chunk"), [(0.2, 128), (0.49, 128), (0.6, 64), (0.9, 48), (60.0, 32), (0.03, 256), (0.001, 256)]
)
def test_a_chunk_takes_about_a_third_of_a_second(runtime: Runtime, seconds: float, chunk: int) -> None:
    runtime._suit_chunk(128, 9.0)  # the first one is of the disk
    assert runtime._chunk == 128
    runtime._suit_chunk(128, seconds)
    assert runtime._chunk == chunk


def test_a_chunk_that_a_busy_machine_made_short_grows_again(runtime: Runtime) -> None:
    runtime._suit_chunk(128, 2.0)
    runtime._suit_chunk(128, 2.0)
    assert runtime._chunk == 32
    for tokens, seconds, chunk in ((32, 0.2, 32), (32, 0.12, 80), (80, 0.3, 80), (80, 0.1, 128), (128, 0.18, 128)):
        runtime._suit_chunk(tokens, seconds)
        assert runtime._chunk == chunk


def test_a_short_prompt_tells_that_a_model_is_slow_but_not_that_it_is_fast(runtime: Runtime) -> None:
    runtime._suit_chunk(40, 0.001)
    runtime._suit_chunk(40, 0.001)
    assert runtime._chunk == 128
    runtime._suit_chunk(40, 2.0)
    assert runtime._chunk == 32
    runtime._suit_chunk(3, 0.0)
    assert runtime._chunk == 32


def test_a_prompt_is_cut_into_equal_chunks_and_leaves_no_crumb(runtime: Runtime) -> None:
    sizes: list[int] = []
    real = runtime.decode

    def decode(tokens: list[int], *, outputs: int = 1) -> None:
        sizes.append(len(tokens))
        real(tokens, outputs=outputs)

    runtime.decode = decode  # type: ignore[method-assign,assignment]
    runtime._suit_chunk = lambda tokens, seconds: None  # type: ignore[method-assign]
    for length, expected in ((100, [100]), (131, [131]), (160, [160]), (161, [81, 80]), (400, [134, 133, 133])):
        runtime.prefill([], should_stop=never)
        sizes.clear()
        runtime.prefill([7 + length % 5] * length, should_stop=never)
        assert sizes == expected


def test_sampling_notices_what_is_no_number(tmp_path: Path) -> None:
    found = Runtime(make_gguf(tmp_path / "m.gguf", nan=True), adapter=None, context=64, threads=1, gpu_layers=0)
    found.prefill([5, 6], should_stop=never)
    for temperature in (0.0, 0.8):
        with pytest.raises(BadNumbersError):
            found.sampler(Sampling(temperature=temperature))()
    found.close()
