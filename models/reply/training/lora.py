"""Low-rank adapters on the linear layers of the reply model, and their GGUF file for llama.cpp.

W x + (alpha / r) B A x, after Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021). The base stays
frozen in its own precision; A and B are float32 and are used in the precision of their input.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import gguf
import numpy as np
import torch
from torch import Tensor, nn

# transformers' name of a layer's linear -> llama.cpp's
TARGETS: Mapping[str, str] = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_EIGHT_BITS = gguf.GGMLQuantizationType.Q8_0
_BLOCK = 32


class LoraLinear(nn.Module):
    """A frozen linear layer with a trainable low-rank addition. A starts random, B zero: at first nothing changes."""

    def __init__(self, base: nn.Linear, *, rank: int, alpha: float, dropout: float) -> None:
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        self.dropout = nn.Dropout(dropout)
        self.lora_a = nn.Parameter(torch.empty(rank, base.in_features))
        self.lora_b = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.lora_a, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        down = nn.functional.linear(self.dropout(x), self.lora_a.to(x.dtype))
        added = nn.functional.linear(down * self.scale, self.lora_b.to(x.dtype))
        kept: Tensor = self.base(x)
        return kept + added


def attach(layers: nn.ModuleList, *, rank: int, alpha: float, dropout: float) -> dict[str, nn.Parameter]:
    """Put an adapter on every linear of `TARGETS` in `layers`; returns the new parameters by llama.cpp tensor name."""
    parameters: dict[str, nn.Parameter] = {}
    for index, layer in enumerate(layers):
        for path, lora in attach_to(layer, TARGETS, rank=rank, alpha=alpha, dropout=dropout).items():
            parameters[f"blk.{index}.{TARGETS[path]}.weight.lora_a"] = lora.lora_a
            parameters[f"blk.{index}.{TARGETS[path]}.weight.lora_b"] = lora.lora_b
    return parameters


def attach_to(
    layer: nn.Module, paths: Iterable[str], *, rank: int, alpha: float, dropout: float
) -> dict[str, LoraLinear]:
    """Put an adapter on the linears at `paths` in one layer; returns them by path."""
    made: dict[str, LoraLinear] = {}
    for path in paths:
        base = layer.get_submodule(path)
        assert isinstance(base, nn.Linear)
        made[path] = LoraLinear(base, rank=rank, alpha=alpha, dropout=dropout)
        setattr(layer.get_submodule(path.rpartition(".")[0]), path.rpartition(".")[2], made[path])
    return made


def write_adapter(path: Path, tensors: Mapping[str, Tensor], *, alpha: float, name: str, architecture: str) -> None:
    """Write a GGUF adapter that llama.cpp loads, A as (rank, in), B as (out, rank).

    Eight bits a value in blocks of 32 (Q8_0, half of float16's size) where the rank allows, else float16. Gemma's
    projections need no permutation, unlike Llama's. The file appears whole or not at all.
    """
    partial = path.with_suffix(".partial")
    writer = gguf.GGUFWriter(str(partial), architecture)
    writer.add_string("general.type", "adapter")
    writer.add_string("general.name", name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for key, tensor in tensors.items():
        values = tensor.detach().to(torch.float32).numpy()
        if all(size % _BLOCK == 0 for size in (tensors[key].shape[-1], tensors[_pair(key)].shape[-1])):
            writer.add_tensor(key, gguf.quantize(values, _EIGHT_BITS), raw_dtype=_EIGHT_BITS)
        else:
            writer.add_tensor(key, values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)


def read_adapter(path: Path) -> dict[str, Tensor]:
    """The tensors of an adapter file as float32, by llama.cpp's names."""
    reader = gguf.GGUFReader(path)
    return {
        tensor.name: torch.from_numpy(np.array(gguf.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32))
        for tensor in reader.tensors
    }


def _pair(key: str) -> str:
    """The name of A for B's, and the other way round."""
    return key[:-1] + ("b" if key.endswith("a") else "a")
