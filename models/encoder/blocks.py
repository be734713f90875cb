"""Block-wise int8 for onnxruntime's `MatMulNBits`: each 64 weights of a row share one scale.

Activations become int8 inside the kernel (accuracy level 4), row by row, so that a text hardly depends on the texts it
shares a batch with (cosine 0.9998, the kernel's rounding). Per-tensor dynamic quantisation is up to 1.4 times faster in
large batches, but measured cosine 0.997 to float32 where this gives 0.9998, and lost 0.8 points of rank correlation on
sentence similarity. Blocks of 128 take the same time and change the best intent of 1.8 % of messages instead of 1.0 %.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 64
BITS = 8
_CENTRE = 128.0


@dataclass(frozen=True, slots=True)
class QuantisedMatrix:
    """`data` is uint8 [rows, blocks, BLOCK], `scales` float32 [rows, blocks]; value = (code - 128) * scale.

    `columns` are the inputs; what the last block holds beyond them counts nothing.
    """

    data: NDArray[np.uint8]
    scales: NDArray[np.float32]
    columns: int


def quantise(matrix: NDArray[np.float32]) -> QuantisedMatrix:
    """To within 1/254 of each block's largest weight."""
    rows, columns = matrix.shape
    blocks = np.pad(matrix, ((0, 0), (0, -columns % BLOCK))).reshape(rows, -1, BLOCK)
    scales = np.abs(blocks).max(axis=2) / 127.0
    codes = np.rint(blocks / np.where(scales == 0, 1.0, scales)[:, :, None]) + _CENTRE
    return QuantisedMatrix(codes.astype(np.uint8), scales.astype(np.float32), columns)


def pack_nibbles(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Neighbouring codes 0 to 15 into one byte, the earlier one low."""
    return (codes[:, 0::2] | (codes[:, 1::2] << 4)).astype(np.uint8)
