"""Attention heads that were pruned: a trunk keeps its shape for training, and is smaller where it runs.

A pruned head's value rows and output columns are zero. It adds nothing to any token, and no gradient ever reaches it,
so it stays pruned while the trunk is tuned further, and every BertModel reads such weights. The int8 graph leaves it
out.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.encoder.packed import BlockMatrix
from models.encoder.weights import EncoderWeights, Matrix, as_dense

_ROWS = ("attention.self.query", "attention.self.key", "attention.self.value")
_COLUMNS = "attention.output.dense"


def live_heads(weights: EncoderWeights, layer: int) -> NDArray[np.bool_]:
    """[heads], False where a head's values are zero. One stays at least."""
    prefix = f"encoder.layer.{layer}.attention.self.value."
    rows = as_dense(weights.matrices[prefix + "weight"]).any(axis=1) | (weights.vectors[prefix + "bias"] != 0)
    live: NDArray[np.bool_] = rows.reshape(weights.shape.heads, -1).any(axis=1)
    if not live.any():
        live[0] = True
    return live


def without_dead_heads(weights: EncoderWeights) -> EncoderWeights:
    """The same trunk with matrices of the live heads only; the very same where all live."""
    matrices, vectors = dict(weights.matrices), dict(weights.vectors)
    for layer in range(weights.shape.layers):
        live = live_heads(weights, layer)
        if live.all():
            continue
        kept = np.flatnonzero(np.repeat(live, weights.shape.hidden // weights.shape.heads))
        prefix = f"encoder.layer.{layer}."
        for part in _ROWS:
            matrices[f"{prefix}{part}.weight"] = _rows(matrices[f"{prefix}{part}.weight"], kept)
            vectors[f"{prefix}{part}.bias"] = vectors[f"{prefix}{part}.bias"][kept]
        name = f"{prefix}{_COLUMNS}.weight"
        matrices[name] = as_dense(matrices[name])[:, kept]
    return replace(weights, matrices=matrices, vectors=vectors)


def _rows(matrix: Matrix, kept: NDArray[np.int64]) -> Matrix:
    return matrix.take(kept) if isinstance(matrix, BlockMatrix) else matrix[kept]
