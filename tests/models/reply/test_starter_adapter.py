"""The adapter that ships: whole, small, and for the base that the packages carry."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import gguf
import numpy as np
import pytest

from models.reply.build import load_source
from models.reply.training.lora import TARGETS

FOLDER = Path(str(files("resources").joinpath("adapters/reply-starter")))
LAYERS = 18
# Gemma 3 270M: hidden 640, 4 heads of 256, one key-value head, feed-forward 2048.
SIZES = {
    "attn_q": (640, 1024), "attn_k": (640, 256), "attn_v": (640, 256), "attn_output": (1024, 640),
    "ffn_gate": (640, 2048), "ffn_up": (640, 2048), "ffn_down": (2048, 640),
}  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> gguf.GGUFReader:
    return gguf.GGUFReader(FOLDER / "adapter.gguf")


def test_the_file_is_the_one_its_card_names() -> None:
    card = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    content = (FOLDER / "adapter.gguf").read_bytes()
    assert card["files"]["adapter.gguf"] == hashlib.sha256(content).hexdigest()
    assert card["kind"] == "adapter"
    assert card["base"] == load_source().name
    assert len(content) < 10_000_000
    assert (FOLDER / "card.md").is_file()


def test_every_linear_layer_has_its_two_matrices(reader: gguf.GGUFReader) -> None:
    tensors = {tensor.name: tuple(int(n) for n in tensor.shape) for tensor in reader.tensors}
    assert len(tensors) == LAYERS * len(TARGETS) * 2
    rank = tensors["blk.0.attn_q.weight.lora_a"][1]
    for layer in range(LAYERS):
        for name, (inputs, outputs) in SIZES.items():
            assert tensors[f"blk.{layer}.{name}.weight.lora_a"] == (inputs, rank)
            assert tensors[f"blk.{layer}.{name}.weight.lora_b"] == (rank, outputs)


def test_its_values_are_trained_and_finite(reader: gguf.GGUFReader) -> None:
    assert reader.fields["general.type"].contents() == "adapter"
    assert reader.fields["adapter.lora.alpha"].contents() > 0
    for tensor in reader.tensors:
        assert tensor.tensor_type in {gguf.GGMLQuantizationType.F16, gguf.GGMLQuantizationType.Q8_0}
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        assert np.isfinite(values).all()
        assert np.abs(values).max() > 0
