"""Word vectors that were 4-bit are 4-bit again after they were floats; others are left alone."""

import numpy as np

from models.encoder.packed import BlockMatrix
from models.encoder.words import as_blocks


def blocks() -> BlockMatrix:
    chance = np.random.default_rng(0)
    codes = chance.integers(0, 16, (60, 64)).astype(np.uint8)
    codes[:, [0, 32]] = 0  # the largest value of a block has the step -8
    scales = chance.normal(scale=0.01, size=(60, 2)).astype(np.float16)
    scales[3, 1] = 0
    return BlockMatrix(codes, scales)


def test_values_on_steps_are_packed_without_loss() -> None:
    words = blocks().dense().astype(np.float16).astype(np.float32)
    packed = as_blocks(words)
    assert isinstance(packed, BlockMatrix)
    assert (packed.dense().astype(np.float16) == words.astype(np.float16)).all()


def test_one_value_beside_its_step_leaves_all_as_they_are() -> None:
    words = blocks().dense()
    words[40, 5] += 0.3 * np.abs(words[40, :32]).max() / 8
    assert as_blocks(words) is words
    odd = words[:, :40]
    assert as_blocks(odd) is odd
