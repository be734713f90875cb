"""The trunk's weights between the places they come from (packed file, safetensors) and those they go to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder.packed import BlockMatrix, EncoderShape, PackedEncoder

# Part of a layer -> name in a transformers BertModel, and in the packed file.
MATRICES = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}

Matrix = BlockMatrix | NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderWeights:
    """Names are those of a transformers BertModel; `matrices` are [out, in], `vectors` flat or [rows, hidden]."""

    shape: EncoderShape
    matrices: dict[str, Matrix]
    vectors: dict[str, NDArray[np.float32]]

    def dense(self) -> dict[str, NDArray[np.float32]]:
        """Everything as float32 under its BertModel name."""
        return {**{name: as_dense(matrix) for name, matrix in self.matrices.items()}, **self.vectors}


def as_dense(matrix: Matrix) -> NDArray[np.float32]:
    """The matrix as float32."""
    return matrix.dense() if isinstance(matrix, BlockMatrix) else matrix


def from_packed(packed: PackedEncoder, kept: NDArray[np.int64]) -> EncoderWeights:
    """The weights of a packed file with the vocabulary rows `kept`, in that order."""
    size = packed.shape
    words = packed.matrix("emb.word", size.vocabulary, size.hidden).take(kept)
    matrices: dict[str, Matrix] = {"embeddings.word_embeddings.weight": words}
    types = np.zeros((size.token_types, size.hidden), np.float32)
    types[0] = packed.vector("emb.type")[: size.hidden]
    vectors = {
        "embeddings.position_embeddings.weight": packed.vector("emb.pos").reshape(size.positions, size.hidden),
        "embeddings.token_type_embeddings.weight": types,
        "embeddings.LayerNorm.weight": packed.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.vector("emb.ln.b"),
    }
    for layer in range(size.layers):
        prefix = f"encoder.layer.{layer}."
        for ours, theirs in MATRICES.items():
            rows, columns = _matrix_size(theirs, size)
            matrices[f"{prefix}{ours}.weight"] = packed.matrix(f"l{layer}.{theirs}.w", rows, columns)
            vectors[f"{prefix}{ours}.bias"] = packed.vector(f"l{layer}.{theirs}.b")
        for ours, theirs in NORMS.items():
            vectors[f"{prefix}{ours}.weight"] = packed.vector(f"l{layer}.{theirs}.w")
            vectors[f"{prefix}{ours}.bias"] = packed.vector(f"l{layer}.{theirs}.b")
    return EncoderWeights(shape=_with_vocabulary(size, len(kept)), matrices=matrices, vectors=vectors)


def _matrix_size(part: str, size: EncoderShape) -> tuple[int, int]:
    return {"fi": (size.intermediate, size.hidden), "fo": (size.hidden, size.intermediate)}.get(
        part, (size.hidden, size.hidden)
    )


def _with_vocabulary(size: EncoderShape, count: int) -> EncoderShape:
    return EncoderShape(
        hidden=size.hidden,
        layers=size.layers,
        heads=size.heads,
        intermediate=size.intermediate,
        vocabulary=count,
        positions=size.positions,
        token_types=size.token_types,
        epsilon=size.epsilon,
    )
