"""Builds MODELS/evidence/starter/ from the starter encoder and the shipped adapter, merged into its weights."""

import json
import shutil
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from models.encoder.build import write_card
from models.encoder.dense import from_dense
from models.encoder.graph import build_graph
from models.encoder.layout import CONFIG_FILE, MIDDLE_LAYER, ONNX_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from models.folders import replacing
from models.reply.evidence.layout import (
    ADAPTER_FILE,
    CARD_FILE,
    LORA_DOWN,
    LORA_UP,
    NAME,
    OVERLAP,
    SCORE_BIAS,
    SCORE_WEIGHT,
    SHIPPED,
)
from models.sources import encoder_source, sha256

Progress = Callable[[str, int, int], None]
TASK = "evidence"


def build_evidence(models_dir: Path, progress: Progress, *, adapter: Path | None = None) -> Path:
    """Merge `adapter` (the shipped one) into the starter encoder; returns the folder.

    The encoder has to be built. Raises FileNotFoundError where a file is missing.
    """
    adapter = adapter or shipped()
    encoder = models_dir / "encoder" / encoder_source().name
    target = models_dir / "evidence" / NAME
    progress(TASK, 0, 1)
    sources = {name: sha256(folder / name) for folder, name in ((encoder, WEIGHTS_FILE), (adapter, ADAPTER_FILE))}
    if not _is_built(target, sources):
        with replacing(target) as work:
            _build_into(work, encoder, adapter, sources)
    progress(TASK, 1, 1)
    return target


def shipped() -> Path:
    """The folder of the adapter that comes with the program."""
    return Path(str(files("resources").joinpath(SHIPPED)))


def merged(base: Mapping[str, NDArray[Any]], adapter: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """The weights of a BertModel with the products of an adapter's matrices added; its scale is in them already."""
    weights = {name: value.astype(np.float32) for name, value in base.items()}
    for name, down in adapter.items():
        if name.endswith(LORA_DOWN):
            place = name.removesuffix(LORA_DOWN)
            weights[f"{place}.weight"] += adapter[place + LORA_UP].astype(np.float32) @ down.astype(np.float32)
    return weights


def _build_into(work: Path, encoder: Path, adapter: Path, sources: Mapping[str, str]) -> None:
    tensors = load_file(adapter / ADAPTER_FILE)
    config = json.loads((encoder / CONFIG_FILE).read_text(encoding="utf-8"))
    weights = from_dense(merged(load_file(encoder / WEIGHTS_FILE), tensors), config)
    (work / ONNX_FILE).write_bytes(build_graph(weights, middle_layer=MIDDLE_LAYER))
    save_file({name: tensors[name] for name in (SCORE_WEIGHT, SCORE_BIAS, OVERLAP)}, work / ADAPTER_FILE)
    (work / ADAPTER_FILE).chmod(0o644)  # safetensors writes for its owner only
    shutil.copyfile(encoder / TOKENIZER_FILE, work / TOKENIZER_FILE)
    card = json.loads((adapter / CARD_FILE).read_text(encoding="utf-8"))
    write_card(
        work, name=NAME, version=card["version"], license=card["license"], base=card["base"],
        made_by="models.reply.evidence.build", source=dict(sources),
    )  # fmt: skip


def _is_built(folder: Path, sources: Mapping[str, str]) -> bool:
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        return card["source"] == dict(sources) and all(
            sha256(folder / name) == digest for name, digest in card["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False
