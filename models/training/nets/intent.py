"""Intents: the trunk's mean vector beside one direction a label, compared by angle, and drawn to its own label's rows.

Cross-entropy over scaled cosines, plus the supervised contrastive loss of Khosla et al. (2020) inside each batch. The
directions begin at the labels' mean vectors, both centred on the mean of all. Out of scope is one more label here,
whose rows need not be like each other.
"""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from agent_assist.domain.understanding import OUT_OF_SCOPE
from models.training.config import TrainConfig
from models.training.dataset.rows import Row, label_names
from models.training.nets.parts import Judgement, accuracy, macro_f1
from models.training.nets.reading import Read

_SCALE = 20.0


class IntentPart(nn.Module):
    """Implements `models.training.nets.parts.Part`."""

    wants_tokens = False
    centre: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor

    def __init__(self, rows: Sequence[Row], *, width: int, config: TrainConfig) -> None:
        super().__init__()
        self._config = config
        self.names = list(label_names(rows))
        if any(row.labels == (OUT_OF_SCOPE,) for row in rows):
            self.names.append(OUT_OF_SCOPE)
        self.directions = nn.Parameter(torch.zeros(len(self.names), width))
        self.bias = nn.Parameter(torch.zeros(len(self.names)))
        self.register_buffer("centre", torch.zeros(width))
        self.register_buffer("targets", _targets(rows, self.names), persistent=False)
        self.register_buffer("weights", _row_weights(self.targets, config), persistent=False)

    def begin(self, reads: Sequence[Read]) -> None:
        """Centre and directions from the rows' mean vectors."""
        vectors = torch.cat([read.pooled for read in reads])
        numbers = [item.number for read in reads for item in read.items]
        self.centre.copy_(vectors.mean(0))
        units = functional.normalize(vectors - self.centre, dim=1)
        self.directions.copy_(functional.normalize(self.targets[numbers].T @ units, dim=1))

    def weight(self, rows: Sequence[int]) -> float:
        """Sum of the rows' class weights."""
        return float(self.weights[list(rows)].sum())

    def loss(self, read: Read, total: float) -> torch.Tensor:
        """Cross-entropy, plus the contrast among the items."""
        numbers = [item.number for item in read.items]
        targets, weights = self.targets[numbers], self.weights[numbers]
        vectors = read.pooled - self.centre
        smooth = self._config.label_smoothing
        wanted = targets * (1 - smooth) + smooth / len(self.names)
        each = -(wanted * self._logits(vectors).log_softmax(1)).sum(1)
        loss = (each * weights).sum()
        if self._config.contrast:
            known = weights > 0
            loss = loss + self._config.contrast * self._contrast(vectors[known], targets[known]) * weights.sum()
        return loss / max(total, 1e-9)

    def judge(self, read: Read) -> list[Judgement]:
        """(true, told) of the items in scope; of several right labels any will do."""
        best = [self.names[index] for index in self._logits(read.pooled - self.centre).argmax(1).tolist()]
        pairs = [(item.row.labels, name) for item, name in zip(read.items, best, strict=True) if item.row.in_scope]
        return [(name if name in labels else labels[0], name) for labels, name in pairs]

    def figures(self, judged: Sequence[Judgement]) -> dict[str, float]:
        """Macro-F1 and accuracy."""
        return {"macro_f1": macro_f1(judged), "accuracy": accuracy(judged)} if judged else {}

    def _logits(self, vectors: torch.Tensor) -> torch.Tensor:
        angles = functional.normalize(vectors, dim=1) @ functional.normalize(self.directions, dim=1).T
        return _SCALE * angles + self.bias

    def _contrast(self, vectors: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Mean over the items that share an intent with another one."""
        units = functional.normalize(vectors, dim=1)
        likeness = units @ units.T / self._config.temperature
        alone = torch.eye(len(units), dtype=torch.bool, device=units.device)
        own = targets[:, :-1] if self.names[-1] == OUT_OF_SCOPE else targets
        same = ((own @ own.T) > 0) & ~alone
        paired = same.sum(1)
        if not bool(paired.any()):
            return vectors.sum() * 0.0
        logs = likeness.masked_fill(alone, -1e9).log_softmax(1)
        return (-(logs * same).sum(1)[paired > 0] / paired[paired > 0]).mean()


def _targets(rows: Sequence[Row], names: Sequence[str]) -> torch.Tensor:
    """[rows, labels], each row's labels sharing 1; zeros where a row has none."""
    place = {name: index for index, name in enumerate(names)}
    targets = torch.zeros(len(rows), len(names))
    for index, row in enumerate(rows):
        known = [place[name] for name in row.labels if name != OUT_OF_SCOPE or not row.in_scope]
        if known:
            targets[index, known] = 1.0 / len(known)
    return targets


def _row_weights(targets: torch.Tensor, config: TrainConfig) -> torch.Tensor:
    """[rows], 1 on average of the rows that have a label."""
    power = {"none": 0.0, "root": 0.5, "balanced": 1.0}[config.class_weights]
    weights = targets @ targets.sum(0).clamp(min=1e-6).pow(-power)
    return weights / weights[weights > 0].mean()
