"""What is learned on the trunk: one part a kind of label, side by side in a joint loss."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from sklearn.metrics import f1_score
from torch import nn

from models.training.nets.reading import Read

Judgement = tuple[Any, ...]


class Part(Protocol):
    """One kind of label. An implementation is a `torch.nn.Module`, so that what it learns is saved with the net."""

    wants_tokens: bool  # beside the mean vectors

    def parameters(self) -> list[nn.Parameter]:
        """What learns."""

    def begin(self, reads: Sequence[Read]) -> None:
        """Set what is not left to chance from what the trunk says of the rows now."""

    def weight(self, rows: Sequence[int]) -> float:
        """How much these rows count together; those without such a label count nothing."""

    def loss(self, read: Read, total: float) -> torch.Tensor:
        """The weighted losses of the items, divided by `total`, the weight of all rows of the step."""

    def judge(self, read: Read) -> list[Judgement]:
        """What is told of the items beside what is true; nothing of those without such a label."""

    def figures(self, judged: Sequence[Judgement]) -> dict[str, float]:
        """What the judgements come to, the main score first; empty where there are none."""


def macro_f1(judged: Sequence[Judgement]) -> float:
    """Of (true, told) pairs, over the labels that are true of any."""
    wanted, told = zip(*judged, strict=True)
    return float(f1_score(wanted, told, labels=sorted(set(wanted)), average="macro", zero_division=0))


def accuracy(judged: Sequence[Judgement]) -> float:
    """Of (true, told) pairs."""
    return sum(bool(true == told) for true, told in judged) / len(judged)
