"""From a tuned BERT to a trunk's folder: souped with the original, int8 for the processor, complete or not there."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.encoder.build import write_card, write_trunk
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.packed import EncoderShape
from models.encoder.weights import MATRICES, EncoderWeights, Matrix
from models.encoder.words import as_blocks
from models.folders import replacing
from models.training.encoders import EncoderSource

_WORDS = "embeddings.word_embeddings.weight"


def soup(
    tuned: Mapping[str, torch.Tensor], original: Mapping[str, torch.Tensor], *, share: float
) -> dict[str, torch.Tensor]:
    """`share` of the original's weights and the rest of the tuned one's (Wortsman et al. 2022, WiSE-FT).

    Half-way between both, the tuned trunk still knows what the rows did not show it.
    """
    return {
        name: share * original[name].float() + (1.0 - share) * value.float() if value.is_floating_point() else value
        for name, value in tuned.items()
    }


def encoder_weights(state: Mapping[str, torch.Tensor], config: Any) -> EncoderWeights:
    """The weights of a BertModel by their own names; `config` is its transformers configuration."""
    arrays: dict[str, NDArray[np.float32]] = {
        name: value.detach().float().cpu().numpy()
        for name, value in state.items()
        if value.is_floating_point() and not name.startswith("pooler.")
    }
    matrices: dict[str, Matrix] = {_WORDS: as_blocks(arrays.pop(_WORDS))}
    for layer in range(config.num_hidden_layers):
        for part in MATRICES:
            name = f"encoder.layer.{layer}.{part}.weight"
            matrices[name] = arrays.pop(name)
    shape = EncoderShape(
        hidden=config.hidden_size,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        intermediate=config.intermediate_size,
        vocabulary=config.vocab_size,
        positions=config.max_position_embeddings,
        token_types=config.type_vocab_size,
        epsilon=config.layer_norm_eps,
    )
    return EncoderWeights(shape=shape, matrices=matrices, vectors=arrays)


def export_trunk(folder: Path, weights: EncoderWeights, source: EncoderSource, **card: Any) -> None:
    """Write the folder with its tokenizer and card; it appears when it is complete."""
    with replacing(folder) as work:
        write_trunk(work, weights, middle_layer=source.middle_layer)
        shutil.copyfile(source.folder / TOKENIZER_FILE, work / TOKENIZER_FILE)
        write_card(
            work,
            name=folder.name,
            base=f"{source.name} {source.version}".strip(),
            license=source.license,
            prefix=source.prefix,
            middle_layer=source.middle_layer,
            made_by="models.training",
            **card,
        )
