"""Distillation: a student with fewer layers learns to say what its teacher says, on texts that need no labels.

It begins as every second or third layer of the teacher. What it learns, after Hinton et al. (2015) and Jiao et al.
(2020): the vectors that heads see, of tokens and of whole texts, and the labels' probabilities that the teacher's heads
make of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.training.dataset.batches import shuffled
from models.training.nets.bert import on_device
from models.training.nets.messages import Reading
from models.training.nets.reading import pool
from models.understanding.heads import Heads
from models.understanding.lexical import bag, weigh

_ONE_OF_SEVERAL = ("sentiment", "urgency")
# One text in so many is not learned from, to see how like the teacher the student is on what it has not seen.
_HELD_OUT = 20
_MOST_HELD_OUT = 200
_AT_ONCE = 64
_LEAST_VARIANCE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A trunk and which of its layers is the middle one."""

    bert: Any
    middle: int


@dataclass(slots=True)
class _Head:
    """A head of the teacher over features; `offsets` [texts, labels] are what words alone add."""

    dense: torch.Tensor
    offsets: torch.Tensor
    one_of_several: bool


@dataclass(slots=True)
class _Seen:
    """`tokens` [texts, length, 2 * width] of both layers, `features` [texts, 2 * width] as heads see them."""

    tokens: torch.Tensor
    features: torch.Tensor
    mask: torch.Tensor


class DistilTask:
    """Implements `models.training.nets.tasks.Task` over texts; the net is the student."""

    def __init__(
        self,
        teacher: Side,
        student: Side,
        texts: Sequence[str],
        heads: Heads,
        reading: Reading,
        *,
        seed: int,
        tokens: int,
    ) -> None:
        encoded = [reading.tokens.encode(text, prefix=reading.prefix) for text in texts]
        held = set(range(0, len(texts), _HELD_OUT)[:_MOST_HELD_OUT]) if len(texts) > _HELD_OUT else set()
        self._encoded = [one for number, one in enumerate(encoded) if number not in held and len(one.ids) <= tokens]
        own = [text for number, text in enumerate(texts) if number not in held and len(encoded[number].ids) <= tokens]
        self._held_out = [encoded[number] for number in sorted(held)]
        self._numbers, self._seed = reading.numbers, seed
        device = reading.numbers.device
        self._teacher = Side(bert=teacher.bert.to(device).eval(), middle=teacher.middle)
        self._student = student
        self.net: nn.Module = _Student(student.bert).to(device)
        self.lengths: Sequence[int] = [len(one.ids) for one in self._encoded]
        self._heads = [_head(name, heads, own, device) for name in heads.sentence]
        self._variance = self._spread()

    def trunk_parameters(self) -> list[nn.Parameter]:
        """What learns in the student."""
        return [one for one in self.net.parameters() if one.requires_grad]

    def head_parameters(self) -> list[nn.Parameter]:
        """The teacher's heads stay."""
        return []

    def batches(self, epoch: int, size: int) -> list[list[int]]:
        """In random order."""
        return shuffled(len(self._encoded), size=size, seed=self._seed, epoch=epoch)

    def weights(self, rows: Sequence[int]) -> list[float]:
        """Every text counts as much."""
        return [float(len(rows))]

    def loss(self, rows: Sequence[int], epoch: int, totals: Sequence[float]) -> torch.Tensor:
        """Vectors of tokens and texts, and probabilities, each text's losses added."""
        encoded = [self._encoded[row] for row in rows]
        with torch.no_grad():
            wanted = self._see(self._teacher, encoded)
        seen = self._see(self._student, encoded)
        apart = ((seen.tokens - wanted.tokens).square() / self._variance).mean(-1)
        each = (apart * wanted.mask).sum(1) / wanted.mask.sum(1)
        each = each + 1 - functional.cosine_similarity(seen.features, wanted.features, dim=1)
        place = torch.tensor(list(rows), device=each.device)
        for head in self._heads:
            each = each + _divergence(head, seen.features, wanted.features, place)
        return each.sum() / totals[0]

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """Mean cosine of student's and teacher's vectors of texts that are held out."""
        self.net.eval()
        found = []
        for at in range(0, len(self._held_out), _AT_ONCE):
            encoded = self._held_out[at : at + _AT_ONCE]
            own, wanted = (self._see(side, encoded).features for side in (self._student, self._teacher))
            found.append(functional.cosine_similarity(own, wanted, dim=1))
        return {"likeness": round(float(torch.cat(found).mean()), 4)} if found else {}

    def _see(self, side: Side, encoded: Sequence[Any]) -> _Seen:
        ids, mask = on_device(encoded, self._numbers.device)
        with self._numbers.products():
            output = side.bert(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        last, middle = output.last_hidden_state.float(), output.hidden_states[side.middle].float()
        features = torch.cat([functional.normalize(pool(last, mask), dim=1), pool(middle, mask)], dim=1)
        return _Seen(tokens=torch.cat([last, middle], dim=-1), features=features, mask=mask.float())

    @torch.no_grad()
    def _spread(self) -> torch.Tensor:
        """[2 * width], the variance of the teacher's token vectors, so that no feature drowns the others."""
        every = max(1, len(self._encoded) // (4 * _AT_ONCE))
        seen = self._see(self._teacher, self._encoded[::every][: 4 * _AT_ONCE])
        return seen.tokens[seen.mask.bool()].var(0).clamp(min=_LEAST_VARIANCE)


class _Student(nn.Module):
    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk


def _head(name: str, heads: Heads, texts: Sequence[str], device: torch.device) -> _Head:
    head = heads.sentence[name]
    bags = [weigh(bag(text), heads.rarity) for text in texts]
    offsets = np.stack([head.bias + one.weights @ head.lexical[one.buckets] for one in bags])
    return _Head(
        dense=torch.from_numpy(head.dense).to(device),
        offsets=torch.from_numpy(offsets.astype(np.float32)).to(device),
        one_of_several=name in _ONE_OF_SEVERAL,
    )


def _divergence(head: _Head, seen: torch.Tensor, wanted: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    """[texts]: from the teacher's probabilities to the student's, summed over the labels."""
    width, offsets = len(head.dense), head.offsets[place]
    own, other = seen[:, :width] @ head.dense + offsets, wanted[:, :width] @ head.dense + offsets
    if head.one_of_several:
        return functional.kl_div(own.log_softmax(1), other.log_softmax(1), reduction="none", log_target=True).sum(1)
    told = other.sigmoid()
    least = functional.binary_cross_entropy_with_logits(other, told, reduction="none")
    return (functional.binary_cross_entropy_with_logits(own, told, reduction="none") - least).sum(1)
