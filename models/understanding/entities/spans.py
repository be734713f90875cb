"""The entity head's entities of one text."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.understanding import Entity, EntitySource
from models.encoder.tokens import Encoded
from models.understanding.entities.head import EntityHead, Found
from models.understanding.entities.units import unit_vectors, units_of


def head_entities(text: str, encoded: Encoded, features: NDArray[np.float32], head: EntityHead) -> list[Entity]:
    """Entities in order of place, in characters of `text`; `features` are those of all tokens of `encoded`."""
    units = units_of(text, encoded, clues=head.clue_count)
    if not len(units):
        return []
    return as_entities(text, head.find(units, unit_vectors(units, features)))


def as_entities(text: str, found: Iterable[Found]) -> list[Entity]:
    """What a head found in a text."""
    return [
        Entity(
            type=one.type,
            start=one.start,
            end=one.end,
            text=text[one.start : one.end],
            score=one.score,
            source=EntitySource.HEAD,
        )
        for one in found
    ]
