"""What the training loop asks of a task, so that intents, entities and all of it together share one loop."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import nn


class Task(Protocol):
    """Rows of one kind, the net that learns them, and how well it does. Rows are told by their number."""

    net: nn.Module
    lengths: Sequence[int]  # tokens of each row that is learned from

    def trunk_parameters(self) -> list[nn.Parameter]:
        """What learns in the trunk."""

    def head_parameters(self) -> list[nn.Parameter]:
        """What learns on it."""

    def batches(self, epoch: int, size: int) -> list[list[int]]:
        """Every row once, in `ceil(rows / size)` batches; a function of the epoch and the seed alone."""

    def weights(self, rows: Sequence[int]) -> list[float]:
        """How much these rows count together, for each part of the loss."""

    def loss(self, rows: Sequence[int], epoch: int, totals: Sequence[float]) -> torch.Tensor:
        """The weighted losses of the rows as they read in this epoch, each part's divided by its total.

        `totals` are the weights of all rows of the step: so the losses of its pieces add up to that of the whole.
        """

    def score(self) -> dict[str, float]:
        """Figures on the rows that are held out, the first one the main score; empty where none are."""
