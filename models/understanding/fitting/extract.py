"""Runs the trunk over the corpus once and keeps what the heads are trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder.tokens import TextEncoder, pad
from models.encoder.trunk import Trunk, batches
from models.understanding.entities.units import Units, unit_vectors, units_of
from models.understanding.features import sentence_features, token_features

PREFIX = "query: "
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Extracted:
    """`sentences` float32 [texts, features]; of text i `units[i]` and their vectors `unit_vectors[i]` float16
    [units, features], both empty where only sentences were asked for."""

    sentences: NDArray[np.float32]
    units: list[Units]
    unit_vectors: list[NDArray[np.float16]]


def extract(
    texts: Sequence[str],
    trunk: Trunk,
    encoder: TextEncoder,
    progress: Progress = lambda done, total: None,
    *,
    prefix: str = PREFIX,
    with_units: bool = True,
) -> Extracted:
    """Features of every text; progress counts texts. Raises ValueError where there are none."""
    if not texts:
        raise ValueError("There are no texts to read.")
    encoded = [encoder.encode(text, prefix=prefix) for text in texts]
    units = [units_of(text, one) for text, one in zip(texts, encoded, strict=True)] if with_units else []
    sentences: dict[int, NDArray[np.float32]] = {}
    vectors: dict[int, NDArray[np.float16]] = {}
    for batch in batches([len(one.ids) for one in encoded]):
        ids, mask = pad([encoded[index] for index in batch])
        output = trunk.run(ids, mask)
        sentences |= zip(batch, sentence_features(output, mask), strict=True)
        if with_units:
            for row, index in enumerate(batch):
                tokens = token_features(output, row, len(encoded[index].ids))
                vectors[index] = unit_vectors(units[index], tokens).astype(np.float16)
        progress(len(sentences), len(texts))
    return Extracted(
        np.stack([sentences[index] for index in range(len(texts))]),
        units,
        [vectors[index] for index in range(len(texts))] if with_units else [],
    )
