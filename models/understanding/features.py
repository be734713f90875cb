"""What the heads see of the trunk's output; the same for training and for reading.

A sentence is [mean over tokens of the last layer | of the middle layer]; a token is itself and its two neighbours in
the last layer and itself in the middle one.
"""

import numpy as np
from numpy.typing import NDArray

from models.encoder.trunk import TrunkOutput

Floats = NDArray[np.float32]


def sentence_features(output: TrunkOutput, mask: NDArray[np.int64]) -> Floats:
    """[batch, 2 * width]; heads that need only the last layer read the first half."""
    weight = mask[:, None, :].astype(np.float32)
    middle = (weight @ output.middle)[:, 0] / mask.sum(axis=1, dtype=np.float32)[:, None]
    return np.concatenate([output.pooled, middle], axis=1)


def token_features(output: TrunkOutput, row: int, length: int) -> Floats:
    """[length, 4 * width] for the first `length` tokens of a row."""
    hidden, middle = output.hidden[row, :length], output.middle[row, :length]
    before = np.concatenate([hidden[:1], hidden[:-1]])
    after = np.concatenate([hidden[1:], hidden[-1:]])
    return np.concatenate([hidden, middle, before, after], axis=1)
