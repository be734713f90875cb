"""Runs the trunk over the corpus once and keeps what the heads are trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder.tokens import Encoded, TextEncoder, pad
from models.encoder.trunk import Trunk, batches
from models.understanding.corpus import Example
from models.understanding.features import sentence_features, token_features
from models.understanding.markup import Span

PREFIX = "query: "


@dataclass(frozen=True, slots=True)
class Extracted:
    """`sentences` float32 [examples, features]; `tokens[i]` float16 [tokens, features] of `encoded[i]`."""

    sentences: NDArray[np.float32]
    tokens: list[NDArray[np.float16]]
    encoded: list[Encoded]


def extract(
    examples: Sequence[Example],
    trunk: Trunk,
    encoder: TextEncoder,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Extracted:
    """Features of every example; progress counts examples."""
    encoded = [encoder.encode(example.text, prefix=PREFIX) for example in examples]
    sentences: NDArray[np.float32] | None = None
    tokens: dict[int, NDArray[np.float16]] = {}
    for batch in batches([len(one.ids) for one in encoded]):
        ids, mask = pad([encoded[index] for index in batch])
        output = trunk.run(ids, mask)
        rows = sentence_features(output, mask)
        if sentences is None:
            sentences = np.zeros((len(examples), rows.shape[1]), np.float32)
        sentences[batch] = rows
        for row, index in enumerate(batch):
            tokens[index] = token_features(output, row, len(encoded[index].ids)).astype(np.float16)
        progress(len(tokens), len(examples))
    if sentences is None:
        raise ValueError("The corpus is empty.")
    return Extracted(sentences, [tokens[index] for index in range(len(examples))], encoded)


def tag_tokens(encoded: Encoded, spans: Sequence[Span], types: Sequence[str]) -> NDArray[np.int64]:
    """A BIO tag number for each token: a token belongs to the span that covers more than half of it."""
    tags = np.zeros(len(encoded.ids), np.int64)
    for span in spans:
        if span.type not in types:
            continue
        kind, begun = types.index(span.type), False
        for index, (start, end) in enumerate(encoded.offsets):
            covered = min(end, span.end) - max(start, span.start)
            if end > start and covered * 2 > end - start - 1 and covered > 0:
                tags[index] = 2 * kind + (2 if begun else 1)
                begun = True
    return tags
