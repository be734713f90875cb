"""PEFT's LoRA folders as GGUF adapters for a model that is here as GGUF."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors import safe_open

from models.errors import UnusableModelError
from models.reply.converting.model import Array, permuted
from models.reply.gguf_file import GgufFile

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def check_lora(folder: Path) -> dict[str, Any]:
    """Its config. Raises UnusableModelError for what is no plain LoRA; nothing is loaded."""
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableModelError(f"The {CONFIG} of {folder.name} is no JSON.") from error
    if config.get("peft_type") != "LORA":
        raise UnusableModelError(f"{folder.name} is an adapter of kind {config.get('peft_type')}; only LoRA is used.")
    others = {
        "use_dora": "DoRA", "use_qalora": "QA-LoRA", "modules_to_save": "whole layers beside the adapter",
        "fan_in_fan_out": "transposed layers", "lora_bias": "biases", "trainable_token_indices": "tokens of its own",
    }  # fmt: skip
    found = [told for option, told in others.items() if config.get(option)]
    if config.get("bias", "none") != "none":
        found.append("biases")
    if found:
        raise UnusableModelError(
            f"{folder.name} holds more than LoRA ({', '.join(found)}), which llama.cpp does not use. Merge it into its "
            "base model, and add that."
        )
    if not (folder / WEIGHTS).is_file():
        raise UnusableModelError(f"{folder.name} lacks {WEIGHTS}; save the adapter with safe_serialization=True.")
    return config


def convert_lora(folder: Path, target: Path, base: GgufFile) -> None:
    """Write the adapter for `base`. Raises UnusableModelError where it changes what `base` has not."""
    config = check_lora(folder)
    architectures = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}
    if base.architecture not in architectures:
        raise UnusableModelError(f"Adapters for {base.architecture} are not converted here; give them as GGUF.")
    layers = base.number("block_count")
    names = gguf.get_tensor_name_map(architectures[base.architecture], layers)
    heads = base.number("attention.head_count")
    kv_heads = base.number("attention.head_count_kv") or heads
    writer = gguf.GGUFWriter(target, base.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_name(folder.name)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    alpha = float(config.get("lora_alpha") or 1.0)
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    for module, (down, up) in sorted(_pairs(folder).items()):
        name = names.get_name(f"{module}.weight", (".weight",))
        if name is None:
            raise UnusableModelError(
                f"{folder.name} changes {module}, which {base.path.parent.name} does not have: it was trained on "
                "another model."
            )
        if base.architecture == "llama":
            up = permuted(f"{module}.weight", up, heads, kv_heads)
        # llama.cpp scales by alpha over the rank of each pair; what PEFT does otherwise goes into one half.
        up = up * (_scale(config, module, down.shape[0]) / (alpha / down.shape[0]))
        writer.add_tensor(f"{name}.lora_a", down.astype(np.float32))
        writer.add_tensor(f"{name}.lora_b", np.ascontiguousarray(up, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _pairs(folder: Path) -> dict[str, tuple[Array, Array]]:
    """Module, as the base model calls it -> A (rank, in) and B (out, rank)."""
    import torch

    halves: dict[str, dict[str, Array]] = {}
    with safe_open(folder / WEIGHTS, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 - the file is no mapping
            module, half = _module(name)
            if not half:
                raise UnusableModelError(
                    f"{folder.name} holds more than LoRA ({name}), which llama.cpp does not use. Merge it into its "
                    "base model, and add that."
                )
            halves.setdefault(module, {})[half] = file.get_tensor(name).to(torch.float32).numpy()
    if not halves or any(set(one) != {"A", "B"} for one in halves.values()):
        raise UnusableModelError(f"{folder.name} lacks matrices of its adapter; save it again.")
    return {module: (one["A"], one["B"]) for module, one in halves.items()}


def _module(name: str) -> tuple[str, str]:
    for half in ("A", "B"):
        module, found, rest = name.partition(f".lora_{half}.")
        if found and rest in {"weight", "default.weight"}:
            return module.removeprefix("base_model.model."), half
    return name, ""


def _scale(config: dict[str, Any], module: str, rank: int) -> float:
    alpha = float(config.get("lora_alpha") or 1.0)
    for pattern, own in (config.get("alpha_pattern") or {}).items():
        if module == pattern or module.endswith(f".{pattern}"):
            alpha = float(own)
    return float(alpha / (rank**0.5 if config.get("use_rslora") else rank))
