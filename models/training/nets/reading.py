"""Rows as the trunk reads them while it learns, and what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from models.encoder.tokens import Encoded
from models.training.dataset.rows import Row
from models.understanding.entities.units import Units
from models.understanding.markup import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row in the spelling of one epoch; `number` is its place among the rows that are learned, `spans` are in
    characters of `text`, `units` are there where entities are learned."""

    number: int
    row: Row
    text: str
    spans: tuple[Span, ...]
    encoded: Encoded
    units: Units | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the trunk says of some items, float32: `pooled` [items, width], the mean over tokens; `tokens`
    [items, length, 2 * width], the last layer beside the middle one, where a part asks for them."""

    items: Sequence[Item]
    pooled: torch.Tensor
    tokens: torch.Tensor | None


def pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over the tokens of [items, length, width] -> float32 [items, width]."""
    weight = mask.unsqueeze(-1).float()
    return (hidden.float() * weight).sum(1) / weight.sum(1)
