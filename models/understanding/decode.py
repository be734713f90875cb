"""BIO tags to entity spans: the best allowed tag sequence, and its borders in characters."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_NEVER = np.float32(-1e9)
# What never begins or ends an entity, but may share a piece with it ("的路", "色的", " 995").
_EDGE_START = " \t\r\n,.;:!?，。；：！？、~～·\"'“”‘’()（）[]【】{}<>《》-—_的"
_EDGE_END = _EDGE_START + "了呢吗吧啊呀么"
# Where an entity truly ends with such a character.
_CLOSING = {")": "(", "）": "（"}


def tag_names(types: Sequence[str]) -> list[str]:
    """ "O" first, then B- and I- of each type."""
    return ["O", *(f"{mark}-{kind}" for kind in types for mark in "BI")]


def allowed_transitions(types: Sequence[str]) -> Floats:
    """[tags, tags] additive scores: 0 where the second tag may follow the first, a large negative number elsewhere."""
    names = tag_names(types)
    table = np.zeros((len(names), len(names)), np.float32)
    for column, name in enumerate(names):
        if name.startswith("I-"):
            kind = name[2:]
            for row, before in enumerate(names):
                if before not in {f"B-{kind}", f"I-{kind}"}:
                    table[row, column] = _NEVER
    return table


def viterbi(scores: Floats, transitions: Floats) -> NDArray[np.int64]:
    """The best path through log scores [tokens, tags]; a text cannot begin with an I- tag (even column, not 0)."""
    count, tags = scores.shape
    if count == 0:
        return np.zeros(0, np.int64)
    best = scores[0].copy()
    best[2::2] = _NEVER
    back = np.zeros((count, tags), np.int64)
    for index in range(1, count):
        options = best[:, None] + transitions
        back[index] = options.argmax(axis=0)
        best = options.max(axis=0) + scores[index]
    path = np.zeros(count, np.int64)
    path[-1] = int(best.argmax())
    for index in range(count - 1, 0, -1):
        path[index - 1] = back[index, path[index]]
    return path


def segments(path: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(type number, first token, last token) of each entity on a path of tag numbers."""
    found: list[tuple[int, int, int]] = []
    for index, tag in enumerate(path.tolist()):
        if tag == 0:
            continue
        kind, inside = divmod(tag - 1, 2)
        if inside and found and found[-1][0] == kind and found[-1][2] == index - 1:
            found[-1] = (kind, found[-1][1], index)
        else:
            found.append((kind, index, index))
    return found


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space, punctuation and particles that a piece drew into the span; may leave nothing."""
    while start < end and text[start] in _EDGE_START:
        start += 1
    while end > start and text[end - 1] in _EDGE_END and text[end - 1] not in _CLOSING:
        end -= 1
    while end > start and text[end - 1] in _CLOSING and _CLOSING[text[end - 1]] not in text[start:end]:
        end -= 1
    return start, end
