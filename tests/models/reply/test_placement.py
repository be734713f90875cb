"""Layers and context from what a model needs and what is free: the decision alone, without a device."""

from pathlib import Path

import pytest

from models.reply.gguf_file import read_head
from models.reply.memory import Memory, _linux
from models.reply.placement import CPU_CONTEXT, GPU_CONTEXT, LEAST_CONTEXT, Needs, NoRoomError, place, retreats
from tests.helpers.models import models_dir
from tests.helpers.tiny_gguf import make_gguf

GB = 1_000_000_000
# A model of 7 billion weights at 4.5 bits with grouped heads: 4 GB in 32 layers, 128 kB of cache a token.
SEVEN = Needs(
    layers=32, layer_bytes=120_000_000, other_bytes=300_000_000, kv_token=131_072, trained_context=32768,
    width=4096, vocabulary=128_000,
)  # fmt: skip
SMALL = Needs(
    layers=18, layer_bytes=4_000_000, other_bytes=180_000_000, kv_token=18_432, trained_context=32768,
    width=640, vocabulary=262_144,
)  # fmt: skip


def card(free: float, *, total: float = 8, ram: float = 32) -> Memory:
    return Memory(ram=int(ram * GB), gpu=int(free * GB), gpu_total=int(total * GB))


def on(memory: Memory, needs: Needs = SEVEN, layers: int | None = None, build: bool = True) -> tuple[int, int, str]:
    found = place(needs, memory, gpu_layers=layers, gpu_build=build)
    return found.gpu_layers, found.context, found.reason


def test_a_build_without_gpu_support_says_so() -> None:
    layers, context, reason = on(card(24, total=24), build=False)
    assert (layers, context) == (0, CPU_CONTEXT)
    assert reason == "CPU: this build of llama.cpp has no GPU support; context 4,096 of 32,768: 32.0 GB free"


def test_the_settings_word_and_a_missing_card_are_told_apart() -> None:
    assert "turned off in the settings" in on(card(24), layers=0)[2]
    assert "no GPU was found" in on(Memory(ram=32 * GB))[2]


def test_a_small_model_goes_whole_onto_the_card_with_a_long_context() -> None:
    layers, context, reason = on(card(7.5), SMALL)
    assert layers == SMALL.layers + 1  # the output layer too
    assert context == GPU_CONTEXT
    assert reason.startswith("all 18 layers on the GPU (0.6 of 8.0 GB)")
    assert "context 16,384 of 32,768" in reason


def test_a_card_that_holds_the_weights_shortens_the_context_before_it_gives_up_a_layer() -> None:
    layers, context, _ = on(card(6.5))
    assert layers == SEVEN.layers + 1
    assert CPU_CONTEXT <= context < GPU_CONTEXT
    assert SEVEN.bytes(context) < 6.5 * GB


@pytest.mark.parametrize("free", [1.5, 2.0, 3.0, 4.0, 5.0])
def test_a_card_that_is_too_small_takes_as_many_layers_as_fit(free: float) -> None:
    layers, context, reason = on(card(free))
    assert 0 < layers <= SEVEN.layers
    assert context == CPU_CONTEXT
    used = layers * (SEVEN.layer_bytes + SEVEN.kv_token * context // SEVEN.layers)
    assert used + SEVEN.compute < free * GB
    assert f"{layers} of 32 layers on the GPU" in reason


def test_more_memory_never_means_fewer_layers_or_less_context() -> None:
    found = [on(card(free / 10, total=24))[:2] for free in range(5, 240)]
    assert [layers for layers, _ in found] == sorted(layers for layers, _ in found)
    whole = [context for layers, context in found if layers == SEVEN.layers + 1]
    assert whole == sorted(whole)
    assert found[0][0] == 0
    assert found[-1] == (SEVEN.layers + 1, GPU_CONTEXT)


def test_a_full_card_leaves_it_to_the_cpu() -> None:
    layers, _, reason = on(card(0.3))
    assert layers == 0
    assert "0.3 GB free on the GPU are too few" in reason


def test_a_number_of_layers_that_was_set_is_kept_but_no_more_than_there_are() -> None:
    assert on(card(8), layers=10)[0] == 10
    assert on(card(8), layers=999)[0] == SEVEN.layers + 1


def test_little_ram_shortens_the_context_and_less_is_refused() -> None:
    needed = SEVEN.bytes(LEAST_CONTEXT) / GB
    _, context, _ = on(Memory(ram=int((needed + 0.45) * GB)))
    assert LEAST_CONTEXT <= context < CPU_CONTEXT
    with pytest.raises(NoRoomError, match=r"needs about 4\.\d GB of memory and 2\.0 GB are free"):
        on(Memory(ram=2 * GB))


def test_ram_that_is_not_known_refuses_nothing() -> None:
    assert on(Memory(ram=None))[:2] == (0, CPU_CONTEXT)


def test_no_context_beyond_what_the_model_was_trained_with() -> None:
    short = Needs(
        layers=2, layer_bytes=1000, other_bytes=1000, kv_token=64, trained_context=1024, width=64, vocabulary=300
    )
    assert on(Memory(ram=8 * GB), short)[1] == 1024
    assert on(card(8), short)[1] == 1024


def test_out_of_memory_goes_down_to_the_cpu_and_says_why() -> None:
    memory = card(24, total=24)
    first = place(SEVEN, memory, gpu_layers=None, gpu_build=True)
    ways = list(retreats(first, SEVEN, memory))
    assert [way.gpu_layers for way in ways] == [33, 24, 16, 8, 0]
    assert "it had no memory for more" in ways[1].reason
    assert ways[-1].reason.startswith("CPU: the GPU had not the memory for it")
    at_once = place(SEVEN, memory, gpu_layers=0, gpu_build=True)
    assert list(retreats(at_once, SEVEN, memory)) == [at_once]


def test_needs_are_read_from_the_file(tmp_path: Path) -> None:
    needs = Needs.of(read_head(make_gguf(tmp_path / "m.gguf", layers=3)))
    assert (needs.layers, needs.trained_context) == (3, 4096)
    assert needs.kv_token == 3 * 2 * (16 + 16)  # layers, bytes, one head's keys and values
    assert needs.vocabulary == 260


@pytest.mark.models
def test_the_starter_needs_what_its_heads_say() -> None:
    needs = Needs.of(read_head(models_dir() / "reply" / "gemma3-270m" / "model.gguf"))
    assert needs.kv_token == 18 * 2 * (256 + 256)
    assert 240e6 < needs.layers * needs.layer_bytes + needs.other_bytes < 260e6


def test_a_container_s_limit_counts(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   4000000 kB\n")
    assert _linux(tmp_path) == 4_096_000_000
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.current").write_text("900000000\n")
    (group / "memory.stat").write_text("anon 1\ninactive_file 400000000\n")
    (group / "memory.max").write_text("max\n")
    assert _linux(tmp_path) == 4_096_000_000
    (group / "memory.max").write_text("1000000000\n")
    assert _linux(tmp_path) == 500_000_000
