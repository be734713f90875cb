"""Which encoder and which heads are used."""

import hashlib
import json
import logging
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from agent_assist.engine.protocol import TextKind
from models.encoder.layout import ONNX_FILE
from models.understanding.heads import CARD_FILE, WEIGHTS_FILE

logger = logging.getLogger(__name__)
STARTER_ENCODER = "e5-small-zh-en"
STARTER_HEADS = "heads/starter"
STARTER = "starter"
TRUNK_FOLDER = "trunk"
# In the card of an average: names and versions of the models whose answers are averaged.
MEMBERS = "members"
E5_QUERY, E5_PASSAGE = "query: ", "passage: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The folders of a trunk and of the heads that were trained on it; `version` names both."""

    encoder: Path
    heads: Path
    version: str

    @property
    def trunk(self) -> str:
        """Names the trunk by what its card says of its files: what one made, another of the same name can use."""
        card = read_card(self.encoder)
        named = json.dumps([self.encoder.name, card.get("version"), card.get("files")], sort_keys=True)
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def choose(models_dir: Path) -> Choice:
    """The active heads with the trunk that was tuned with them, if any; else the active encoder, else the starter, with
    the active heads that fit it, else the shipped ones.

    Raises FileNotFoundError with a sentence where the encoder is not built or no heads fit it.
    """
    chosen = _active(models_dir / "heads", "")
    if read_card(chosen).get(MEMBERS):
        return _choice(find_model(models_dir, str(chosen))[1], chosen, name=chosen.name)
    own = chosen / TRUNK_FOLDER
    if own.is_dir():
        return _choice(own, own.parent, name=own.parent.name)
    encoder = _active(models_dir / "encoder", STARTER_ENCODER)
    heads = _heads(models_dir, str(read_card(encoder).get("base_name", encoder.name)))
    return _choice(encoder, heads, name=encoder.name)


def _choice(encoder: Path, heads: Path, *, name: str) -> Choice:
    if not (encoder / ONNX_FILE).is_file():
        raise FileNotFoundError(f"The encoder {encoder} is not built. Run `agent-assist models build`.")
    versions = f"{name}-{read_card(encoder).get('version', '0')}+{heads.name}-{read_card(heads).get('version', '0')}"
    return Choice(encoder=encoder, heads=heads, version=versions)


def find_model(models_dir: Path, name: str) -> tuple[Path | None, Path]:
    """The folders of the heads (None for an encoder alone) and of the trunk they stand on; an average's first trunk.

    Raises FileNotFoundError with a sentence where either is missing.
    """
    places = [models_dir / "heads" / name, models_dir / "encoder" / name, Path(name)]
    found = [one for one in places if (one / CARD_FILE).is_file()]
    folder = starter_heads() if name == STARTER else found[0] if found else None
    if folder is None:
        raise FileNotFoundError(f"There is no model {name}; `agent-assist models list` shows those that are there.")
    card = read_card(folder)
    if card.get(MEMBERS):
        return folder, find_model(models_dir, str(card[MEMBERS][0]["name"]))[1]
    if not (folder / WEIGHTS_FILE).is_file():
        return None, _built(folder)
    own = folder / TRUNK_FOLDER
    return folder, _built(own if own.is_dir() else models_dir / "encoder" / str(card.get("encoder")))


def _built(trunk: Path) -> Path:
    if not (trunk / ONNX_FILE).is_file():
        raise FileNotFoundError(f"The encoder {trunk} is not built. Run `agent-assist models build`.")
    return trunk


def prefixes(encoder: Path) -> dict[TextKind, str]:
    """What an encoder wants before a question and before a passage: e5 its two words, others what their card says."""
    query = str(read_card(encoder).get("prefix", E5_QUERY))
    return {TextKind.QUERY: query, TextKind.PASSAGE: E5_PASSAGE if query == E5_QUERY else query}


def starter_heads() -> Path:
    """The folder of the shipped heads."""
    return Path(str(files("resources").joinpath(STARTER_HEADS)))


def read_card(folder: Path) -> dict[str, Any]:
    """A folder's model.json; empty where there is none that can be read."""
    path = folder / "model.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        logger.warning("%s cannot be read and is ignored", path)
        return {}
    return content if isinstance(content, dict) else {}


def _active(root: Path, fallback: str) -> Path:
    marked = [(card.stat().st_mtime, card.parent) for card in root.glob("[!.]*/model.json")]
    active = [one for one in marked if read_card(one[1]).get("active")]
    return max(active)[1] if active else root / fallback


def _heads(models_dir: Path, encoder_name: str) -> Path:
    trained = _active(models_dir / "heads", "")
    for folder in (trained, starter_heads()):
        if read_card(folder).get("encoder") == encoder_name:
            return folder
    raise FileNotFoundError(f"No heads fit the encoder {encoder_name}. Choose another with `agent-assist models use`.")
