"""The reader as it learns: a BERT with adapters; what it makes of a clause's tokens is scored by one weight vector,
beside what the clause shares with the question in letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.encoder.vocabulary import PAD
from models.reply.evidence.overlap import FEATURES
from models.reply.evidence.windows import Window


@dataclass(frozen=True, slots=True)
class Lesson:
    """One row as windows; `held` are the clauses that answer, `shared` [clauses, FEATURES] what overlap.py counts."""

    windows: tuple[Window, ...]
    held: frozenset[int]
    shared: NDArray[np.float32]

    @property
    def clauses(self) -> int:
        """How many there are."""
        return len(self.shared)

    @property
    def tokens(self) -> int:
        """Tokens without padding."""
        return sum(len(window.ids) for window in self.windows)


_PARTS = 4


class EvidenceNet(nn.Module):
    """`bert` is a BertModel of transformers, with or without adapters."""

    def __init__(self, bert: Any, *, width: int) -> None:
        super().__init__()
        self.bert = bert
        self.score = nn.Linear(width, 1)
        self.overlap = nn.Linear(FEATURES, 1, bias=False)
        nn.init.normal_(self.score.weight, std=0.02)
        nn.init.constant_(self.score.bias, -1.0)
        with torch.no_grad():  # begins as a search by words
            self.overlap.weight.copy_(torch.tensor([[0.5, 0.5, 0.2, 0.5, 2.0, 0.0]]))

    def forward(self, windows: Sequence[Window]) -> list[Tensor]:
        """The logit of each clause of each window, in the order of its clauses."""
        found: dict[int, Tensor] = {}
        for part in _of_like_length(windows):
            hidden = self._hidden([windows[row] for row in part])
            totals = torch.cat([hidden.new_zeros(len(part), 1, hidden.shape[2]), hidden.cumsum(1)], 1)
            for place, row in enumerate(part):
                first = torch.tensor([start for _, start, _ in windows[row].clauses])
                last = torch.tensor([end for _, _, end in windows[row].clauses])
                means = (totals[place, last] - totals[place, first]) / (last - first)[:, None]
                found[row] = self.score(means)[:, 0]
        return [found[row] for row in range(len(windows))]

    def _hidden(self, windows: Sequence[Window]) -> Tensor:
        ids = torch.full((len(windows), max(len(window.ids) for window in windows)), PAD)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = torch.tensor(window.ids)
        hidden: Tensor = self.bert(input_ids=ids, attention_mask=(ids != PAD).long()).last_hidden_state
        return hidden.float()


def _of_like_length(windows: Sequence[Window]) -> list[list[int]]:
    """Row numbers in parts that are padded apart: a title with two clauses need not be as long as a whole page."""
    order = sorted(range(len(windows)), key=lambda row: len(windows[row].ids))
    size = -(-len(order) // _PARTS)
    return [order[first : first + size] for first in range(0, len(order), size)]


def logits_of(net: EvidenceNet, lessons: Sequence[Lesson]) -> list[Tensor]:
    """For each lesson the logits of its clauses by number."""
    windows = [window for lesson in lessons for window in lesson.windows]
    scored = net(windows)
    results, row = [], 0
    for lesson in lessons:
        parts = [scored[row + place] for place in range(len(lesson.windows))]
        row += len(lesson.windows)
        numbers = torch.tensor([number for window in lesson.windows for number, _, _ in window.clauses])
        shared = net.overlap(torch.from_numpy(lesson.shared))[:, 0]
        results.append(torch.cat(parts)[torch.argsort(numbers)] + shared)
    return results


def loss_of(logits: Sequence[Tensor], lessons: Sequence[Lesson]) -> Tensor:
    """Mean over lessons, nats: each clause by itself, and where something answers, that before all others."""
    losses = []
    for scores, lesson in zip(logits, lessons, strict=True):
        wanted = torch.zeros(lesson.clauses)
        wanted[list(lesson.held)] = 1.0
        alone = nn.functional.binary_cross_entropy_with_logits(
            scores, wanted, reduction="sum", pos_weight=torch.tensor(2.0)
        )
        losses.append(0.5 * alone)
        if lesson.held:
            losses[-1] = losses[-1] - (scores.log_softmax(0) * wanted).sum() / wanted.sum()
    return torch.stack(losses).mean()
