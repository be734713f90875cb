"""Texts to token ids with exact character offsets, cut to what the trunk can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder.vocabulary import PAD

MAX_TOKENS = 512
# A longer text is read at its head and its tail: customers open with what they want and end with what they ask.
_TAIL_TOKENS = 128
_HEAD_CHARS, _TAIL_CHARS = 3000, 1000


@dataclass(frozen=True, slots=True)
class Encoded:
    """`ids` begin with <s> and end with </s>; `offsets` are (start, end) in the given text, (0, 0) for other tokens."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


class TextEncoder:
    """Puts the e5 prefix before a text and cuts it into pieces."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        # Published files often ask for both; padding is done by `pad`, and what is cut by `encode`.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, text: str, *, prefix: str) -> Encoded:
        """Token ids of `prefix` + `text`; any string is allowed, surrogates and control characters too."""
        shown, gap_at, gap = _window(text)
        encoding = self._tokenizer.encode(prefix + shown.encode("utf-8", "replace").decode("utf-8"))
        ids, raw = encoding.ids, encoding.offsets
        if len(ids) > MAX_TOKENS:
            head = MAX_TOKENS - _TAIL_TOKENS
            ids, raw = ids[:head] + ids[-_TAIL_TOKENS:], raw[:head] + raw[-_TAIL_TOKENS:]
        shift = len(prefix)
        offsets = tuple(_place(start - shift, end - shift, gap_at, gap) for start, end in raw)
        return Encoded(tuple(ids), offsets)


def _window(text: str) -> tuple[str, int, int]:
    """The text itself, or its two ends with the place and length of what was left out between them."""
    if len(text) <= _HEAD_CHARS + _TAIL_CHARS:
        return text, len(text), 0
    left_out = len(text) - _HEAD_CHARS - _TAIL_CHARS
    return text[:_HEAD_CHARS] + text[-_TAIL_CHARS:], _HEAD_CHARS, left_out


def _place(start: int, end: int, gap_at: int, gap: int) -> tuple[int, int]:
    if end <= 0 or start >= end:
        return (0, 0)
    start = max(start, 0)
    if end <= gap_at:
        return (start, end)
    if start < gap_at:  # a piece across the cut belongs to neither end
        return (0, 0)
    return (start + gap, end + gap)


def pad(rows: Sequence[Encoded]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and attention mask, [rows, longest]."""
    length = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), length), PAD, np.int64)
    mask = np.zeros((len(rows), length), np.int64)
    for index, row in enumerate(rows):
        ids[index, : len(row.ids)] = row.ids
        mask[index, : len(row.ids)] = 1
    return ids, mask
