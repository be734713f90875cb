"""The token head's entities of one text."""

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.understanding import Entity, EntitySource
from models.encoder.tokens import Encoded
from models.understanding.decode import segments, trim
from models.understanding.heads import Heads


def head_entities(text: str, encoded: Encoded, features: NDArray[np.float32], heads: Heads) -> list[Entity]:
    """Entities in order of place, in characters of `text`; `features` are those of all tokens of `encoded`."""
    if not any(char.isalpha() for char in text):
        return []
    path, probabilities = heads.token.tag(features)
    # Only tokens of the text itself can be entities, not <s>, the prefix and </s>.
    path[[start == end for start, end in encoded.offsets]] = 0
    found = []
    for kind, first, last in segments(path):
        start, end = trim(text, encoded.offsets[first][0], encoded.offsets[last][1])
        if start < end:
            tokens = np.arange(first, last + 1)
            score = float(probabilities[tokens, path[tokens]].mean())
            found.append(_entity(heads.entity_types[kind], text, start, end, score))
    return found


def _entity(kind: str, text: str, start: int, end: int, score: float) -> Entity:
    return Entity(type=kind, start=start, end=end, text=text[start:end], score=score, source=EntitySource.HEAD)
