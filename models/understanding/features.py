"""What the heads see of the trunk's output; the same for training and for reading.

A sentence is [mean over tokens of the last layer, of unit length | mean of the middle layer]; the first half is the
search vector, so that whoever keeps that can fit the intents again. A token is [last layer | middle layer].
"""

import numpy as np
from numpy.typing import NDArray

from models.encoder.trunk import TrunkOutput

Floats = NDArray[np.float32]


def unit(vectors: Floats) -> Floats:
    """Rows of unit length; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1.0, lengths), np.float32)


def sentence_features(output: TrunkOutput, mask: NDArray[np.int64]) -> Floats:
    """[batch, 2 * width]; heads that need only the last layer read the first half."""
    weight = mask[:, None, :].astype(np.float32)
    middle = (weight @ output.middle)[:, 0] / mask.sum(axis=1, dtype=np.float32)[:, None]
    return np.concatenate([unit(output.pooled), middle], axis=1)


def token_features(output: TrunkOutput, row: int, length: int) -> Floats:
    """[length, 2 * width] for the first `length` tokens of a row."""
    return np.concatenate([output.hidden[row, :length], output.middle[row, :length]], axis=1)
