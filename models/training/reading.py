"""Rows as the trunk reads them while it learns, and what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from models.encoder.tokens import Encoded
from models.training.rows import Row
from models.understanding.markup import Span
from models.understanding.threads import behind
from models.understanding.units import Units


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


def read_text(row: Row, task: str) -> str:
    """The text; for intents behind the message before it where the row names one, since the label rests on both."""
    before = row.before.strip() if task == "intent" else ""
    return behind(before, row.text) if before else row.text


def pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean over the tokens of [items, length, width] -> float32 [items, width]."""
    weight = mask.unsqueeze(-1).float()
    return (hidden.float() * weight).sum(1) / weight.sum(1)
