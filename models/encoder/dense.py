"""The trunk's weights out of arrays under their BertModel names: what was tuned, merged or taken from a folder."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder.packed import EncoderShape
from models.encoder.weights import MATRICES, EncoderWeights, Matrix
from models.encoder.words import as_blocks

_WORDS = "embeddings.word_embeddings.weight"


def from_dense(arrays: Mapping[str, NDArray[np.float32]], config: Mapping[str, Any]) -> EncoderWeights:
    """`config` is the content of the model's config.json. Raises KeyError where a matrix or a size is missing."""
    vectors = dict(arrays)
    matrices: dict[str, Matrix] = {_WORDS: as_blocks(vectors.pop(_WORDS))}
    for layer in range(config["num_hidden_layers"]):
        for part in MATRICES:
            name = f"encoder.layer.{layer}.{part}.weight"
            matrices[name] = vectors.pop(name)
    shape = EncoderShape(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        intermediate=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        token_types=config["type_vocab_size"],
        epsilon=config["layer_norm_eps"],
    )
    return EncoderWeights(shape=shape, matrices=matrices, vectors=vectors)
