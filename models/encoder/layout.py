"""Names of the files in an encoder's folder, and which layer the token head reads beside the last one."""

import json
from pathlib import Path

ONNX_FILE = "model.int8.onnx"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "config.json"
CARD_FILE = "model.json"
MIDDLE_LAYER = 7


def middle_layer_of(folder: Path) -> int:
    """The layer that an encoder's card names, else the starter's."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return MIDDLE_LAYER
    return int(card.get("middle_layer", MIDDLE_LAYER))
