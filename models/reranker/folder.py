"""Which Hugging Face folders are rerankers that can be run here, and why others are not."""

import json
from pathlib import Path
from typing import Any

HEAD = "ForSequenceClassification"
# transformers leaves `id2label` out of a config where a head has as many labels as this.
_LABELS_UNSAID = 2


class UnusableRerankerError(Exception):
    """The folder cannot be used as a reranker; the message is a sentence that says why and what would be."""


def is_classifier(config: dict[str, Any]) -> bool:
    """Whether a config tells of a head that scores whole texts."""
    return any(str(name).endswith(HEAD) for name in config.get("architectures") or [])


def check_folder(folder: Path, config: dict[str, Any]) -> None:
    """Raise `UnusableRerankerError` for what must not or cannot be loaded; nothing is loaded for it."""
    labels = _labels(config)
    if labels != 1:
        raise UnusableRerankerError(
            f"{folder.name} sorts texts into {labels} labels. A reranker has one, which says how well a text answers "
            "a query."
        )
    if any("auto_map" in _read(folder / name) for name in ("config.json", "tokenizer_config.json")):
        raise UnusableRerankerError(
            f"{folder.name} brings code of its own (auto_map), which is not run. Take a reranker that transformers "
            "knows by itself."
        )
    if not list(folder.glob("*.safetensors")):
        pickled = sorted(one.name for pattern in ("*.bin", "*.pt", "*.pth") for one in folder.glob(pattern))
        held = f"has its weights in {pickled[0]}, which can run code when it is opened" if pickled else "has no weights"
        raise UnusableRerankerError(f"{folder.name} {held}. Take the weights as *.safetensors.")
    if not (folder / "tokenizer.json").is_file():
        raise UnusableRerankerError(
            f"{folder.name} lacks tokenizer.json; transformers writes it: AutoTokenizer.from_pretrained(FOLDER)"
            ".save_pretrained(FOLDER)."
        )


def _labels(config: dict[str, Any]) -> int:
    named = config.get("id2label")
    return len(named) if isinstance(named, dict) else int(config.get("num_labels") or _LABELS_UNSAID)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableRerankerError(f"{path.name} cannot be read: {error}.") from error
    return content if isinstance(content, dict) else {}
