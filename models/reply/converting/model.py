"""A model folder of Hugging Face's as GGUF with weights in 16 bits, compared with the original before it is used."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors import safe_open

from models.errors import UnusableModelError
from models.reply.converting.settings import BY_HAND, ModelSettings, add_settings, rope_factors, understood
from models.reply.converting.tokenizer import PROBES, special_of, vocabulary_of
from models.reply.memory import free_ram
from models.reply.runtime import Runtime

Array = np.ndarray[Any, np.dtype[np.float32]]
# Of log probabilities: how far the likeliest tokens of the original may lie apart from ours, by 16-bit weights.
_NEAR = 0.25
_COMPARED = 20  # the likeliest tokens of the original


def check_model(folder: Path, config: dict[str, Any]) -> ModelSettings:
    """Whether the folder can be converted here; nothing is loaded. Raises UnusableModelError."""
    settings = understood(folder, config)
    if any("auto_map" in one for one in (config, _json(folder / "tokenizer_config.json"))):
        raise UnusableModelError(f"{folder.name} brings code of its own (auto_map), which is not run. {BY_HAND}.")
    if not list(folder.glob("*.safetensors")):
        raise UnusableModelError(f"{folder.name} has no weights as *.safetensors. {BY_HAND}.")
    missing = [
        name
        for name in ("num_hidden_layers", "num_attention_heads", "hidden_size", "intermediate_size", "vocab_size",
                     "max_position_embeddings", "rms_norm_eps")
        if name not in config
    ]  # fmt: skip
    if missing:
        raise UnusableModelError(f"The config.json of {folder.name} lacks {', '.join(missing)}.")
    return settings


def convert_model(
    folder: Path, target: Path, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> str:
    """Write `target`; returns a note, "" where all could be compared.

    Raises UnusableModelError; what was written by then is left.
    """
    config = _json(folder / "config.json")
    settings = check_model(folder, config)
    vocabulary = vocabulary_of(folder, settings, target.parent)
    writer = gguf.GGUFWriter(target, settings.name)
    add_settings(writer, settings, name=folder.name, license_name=str(config.get("license") or ""))
    vocabulary.add_to(writer, special_of(folder, len(vocabulary.tokens)))
    factors = rope_factors(settings)
    if factors is not None:
        writer.add_tensor_info("rope_freqs.weight", factors.shape, factors.dtype, factors.nbytes)
    shapes = dict(_shapes(folder))
    names = {name: _target(name, settings, folder) for name in shapes if not _left_out(name, settings)}
    # Two passes: GGUF wants all names and shapes before the first weight, and not all weights fit into memory.
    for name, target_name in names.items():
        kind = np.dtype(np.float16) if _halved(shapes[name]) else np.dtype(np.float32)
        size = int(np.prod(shapes[name])) * kind.itemsize
        writer.add_tensor_info(target_name, shapes[name], kind, size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    if factors is not None:
        writer.write_tensor_data(factors)
    for done, (name, values) in enumerate(_weights(folder, names)):
        writer.write_tensor_data(_suited(name, values, settings, folder))
        progress(done + 1, len(names))
    writer.close()
    return _compare(folder, target)


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableModelError(f"The {path.name} of {path.parent.name} is no JSON.") from error
    return content if isinstance(content, dict) else {}


def _shapes(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 - the file is no mapping
                yield name, tuple(file.get_slice(name).get_shape())


def _weights(folder: Path, names: dict[str, str]) -> Iterator[tuple[str, Array]]:
    """In the order of `names`, which is that of the files."""
    import torch

    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118
                if name in names:
                    yield name, file.get_tensor(name).to(torch.float32).numpy()


def _left_out(name: str, settings: ModelSettings) -> bool:
    """Positions that are computed, and an output layer that is the embedding."""
    return name.endswith("rotary_emb.inv_freq") or (name == "lm_head.weight" and settings.tied)


def _target(name: str, settings: ModelSettings, folder: Path) -> str:
    found = gguf.get_tensor_name_map(settings.architecture, settings.layers).get_name(name, (".weight", ".bias"))
    if found is None:
        raise UnusableModelError(f"{folder.name} has weights that are not known here ({name}). {BY_HAND}.")
    return str(found)


def _halved(shape: tuple[int, ...]) -> bool:
    return len(shape) > 1


def _suited(name: str, values: Array, settings: ModelSettings, folder: Path) -> np.ndarray[Any, Any]:
    if not np.isfinite(values).all():
        raise UnusableModelError(f"The weights {name} of {folder.name} are no numbers; copy the folder again.")
    if settings.architecture is gguf.MODEL_ARCH.GEMMA3 and name.endswith("norm.weight"):
        values = values + 1  # Gemma's norms multiply by one more than their weight
    if settings.architecture is gguf.MODEL_ARCH.LLAMA:
        values = permuted(name, values, settings.heads, settings.kv_heads)
    if not _halved(values.shape):
        return values
    if np.abs(values).max() > np.finfo(np.float16).max:
        raise UnusableModelError(f"The weights {name} of {folder.name} are too large for 16 bits. {BY_HAND}.")
    return values.astype(np.float16)


def permuted(name: str, values: Array, heads: int, kv_heads: int) -> Array:
    """Rows of Llama's queries and keys in llama.cpp's order: it turns neighbours, Hugging Face turns halves."""
    if ".q_proj." in name:
        count = heads
    elif ".k_proj." in name:
        count = kv_heads
    else:
        return values
    halves = values.reshape(count, 2, values.shape[0] // count // 2, *values.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(values.shape))


def _compare(folder: Path, target: Path) -> str:
    """The converted model has to find the same tokens likely as the original. Raises UnusableModelError."""
    free = free_ram()
    if free is not None and 3 * target.stat().st_size > free:  # the original in 32 bits, and ours
        return "there was not the memory to compare it with its original"
    theirs = _original(folder)
    runtime = Runtime(target, adapter=None, context=512, threads=2, gpu_layers=0)
    try:
        for tokens, wanted in theirs:
            runtime.prefill(tokens, should_stop=lambda: False)
            logits = runtime.logits().astype(np.float64)
            ours = logits - logits.max() - np.log(np.exp(logits - logits.max()).sum())
            likeliest = np.argsort(wanted)[-_COMPARED:]
            apart = float(np.abs(ours[likeliest] - wanted[likeliest]).mean())
            if not apart < _NEAR:
                raise UnusableModelError(
                    f"{folder.name} does not mean the same after the conversion (its tokens are off by {apart:.2f}). "
                    f"{BY_HAND}."
                )
    finally:
        runtime.close()
    return ""


def _original(folder: Path) -> list[tuple[list[int], Array]]:
    """Tokens of the probes and the log probabilities of what follows them, by transformers in 32 bits."""
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
    ).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found = []
    with torch.inference_mode():
        for text in PROBES[:4]:
            tokens = tokenizer.encode(text, add_special_tokens=False).ids
            logits = model(torch.tensor([tokens])).logits[0, -1]
            found.append((tokens, logits.float().log_softmax(-1).numpy()))
    return found
