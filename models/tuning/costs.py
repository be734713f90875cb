"""What a trunk costs: bytes on disk, and time a message on this machine."""

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from safetensors import safe_open

from models.encoder.layout import CONFIG_FILE, ONNX_FILE, WEIGHTS_FILE
from models.encoder.trunk import Trunk, load_trunk

TOKENS = 32
_ROUNDS, _SINGLES, _BATCH = 7, 5, 16
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


def speeds_of(folders: Sequence[Path], *, device: str = "cpu") -> list[Speed]:
    """Of built trunks' folders, measured in turn."""
    return measure_speeds([(load_trunk(folder, device=device), vocabulary_of(folder)) for folder in folders])


def measure_speeds(trunks: Sequence[tuple[Trunk, int]]) -> list[Speed]:
    """Of trunks and how many token ids they know, on random tokens; the heads on a trunk take a small part of its time.

    The trunks take turns, so that what else the machine does slows all of them alike.
    """
    turns = [_Turn(trunk, vocabulary) for trunk, vocabulary in trunks]
    for _ in range(_ROUNDS):
        for turn in turns:
            turn.take()
    return [turn.speed() for turn in turns]


class _Turn:
    """One trunk's tokens and times."""

    def __init__(self, trunk: Trunk, vocabulary: int) -> None:
        self._trunk = trunk
        self._ids = np.random.default_rng(0).integers(_LOWEST_ID, vocabulary, (_BATCH, TOKENS))
        self._singles: list[float] = []
        self._batches: list[float] = []
        self._time(_BATCH)  # warms up

    def take(self) -> None:
        """Measure a few messages alone, and some together."""
        self._time(1)
        self._singles += [self._time(1) for _ in range(_SINGLES)]
        self._batches.append(self._time(_BATCH))

    def speed(self) -> Speed:
        """Of the median times."""
        single, batch = statistics.median(self._singles), statistics.median(self._batches)
        return Speed(ms=round(1000 * single, 2), per_second=round(_BATCH / batch, 1))

    def _time(self, rows: int) -> float:
        ids = self._ids[:rows]
        began = time.perf_counter()
        self._trunk.run(ids, np.ones_like(ids))
        return time.perf_counter() - began


def vocabulary_of(trunk: Path) -> int:
    """How many token ids a trunk knows."""
    return int(json.loads((trunk / CONFIG_FILE).read_text(encoding="utf-8"))["vocab_size"])
