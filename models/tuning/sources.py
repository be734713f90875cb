"""Trunks that are made of others: written as an encoder that a training can begin from."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from models.encoder.build import write_card, write_trunk
from models.encoder.layout import TOKENIZER_FILE
from models.folders import replacing
from models.training.artefact.export import encoder_weights
from models.training.config import TrainConfig, default_config
from models.training.config_file import as_config
from models.training.encoders import EncoderSource, find_encoder
from models.training.errors import UnusableError
from models.training.nets.bert import load_bert
from models.understanding.choice import read_card

_MADE_HERE = ("models.training", "models.tuning")


def load(source: EncoderSource, *, dropout: float = 0.0) -> Any:
    """The BERT of a trunk. Raises `UnusableError` where its folder has no weights to go on from."""
    try:
        return load_bert(source.folder, dropout=dropout)
    except (OSError, ValueError, RuntimeError) as error:
        raise UnusableError(f"The trunk {source.name} has no weights that can be changed: {error}.") from error


def write_source(
    folder: Path, state: Mapping[str, torch.Tensor], config: Any, like: EncoderSource, *, name: str, middle_layer: int
) -> EncoderSource:
    """A folder with a trunk of that name, its tokenizer and everything else as `like`; it appears when it is whole.

    `config` is the transformers configuration of the BERT whose weights are `state`.
    """
    weights = encoder_weights(state, config)
    digest = hashlib.sha256()
    for part in sorted(state):
        digest.update(part.encode())
        digest.update(state[part].detach().float().cpu().numpy().tobytes())
    with replacing(folder) as work:
        write_trunk(work, weights, middle_layer=middle_layer)
        shutil.copyfile(like.folder / TOKENIZER_FILE, work / TOKENIZER_FILE)
        write_card(
            work, name=name, version=digest.hexdigest()[:8], base=origin(like), license=like.license,
            prefix=like.prefix, middle_layer=middle_layer, made_by="models.tuning",
        )  # fmt: skip
    return find_encoder(folder.parent, str(folder))


def origin(source: EncoderSource) -> str:
    """What a trunk was tuned from, by name and version; its own where it was not tuned."""
    card = read_card(source.folder)
    return str(card["base"]) if card.get("made_by") in _MADE_HERE else f"{source.name} {source.version}".strip()


def config_of(card: Mapping[str, Any], task: str) -> TrainConfig:
    """The configuration that a model was trained by; the defaults for one that was not trained here."""
    return as_config(card["config"], task) if "config" in card else default_config(task)
