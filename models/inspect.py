"""Says what a model file or folder holds: `python -m models.inspect PATH` prints one JSON object.

Exit code 2 and a sentence on standard error where it is nothing that this program can use.
"""

import argparse
import json
import math
import os
import sys
from pathlib import Path
from typing import Any

from models.errors import UnusableModelError
from models.names import plain_name
from models.reranker.folder import UnusableRerankerError, check_folder, is_classifier


def inspect(path: Path, models_dir: Path | None = None, base: str = "") -> dict[str, Any]:
    """Kind ("reply", "adapter", "encoder", "reranker"), name, architecture, licence and version of a model.

    With `models_dir` an adapter is held against the model `base` there, or the one in use. A reply model is loaded and
    asked for a word. "convert" is there where the folder has to become a GGUF first (`models.convert`).
    """
    if not path.exists():
        raise UnusableModelError(f"{path} does not exist.")
    if path.is_file():
        from models.reply.inspecting import inspect_gguf

        return inspect_gguf(path, models_dir, base)
    if (path / "adapter_config.json").is_file():
        return _inspect_lora(path)
    if (path / "config.json").is_file():
        return _inspect_folder(path)
    raise UnusableModelError(f"{path} is neither a GGUF file nor a Hugging Face folder with a config.json.")


def _inspect_folder(path: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnusableModelError(f"The config.json of {path.name} is no JSON: {error}.") from error
    architectures = [str(name) for name in config.get("architectures") or []]
    if any(name.endswith(("ForCausalLM", "ForConditionalGeneration")) for name in architectures):
        from models.reply.converting.model import check_model

        settings = check_model(path, config)
        return _told("reply", path, settings.name) | {"convert": True, "license": str(config.get("license") or "")}
    kind = "reranker" if is_classifier(config) else "encoder"
    if kind == "reranker":
        _try_reranker(path, config)
    elif not (path / "tokenizer.json").is_file() or not list(path.glob("*.safetensors")):
        raise UnusableModelError(f"{path.name} lacks tokenizer.json or *.safetensors.")
    return _told(kind, path, str(config.get("model_type", "")))


def _inspect_lora(path: Path) -> dict[str, Any]:
    from models.reply.converting.lora import check_lora

    check_lora(path)
    return _told("adapter", path, "") | {"convert": True}


def _told(kind: str, path: Path, architecture: str) -> dict[str, Any]:
    return {"kind": kind, "name": plain_name(path.name), "architecture": architecture, "license": "", "version": ""}


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


def main() -> None:
    """Command line."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}  # nothing here looks for a hub
    parser = argparse.ArgumentParser(prog="python -m models.inspect", description=__doc__)
    parser.add_argument("path", help="a file, a folder, or the http address of a server")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder of the built models, for adapters")
    parser.add_argument("--base", default="", metavar="NAME", help="the model that an adapter is for")
    parser.add_argument("--model", default="", metavar="ID", help="the model of a server")
    parser.add_argument("--allow-public", action="store_true", help="a server may lie outside the local network")
    options = parser.parse_args()
    from models.reply.remote.address import AddressError
    from models.reply.remote.http import RemoteError

    try:
        if options.path.startswith(("http://", "https://")):
            from models.reply.remote.served import inspect_server

            found = inspect_server(options.path, model=options.model, allow_public=options.allow_public)
        else:
            found = inspect(Path(options.path), options.models, options.base)
        print(json.dumps(found, ensure_ascii=False))
    except (UnusableModelError, AddressError, RemoteError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
