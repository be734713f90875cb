"""Says what a model file or folder holds: `python -m models.inspect PATH` prints one JSON object.

Exit code 2 and a sentence on standard error where it is nothing that this program can use.
"""

import argparse
import json
import math
import os
import re
import sys
from pathlib import Path
from typing import Any

from models.reranker.folder import UnusableRerankerError, check_folder, is_classifier

GGUF_MAGIC = b"GGUF"


class UnusableModelError(Exception):
    """The file or folder is no model for this program; the message says why and what would be."""


def inspect(path: Path) -> dict[str, str]:
    """Kind ("reply", "adapter", "encoder", "reranker"), name, architecture, licence and version of a model."""
    if not path.exists():
        raise UnusableModelError(f"{path} does not exist.")
    if path.is_file():
        return _inspect_gguf(path)
    if (path / "config.json").is_file():
        return _inspect_folder(path)
    raise UnusableModelError(f"{path} is neither a GGUF file nor a Hugging Face folder with a config.json.")


def _inspect_gguf(path: Path) -> dict[str, str]:
    with path.open("rb") as stream:
        if stream.read(4) != GGUF_MAGIC:
            raise UnusableModelError(f"{path.name} is not a GGUF file; give a .gguf or a Hugging Face folder.")
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
    except Exception as error:  # the reader raises whatever a broken header leads it to
        raise UnusableModelError(f"{path.name} is damaged: {type(error).__name__}.") from error

    def field(key: str) -> str:
        found = reader.get_field(key)
        return "" if found is None else str(found.contents())

    kind = "adapter" if field("general.type") == "adapter" else "reply"
    return {
        "kind": kind,
        "name": _name(field("general.name") or path.stem),
        "architecture": field("general.architecture"),
        "license": field("general.license"),
        "version": field("general.version"),
    }


def _inspect_folder(path: Path) -> dict[str, str]:
    try:
        config: dict[str, Any] = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnusableModelError(f"The config.json of {path.name} is no JSON: {error}.") from error
    architectures = [str(name) for name in config.get("architectures") or []]
    if any(name.endswith("ForCausalLM") for name in architectures):
        raise UnusableModelError(
            f"{path.name} holds a text generator as a Hugging Face folder. Reply models run as GGUF: convert it with "
            "llama.cpp's convert_hf_to_gguf.py and add the .gguf file."
        )
    kind = "reranker" if is_classifier(config) else "encoder"
    if kind == "reranker":
        _try_reranker(path, config)
    elif not (path / "tokenizer.json").is_file() or not list(path.glob("*.safetensors")):
        raise UnusableModelError(f"{path.name} lacks tokenizer.json or *.safetensors.")
    return {
        "kind": kind,
        "name": _name(path.name),
        "architecture": str(config.get("model_type", "")),
        "license": "",
        "version": "",
    }


def _try_reranker(path: Path, config: dict[str, Any]) -> None:
    """Refuse what cannot be run, here rather than at the first search: it scores two texts once."""
    try:
        check_folder(path, config)
        from models.reranker.cross_encoder import CrossEncoder

        # Two of different lengths, for a model that knows no padding can do one only.
        scores = CrossEncoder.load(path, device="cpu").scores("a", [".", "a longer text"])
    except UnusableRerankerError as error:
        raise UnusableModelError(str(error)) from error
    except Exception as error:  # transformers and tokenizers raise whatever a broken file leads them to
        told = " ".join(str(error).split())[:300]
        raise UnusableModelError(f"{path.name} cannot be loaded as a reranker: {told}") from error
    if not all(map(math.isfinite, scores)):
        raise UnusableModelError(f"{path.name} cannot be used as a reranker: its weights give no numbers.")


def _name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-.").lower() or "model"


def main() -> None:
    """Command line."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}  # nothing here looks for a hub
    parser = argparse.ArgumentParser(prog="python -m models.inspect", description=__doc__)
    parser.add_argument("path", type=Path)
    path: Path = parser.parse_args().path
    try:
        print(json.dumps(inspect(path), ensure_ascii=False))
    except UnusableModelError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
