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

logger = logging.getLogger(__name__)
STARTER_ENCODER = "e5-small-zh-en"
STARTER_HEADS = "heads/starter"
TRUNK_FOLDER = "trunk"
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
    own = _active(models_dir / "heads", "") / TRUNK_FOLDER
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
