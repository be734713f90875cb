"""What a model's config.json means in GGUF, for the architectures whose meaning here is known to be the same."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from models.errors import UnusableModelError

ARCHITECTURES: Mapping[str, gguf.MODEL_ARCH] = {
    "LlamaForCausalLM": gguf.MODEL_ARCH.LLAMA,
    "Qwen2ForCausalLM": gguf.MODEL_ARCH.QWEN2,
    "Qwen3ForCausalLM": gguf.MODEL_ARCH.QWEN3,
    "Gemma3ForCausalLM": gguf.MODEL_ARCH.GEMMA3,
}
BY_HAND = (
    "Convert it to GGUF first, with llama.cpp's convert_hf_to_gguf.py, and add the .gguf file: its architecture is "
    "loaded by llama.cpp, but not converted here"
)
# llama.cpp takes every sixth layer of Gemma 3 for one that sees everything, and this base for the others.
_GEMMA_PATTERN, _GEMMA_LOCAL_BASE = 6, 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """A config that was understood."""

    architecture: gguf.MODEL_ARCH
    config: Mapping[str, Any]

    @property
    def name(self) -> str:
        """llama.cpp's name of the architecture."""
        return str(gguf.MODEL_ARCH_NAMES[self.architecture])

    @property
    def layers(self) -> int:
        """Transformer layers."""
        return int(self.config["num_hidden_layers"])

    @property
    def heads(self) -> int:
        """Heads of a query."""
        return int(self.config["num_attention_heads"])

    @property
    def kv_heads(self) -> int:
        """Heads of keys and values."""
        return int(self.config.get("num_key_value_heads") or self.heads)

    @property
    def head_size(self) -> int:
        """Values a head."""
        return int(self.config.get("head_dim") or int(self.config["hidden_size"]) // self.heads)

    @property
    def tied(self) -> bool:
        """Whether the output layer is the embedding; Gemma's config leaves it out."""
        return bool(self.config.get("tie_word_embeddings", self.architecture is gguf.MODEL_ARCH.GEMMA3))

    def rope(self) -> Mapping[str, Any]:
        """How positions are turned, as older and newer configs write it; of Gemma the layers that see everything."""
        found = self.config.get("rope_parameters") or {}
        found = found.get("full_attention", found)
        old = self.config.get("rope_scaling") or {}
        merged: dict[str, Any] = {"rope_theta": self.config.get("rope_theta", 10_000.0)} | old | found
        merged["rope_type"] = merged.get("rope_type") or merged.get("type") or "default"
        return merged


def understood(folder: Path, config: Mapping[str, Any]) -> ModelSettings:
    """Raises UnusableModelError, with what to do, for an architecture or an option that is not converted here."""
    names = [str(name) for name in config.get("architectures") or []]
    architecture = next((ARCHITECTURES[name] for name in names if name in ARCHITECTURES), None)
    if architecture is None:
        known = ", ".join(name.removesuffix("ForCausalLM") for name in ARCHITECTURES)
        told = ", ".join(names) or "an unnamed architecture"
        raise UnusableModelError(f"{folder.name} is of {told}. {BY_HAND} (only {known} are).")
    settings = ModelSettings(architecture=architecture, config=config)
    for wrong in _unknown(settings):
        raise UnusableModelError(f"{folder.name} has {wrong}. {BY_HAND}.")
    return settings


def _unknown(settings: ModelSettings) -> list[str]:
    """Options under which the same weights would mean something else."""
    config, rope = settings.config, settings.rope()
    found = [f"the option {name}" for name in ("quantization_config", "attention_bias", "mlp_bias") if config.get(name)]
    if settings.architecture is gguf.MODEL_ARCH.QWEN2:  # always has them, and says so or not
        found = [one for one in found if "attention_bias" not in one]
    if rope["rope_type"] not in {"default", "llama3"}:
        found.append(f"positions scaled by {rope['rope_type']}")
    if config.get("use_sliding_window"):
        found.append("a sliding window")
    if settings.architecture is gguf.MODEL_ARCH.GEMMA3:
        types = config.get("layer_types")
        expected = [
            "full_attention" if (layer + 1) % _GEMMA_PATTERN == 0 else "sliding_attention"
            for layer in range(settings.layers)
        ]
        local = (config.get("rope_parameters") or {}).get("sliding_attention", {}).get("rope_theta")
        local = config.get("rope_local_base_freq", local or _GEMMA_LOCAL_BASE)
        if (types or expected) != expected or local != _GEMMA_LOCAL_BASE:
            found.append("layers in another order than llama.cpp expects of Gemma 3")
        if config.get("query_pre_attn_scalar", settings.head_size) != settings.head_size:
            found.append("another scale of attention than llama.cpp uses")
        if config.get("final_logit_softcapping") or config.get("attn_logit_softcapping"):
            found.append("soft-capped logits")
    return found


def add_settings(writer: gguf.GGUFWriter, settings: ModelSettings, *, name: str, license_name: str) -> None:
    """Everything but the tokenizer and the weights."""
    config = settings.config
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    if license_name:
        writer.add_license(license_name)
    writer.add_context_length(int(config["max_position_embeddings"]))
    writer.add_embedding_length(int(config["hidden_size"]))
    writer.add_block_count(settings.layers)
    writer.add_feed_forward_length(int(config["intermediate_size"]))
    writer.add_head_count(settings.heads)
    writer.add_head_count_kv(settings.kv_heads)
    writer.add_key_length(settings.head_size)
    writer.add_value_length(settings.head_size)
    writer.add_layer_norm_rms_eps(float(config["rms_norm_eps"]))
    writer.add_rope_freq_base(float(settings.rope()["rope_theta"]))
    if settings.architecture is gguf.MODEL_ARCH.LLAMA:
        writer.add_rope_dimension_count(settings.head_size)
    if settings.architecture is gguf.MODEL_ARCH.GEMMA3:
        writer.add_sliding_window(int(config["sliding_window"]))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def rope_factors(settings: ModelSettings) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """By what each frequency is divided in Llama 3.1 and later, None for plain positions.

    After Meta's `apply_scaling` (models/llama3/reference_impl/model.py): low frequencies by `factor`, high ones not at
    all, those between by a mixture.
    """
    rope = settings.rope()
    if rope["rope_type"] != "llama3":
        return None
    factor, low, high = float(rope["factor"]), float(rope["low_freq_factor"]), float(rope["high_freq_factor"])
    before = float(rope["original_max_position_embeddings"])
    size = settings.head_size
    waves = 2 * math.pi * float(rope["rope_theta"]) ** (np.arange(0, size, 2, dtype=np.float64) / size)
    mixed = (before / waves - low) / (high - low)
    factors = 1 / ((1 - mixed) / factor + mixed)
    factors = np.where(waves < before / high, 1.0, np.where(waves > before / low, factor, factors))
    return factors.astype(np.float32)
