"""Intents: the trunk's mean vector beside one direction a label, compared by angle, and drawn to its own label's rows.

Cross-entropy over scaled cosines, plus the supervised contrastive loss of Khosla et al. (2020) inside each batch. The
directions begin at the labels' mean vectors, both centred on the mean of all. Out of scope is one more label here,
whose rows need not be like each other.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import nn
from torch.nn import functional

from agent_assist.domain.understanding import OUT_OF_SCOPE
from models.encoder.tokens import Encoded, TextEncoder
from models.training.augment import misspell
from models.training.batches import grouped, shuffled
from models.training.config import TrainConfig
from models.training.nets import on_device, pooled
from models.training.precision import Numbers
from models.training.rows import Row, label_names
from models.training.texts import cut, read_text

_SCALE = 20.0
_EVALUATED_AT_ONCE = 64


class IntentNet(nn.Module):
    """A trunk and the labels' directions."""

    def __init__(self, trunk: Any, *, width: int, labels: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.directions = nn.Parameter(torch.zeros(labels, width))
        self.bias = nn.Parameter(torch.zeros(labels))
        self.centre: torch.Tensor
        self.register_buffer("centre", torch.zeros(width))

    def vectors(self, rows: Sequence[Encoded]) -> torch.Tensor:
        """Centred mean vectors, float32 [rows, width]."""
        ids, mask = on_device(rows, self.bias.device)
        hidden = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return pooled(hidden, mask) - self.centre

    def logits(self, vectors: torch.Tensor) -> torch.Tensor:
        """[rows, labels]."""
        angles = functional.normalize(vectors, dim=1) @ functional.normalize(self.directions, dim=1).T
        return _SCALE * angles + self.bias


class IntentTask:
    """Implements `models.training.tasks.Task`."""

    def __init__(
        self,
        trunk: Any,
        rows: Sequence[Row],
        *,
        held_out: Sequence[Row],
        config: TrainConfig,
        tokens: TextEncoder,
        prefix: str,
        numbers: Numbers,
    ) -> None:
        self._rows, self._held_out = rows, [row for row in held_out if row.in_scope]
        self._config, self._tokens, self._prefix, self._numbers = config, tokens, prefix, numbers
        self.names = list(label_names(rows))
        if any(not row.in_scope for row in rows):
            self.names.append(OUT_OF_SCOPE)
        self._targets = torch.from_numpy(_targets(rows, self.names)).to(numbers.device)
        self._weights = _row_weights(self._targets, config)
        self._encoded = [self._encode(row) for row in rows]
        self.lengths = [len(one.ids) for one in self._encoded]
        width = int(trunk.config.hidden_size)
        self.net = IntentNet(trunk, width=width, labels=len(self.names)).to(numbers.device)

    def begin(self) -> None:
        """Set the centre and the directions from what the trunk says of the rows now."""
        vectors = self._embed(self._encoded)
        with torch.no_grad():
            self.net.centre.copy_(vectors.mean(0))
            units = functional.normalize(vectors - self.net.centre, dim=1)
            self.net.directions.copy_(functional.normalize(self._targets.T @ units, dim=1))

    def trunk_parameters(self) -> list[nn.Parameter]:
        """What learns in the trunk."""
        return [one for one in self.net.trunk.parameters() if one.requires_grad]

    def head_parameters(self) -> list[nn.Parameter]:
        """Directions and bias."""
        return [self.net.directions, self.net.bias]

    def batches(self, epoch: int, size: int) -> list[list[int]]:
        """Rows of a label a few at a time where they are contrasted."""
        seed = self._config.seed
        if not self._config.contrast:
            return shuffled(len(self._rows), size=size, seed=seed, epoch=epoch)
        labels = [row.labels[0] for row in self._rows]
        return grouped(labels, size=size, per_class=self._config.per_class, seed=seed, epoch=epoch)

    def weight(self, rows: Sequence[int]) -> float:
        """Sum of the rows' class weights."""
        return float(self._weights[list(rows)].sum())

    def loss(self, rows: Sequence[int], epoch: int) -> torch.Tensor:
        """Weighted mean of the cross-entropy, plus the contrast among the rows."""
        vectors = self.net.vectors([self._encoded_in(row, epoch) for row in rows])
        place = torch.as_tensor(rows, device=vectors.device)
        targets, weights = self._targets[place], self._weights[place]
        wanted = targets * (1 - self._config.label_smoothing) + self._config.label_smoothing / len(self.names)
        each = -(wanted * self.net.logits(vectors).log_softmax(1)).sum(1)
        loss = (each * weights).sum() / weights.sum()
        if self._config.contrast:
            loss = loss + self._config.contrast * self._contrast(vectors, targets)
        return loss

    def score(self) -> dict[str, float]:
        """On the rows that are held out and in scope."""
        if not self._held_out:
            return {}
        with torch.no_grad():
            logits = self.net.logits(self._embed([self._encode(row) for row in self._held_out]))
        told = [self.names[index] for index in logits.argmax(1).tolist()]
        wanted = [next((name for name in row.labels if name == one), row.labels[0])
                  for one, row in zip(told, self._held_out, strict=True)]  # fmt: skip
        macro = f1_score(wanted, told, labels=sorted(set(wanted)), average="macro", zero_division=0)
        return {
            "macro_f1": float(macro),
            "accuracy": float(np.mean([a == b for a, b in zip(wanted, told, strict=True)])),
        }

    def _contrast(self, vectors: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        units = functional.normalize(vectors, dim=1)
        likeness = units @ units.T / self._config.temperature
        alone = torch.eye(len(units), dtype=torch.bool, device=units.device)
        shares = targets[:, : len(self.names) - (self.names[-1] == OUT_OF_SCOPE)]
        same = ((shares @ shares.T) > 0) & ~alone
        logs = likeness.masked_fill(alone, -1e9).log_softmax(1)
        count = same.sum(1)
        if not bool(count.any()):
            return vectors.sum() * 0.0
        return (-(logs * same).sum(1)[count > 0] / count[count > 0]).mean()

    def _encode(self, row: Row) -> Encoded:
        return cut(self._tokens.encode(read_text(row), prefix=self._prefix), self._config.max_tokens)

    def _encoded_in(self, row: int, epoch: int) -> Encoded:
        chance = random.Random(f"{self._config.seed}:{epoch}:{row}")
        if chance.random() >= self._config.augment:
            return self._encoded[row]
        text, _ = misspell(read_text(self._rows[row]), (), self._config.slips, chance)
        return cut(self._tokens.encode(text, prefix=self._prefix), self._config.max_tokens)

    def _embed(self, encoded: Sequence[Encoded]) -> torch.Tensor:
        """Vectors without dropout, in batches of like length."""
        self.net.eval()
        found = torch.zeros(len(encoded), self.net.centre.shape[0], device=self._numbers.device)
        order = sorted(range(len(encoded)), key=lambda index: len(encoded[index].ids))
        with torch.no_grad(), self._numbers.products():
            for at in range(0, len(order), _EVALUATED_AT_ONCE):
                batch = order[at : at + _EVALUATED_AT_ONCE]
                found[batch] = self.net.vectors([encoded[index] for index in batch])
        return found


def _targets(rows: Sequence[Row], names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """[rows, labels], each row's labels sharing 1."""
    place = {name: index for index, name in enumerate(names)}
    targets = np.zeros((len(rows), len(names)), np.float32)
    for index, row in enumerate(rows):
        known = [place[name] for name in row.labels if name != OUT_OF_SCOPE or not row.in_scope]
        targets[index, known] = 1.0 / len(known)
    return targets


def _row_weights(targets: torch.Tensor, config: TrainConfig) -> torch.Tensor:
    """[rows], 1 on average."""
    counts = targets.sum(0).clamp(min=1e-6)
    power = {"none": 0.0, "root": 0.5, "balanced": 1.0}[config.class_weights]
    weights = targets @ counts.pow(-power)
    return weights / weights.mean()
