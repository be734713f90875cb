"""Sentiment or urgency: a linear layer over the trunk's mean vector."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.nets.parts import Judgement, macro_f1
from models.training.nets.reading import Read

_UNKNOWN = -100


class ScalePart(nn.Module):
    """Implements `models.training.nets.parts.Part` for the field `name` of a row, whose values are `labels`."""

    wants_tokens = False
    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(
        self, rows: Sequence[Row], *, name: str, labels: Sequence[str], width: int, config: TrainConfig
    ) -> None:
        super().__init__()
        self._config, self._name, self._labels = config, name, tuple(labels)
        self._wanted = torch.tensor([self._place(row) for row in rows])
        self.output = nn.Linear(width, len(labels))
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def begin(self, reads: Sequence[Read]) -> None:
        """Standardise the vectors as they are now."""
        vectors = torch.cat([read.pooled for read in reads])
        self.mean.copy_(vectors.mean(0))
        self.deviation.copy_(vectors.std(0, correction=0) + 1e-5)

    def weight(self, rows: Sequence[int]) -> float:
        """How many have a value."""
        return float((self._wanted[list(rows)] != _UNKNOWN).sum())

    def loss(self, read: Read, total: float) -> torch.Tensor:
        """Cross-entropy."""
        wanted = self._wanted[[item.number for item in read.items]].to(read.pooled.device)
        summed = functional.cross_entropy(
            self._logits(read), wanted, ignore_index=_UNKNOWN, reduction="sum",
            label_smoothing=self._config.label_smoothing,
        )  # fmt: skip
        return summed / max(total, 1e-9)

    def judge(self, read: Read) -> list[Judgement]:
        """(true, told) of the items that have a value."""
        best = self._logits(read).argmax(1).tolist()
        pairs = [(self._place(item.row), index) for item, index in zip(read.items, best, strict=True)]
        return [pair for pair in pairs if pair[0] != _UNKNOWN]

    def figures(self, judged: Sequence[Judgement]) -> dict[str, float]:
        """Macro-F1 over the values that the items have."""
        return {f"{self._name}_macro_f1": macro_f1(judged)} if judged else {}

    def _logits(self, read: Read) -> torch.Tensor:
        scores: torch.Tensor = self.output((read.pooled - self.mean) / self.deviation)
        return scores

    def _place(self, row: Row) -> int:
        value = getattr(row, self._name)
        return self._labels.index(value) if value else _UNKNOWN
