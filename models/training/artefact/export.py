"""From a tuned BERT to a trunk's folder: souped with the original, int8 for the processor, complete or not there."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.encoder.build import write_card, write_trunk
from models.encoder.dense import from_dense
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.weights import EncoderWeights
from models.folders import replacing
from models.training.encoders import EncoderSource


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
    return from_dense(arrays, config.to_dict())


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
