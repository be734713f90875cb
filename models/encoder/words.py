"""Word vectors that came from 4-bit blocks go back into them: tuning leaves them as they are, and they are most of a
small trunk's bytes."""

import numpy as np
from numpy.typing import NDArray

from models.encoder.packed import BLOCK, BlockMatrix
from models.encoder.weights import Matrix

_CENTRE = 8
# Rows that are looked at together.
_ROWS = 8192
# The values have been through float16, 11 bits.
_ROUNDING = 2.0**-10


def as_blocks(words: NDArray[np.float32]) -> Matrix:
    """As 4-bit blocks where every value lies on one of its block's 16 steps, else as it is."""
    rows, columns = words.shape
    if columns % BLOCK:
        return words
    codes = np.empty((rows, columns), np.uint8)
    scales = np.empty((rows, columns // BLOCK), np.float16)
    for at in range(0, rows, _ROWS):
        part = words[at : at + _ROWS].reshape(-1, columns // BLOCK, BLOCK)
        found = _blocks(part)
        if found is None:
            return words
        codes[at : at + _ROWS] = found[0].reshape(len(part), columns)
        scales[at : at + _ROWS] = found[1]
    return BlockMatrix(codes, scales)


def _blocks(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]] | None:
    """Codes and scales of [rows, blocks, BLOCK]; Q4_0 gives each block's largest value the step -8."""
    largest = np.take_along_axis(values, np.abs(values).argmax(axis=2)[:, :, None], axis=2)
    scales = (largest / -_CENTRE).astype(np.float16)
    exact = scales.astype(np.float32)
    steps = np.rint(values / np.where(exact == 0, 1.0, exact))
    off = np.abs(steps * exact - values)
    if steps.max() >= _CENTRE or bool((off > _ROUNDING * np.abs(largest)).any()):
        return None
    return (steps + _CENTRE).astype(np.uint8), scales[:, :, 0]
