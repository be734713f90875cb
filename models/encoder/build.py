"""Builds MODELS/encoder/<name>/ from the weight package: ONNX for the CPU, fp16 weights for GPU and training.

The folder appears under its name only when it is complete; one that is complete and unchanged is left alone.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from models.encoder.graph import build_graph
from models.encoder.layout import CARD_FILE, CONFIG_FILE, MIDDLE_LAYER, ONNX_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from models.encoder.packed import EncoderShape, PackedEncoder
from models.encoder.vocabulary import BOS, EOS, PAD, build_tokenizer, kept_pieces
from models.encoder.weights import EncoderWeights, from_packed
from models.folders import replacing
from models.sources import EncoderSource, check, encoder_source, package_file, sha256

Progress = Callable[[str, int, int], None]
TASK = "encoder"
_STEPS = 6
FORMAT = 2


def build_encoder(models_dir: Path, progress: Progress, *, source: EncoderSource | None = None) -> Path:
    """Build the starter encoder under `models_dir`/encoder; returns its folder.

    Raises FileNotFoundError where the package is not installed, SourceMismatchError where its file is another one.
    """
    source = source or encoder_source()
    target = models_dir / "encoder" / source.name
    if is_built(target, source):
        progress(TASK, _STEPS, _STEPS)
        return target
    with replacing(target) as work:
        _build_into(work, source, progress)
    progress(TASK, _STEPS, _STEPS)
    return target


def is_built(folder: Path, source: EncoderSource) -> bool:
    """Whether every file of the folder is there with the hash its card gives, from this source and this builder."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        same = card["version"] == source.version and card["source"] == source.files and card["format"] == FORMAT
        return same and all(sha256(folder / name) == digest for name, digest in card["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _build_into(work: Path, source: EncoderSource, progress: Progress) -> None:
    (name, pinned), *_ = source.files.items()
    path = package_file(source.package, name)
    progress(TASK, 0, _STEPS)
    check(path, pinned)
    progress(TASK, 1, _STEPS)
    packed = PackedEncoder(path)
    kept = kept_pieces(packed.vocabulary)
    weights = from_packed(packed, kept)
    progress(TASK, 2, _STEPS)
    build_tokenizer(packed.vocabulary, kept).save(str(work / TOKENIZER_FILE), pretty=False)
    progress(TASK, 3, _STEPS)
    write_trunk(work, weights)
    progress(TASK, 5, _STEPS)
    write_card(
        work,
        name=source.name,
        version=source.version,
        license=source.license,
        base=source.base,
        made_by=f"models.encoder.build from the package {source.package} {source.version}",
        source=source.files,
        pieces=len(kept),
    )


def write_trunk(folder: Path, weights: EncoderWeights, *, middle_layer: int = MIDDLE_LAYER) -> None:
    """ONNX int8, fp16 safetensors and the transformers configuration; also for a fine-tuned trunk."""
    (folder / ONNX_FILE).write_bytes(build_graph(weights, middle_layer=middle_layer))
    save_file(
        {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in weights.dense().items()},
        folder / WEIGHTS_FILE,
        metadata={"format": "pt"},
    )
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its owner only
    (folder / CONFIG_FILE).write_text(json.dumps(_config(weights.shape), indent=2) + "\n", encoding="utf-8")


def write_card(folder: Path, **fields: Any) -> None:
    """model.json: the given fields and the SHA-256 of every other file."""
    digests = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name != CARD_FILE}
    card = {"kind": "encoder", "format": FORMAT, **fields, "files": digests}
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _config(shape: EncoderShape) -> dict[str, Any]:
    size = asdict(shape)
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": size["hidden"],
        "intermediate_size": size["intermediate"],
        "layer_norm_eps": float(f"{size['epsilon']:.3g}"),
        "max_position_embeddings": size["positions"],
        "num_attention_heads": size["heads"],
        "num_hidden_layers": size["layers"],
        "type_vocab_size": size["token_types"],
        "vocab_size": size["vocabulary"],
        "bos_token_id": BOS,
        "eos_token_id": EOS,
        "pad_token_id": PAD,
        "dtype": "float16",
    }
