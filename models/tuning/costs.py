"""What a trunk costs: bytes on disk, and time a message on this machine."""

import json
import statistics
import time
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from safetensors import safe_open

from models.encoder.layout import CONFIG_FILE, ONNX_FILE, WEIGHTS_FILE
from models.encoder.trunk import Trunk, load_trunk

TOKENS = 32
_SINGLE, _WARM_UP = 30, 3
_BATCH, _BATCHES = 16, 6
_MEGA = 1e6
_FLOAT = 4
_LOWEST_ID = 5  # above the special tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """`ms`: median of one message of 32 tokens alone; `per_second`: messages of 32 tokens, 16 at a time."""

    ms: float
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`heads` are attention heads of all layers together. Megabytes of the int8 file, and of all weights as float32,
    None where the folder holds none to count."""

    layers: int
    heads: int
    mb_int8: float
    mb_fp32: float | None


def size_of(trunk: Path) -> Size:
    """Of a built trunk's folder; pruned attention heads do not count."""
    shape = json.loads((trunk / CONFIG_FILE).read_text(encoding="utf-8"))
    layers, heads = int(shape["num_hidden_layers"]), int(shape["num_attention_heads"])
    int8 = round((trunk / ONNX_FILE).stat().st_size / _MEGA, 3)
    if not (trunk / WEIGHTS_FILE).is_file():
        return Size(layers=layers, heads=layers * heads, mb_int8=int8, mb_fp32=None)
    width = int(shape["hidden_size"])
    with safe_open(trunk / WEIGHTS_FILE, framework="np") as file:
        names = [name for name in file.keys() if not name.startswith("pooler.")]  # noqa: SIM118 - no mapping
        count = sum(prod(file.get_slice(name).get_shape()) for name in names)
        dead = 0
        for layer in range(layers):
            values = file.get_tensor(f"encoder.layer.{layer}.attention.self.value.weight")
            dead += int((~values.reshape(heads, -1).any(axis=1)).sum())
    count -= dead * (width // heads) * (4 * width + 3)
    return Size(layers=layers, heads=layers * heads - dead, mb_int8=int8, mb_fp32=round(count * _FLOAT / _MEGA, 3))


def speed_of(trunk: Trunk, *, vocabulary: int) -> Speed:
    """Measured on random tokens; the heads on a trunk take a small part of its time."""
    chance = np.random.default_rng(0)
    ids = chance.integers(_LOWEST_ID, vocabulary, (_BATCH, TOKENS))
    mask = np.ones_like(ids)
    times = []
    for _ in range(_WARM_UP + _SINGLE):
        began = time.perf_counter()
        trunk.run(ids[:1], mask[:1])
        times.append(time.perf_counter() - began)
    trunk.run(ids, mask)
    began = time.perf_counter()
    for _ in range(_BATCHES):
        trunk.run(ids, mask)
    taken = time.perf_counter() - began
    return Speed(
        ms=round(1000 * statistics.median(times[_WARM_UP:]), 2), per_second=round(_BATCH * _BATCHES / taken, 1)
    )


def speed_of_folder(trunk: Path, *, device: str = "cpu") -> Speed:
    """The same for a built trunk's folder."""
    return speed_of(load_trunk(trunk, device=device), vocabulary=vocabulary_of(trunk))


def vocabulary_of(trunk: Path) -> int:
    """How many token ids a trunk knows."""
    return int(json.loads((trunk / CONFIG_FILE).read_text(encoding="utf-8"))["vocab_size"])
