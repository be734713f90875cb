"""Messages as a task of the training loop: one pass of the trunk, and on it whatever parts the rows have labels for."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import nn

from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from models.encoder.tokens import Encoded, TextEncoder
from models.training.config import TrainConfig
from models.training.dataset.augment import misspell
from models.training.dataset.batches import grouped, shuffled
from models.training.dataset.rows import Row, read_text
from models.training.nets.bert import on_device
from models.training.nets.entities import EntityPart
from models.training.nets.intent import IntentPart
from models.training.nets.parts import Judgement, Part
from models.training.nets.reading import Item, Read, pool
from models.training.nets.scale import ScalePart
from models.training.precision import Numbers
from models.understanding.entities.units import units_of

_EVALUATED_AT_ONCE = 64
# Batches whose tokens are kept for the parts' first weights.
_SAMPLED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How texts are made ready for the trunk."""

    tokens: TextEncoder
    prefix: str
    middle_layer: int
    numbers: Numbers


class MessageNet(nn.Module):
    """A trunk and the parts on it."""

    def __init__(self, trunk: Any, parts: Sequence[nn.Module]) -> None:
        super().__init__()
        self.trunk = trunk
        self.parts = nn.ModuleList(parts)


class MessageTask:
    """Implements `models.training.nets.tasks.Task`."""

    def __init__(
        self,
        task: str,
        trunk: Any,
        rows: Sequence[Row],
        *,
        held_out: Sequence[Row],
        config: TrainConfig,
        reading: Reading,
    ) -> None:
        self._config, self._reading = config, reading
        self._task, self._with_units = task, task != "intent"
        self._items = [self._item(number, row) for number, row in enumerate(rows)]
        self._held_out = [self._item(number, row) for number, row in enumerate(held_out)]
        self.lengths: Sequence[int] = [len(item.encoded.ids) for item in self._items]
        torch.manual_seed(config.seed)
        parts = _parts(task, self._items, config, width=int(trunk.config.hidden_size))
        self._parts = cast(list[Part], parts)
        self.net: nn.Module = MessageNet(trunk, parts).to(reading.numbers.device)

    @torch.no_grad()
    def begin(self) -> None:
        """Set the parts' first weights from what the trunk says of the rows now."""
        # Tokens of all texts would fill the memory; those of some batches, of all lengths, say enough.
        every = max(1, len(self._items) // (_SAMPLED * _EVALUATED_AT_ONCE))
        reads = [
            read if number % every == 0 else replace(read, tokens=None)
            for number, read in enumerate(self._evaluated(self._items))
        ]
        for part in self._parts:
            part.begin(reads)

    def trunk_parameters(self) -> list[nn.Parameter]:
        """What learns in the trunk."""
        return [one for one in self.net.get_submodule("trunk").parameters() if one.requires_grad]

    def head_parameters(self) -> list[nn.Parameter]:
        """What learns in the parts."""
        return list(self.net.get_submodule("parts").parameters())

    def batches(self, epoch: int, size: int) -> list[list[int]]:
        """Rows of a label a few at a time where they are contrasted."""
        seed = self._config.seed
        if not self._config.contrast:
            return shuffled(len(self._items), size=size, seed=seed, epoch=epoch)
        labels = [item.row.labels[0] if item.row.labels else "" for item in self._items]
        return grouped(labels, size=size, per_class=self._config.per_class, seed=seed, epoch=epoch)

    def weights(self, rows: Sequence[int]) -> list[float]:
        """One a part."""
        return [part.weight(rows) for part in self._parts]

    def loss(self, rows: Sequence[int], epoch: int, totals: Sequence[float]) -> torch.Tensor:
        """The sum of the parts' losses."""
        read = self._read([self._respelt(self._items[row], epoch) for row in rows])
        losses = [part.loss(read, total) for part, total in zip(self._parts, totals, strict=True) if total]
        return torch.stack([read.pooled.sum() * 0.0, *losses]).sum()

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """On the rows that are held out; with several parts, the mean of their main scores comes first."""
        judged: list[list[Judgement]] = [[] for _ in self._parts]
        for read in self._evaluated(self._held_out):
            for part, told in zip(self._parts, judged, strict=True):
                told += part.judge(read)
        found = [part.figures(told) for part, told in zip(self._parts, judged, strict=True)]
        main = [next(iter(figures.values())) for figures in found if figures]
        joined = {name: value for figures in found for name, value in figures.items()}
        return {"mean": sum(main) / len(main)} | joined if len(main) > 1 else joined

    def _item(self, number: int, row: Row) -> Item:
        text = read_text(row, self._task)
        encoded = self._encode(text)
        units = units_of(text, encoded) if self._with_units else None
        spans = row.spans if row.spans and self._with_units else ()
        return Item(number=number, row=row, text=text, spans=spans, encoded=encoded, units=units)

    def _encode(self, text: str) -> Encoded:
        return _cut(self._reading.tokens.encode(text, prefix=self._reading.prefix), self._config.max_tokens)

    def _respelt(self, item: Item, epoch: int) -> Item:
        chance = random.Random(f"{self._config.seed}:{epoch}:{item.number}")
        if chance.random() >= self._config.augment:
            return item
        text, spans = misspell(item.text, item.spans, self._config.slips, chance)
        encoded = self._encode(text)
        units = units_of(text, encoded) if self._with_units else None
        return replace(item, text=text, spans=spans, encoded=encoded, units=units)

    def _read(self, items: Sequence[Item]) -> Read:
        numbers = self._reading.numbers
        wants_tokens = any(part.wants_tokens for part in self._parts)
        ids, mask = on_device([item.encoded for item in items], numbers.device)
        with numbers.products():
            output = self.net.get_submodule("trunk")(
                input_ids=ids, attention_mask=mask, output_hidden_states=wants_tokens
            )
        hidden = output.last_hidden_state.float()
        tokens = None
        if wants_tokens:
            tokens = torch.cat([hidden, output.hidden_states[self._reading.middle_layer].float()], dim=-1)
        return Read(items=items, pooled=pool(hidden, mask), tokens=tokens)

    def _evaluated(self, items: Sequence[Item]) -> Iterator[Read]:
        """Without dropout, in batches of like length. To be used without gradients."""
        self.net.eval()
        order = sorted(items, key=lambda item: len(item.encoded.ids))
        for at in range(0, len(order), _EVALUATED_AT_ONCE):
            yield self._read(order[at : at + _EVALUATED_AT_ONCE])


def _parts(task: str, items: Sequence[Item], config: TrainConfig, *, width: int) -> list[nn.Module]:
    rows = [item.row for item in items]
    found: list[nn.Module] = []
    if task != "entities" and any(row.in_scope for row in rows):
        found.append(IntentPart(rows, width=width, config=config))
    if task != "intent" and any(row.spans for row in rows):
        found.append(EntityPart(items, width=width, smoothing=config.label_smoothing))
    if task == "understanding":
        for name, labels in (("sentiment", SENTIMENTS), ("urgency", URGENCIES)):
            if len({getattr(row, name) for row in rows} - {""}) > 1:
                found.append(ScalePart(rows, name=name, labels=labels, width=width, config=config))
    return found


def _cut(encoded: Encoded, tokens: int) -> Encoded:
    """At most `tokens` tokens, the last one staying the end's."""
    if len(encoded.ids) <= tokens:
        return encoded
    return Encoded((*encoded.ids[: tokens - 1], encoded.ids[-1]), (*encoded.offsets[: tokens - 1], encoded.offsets[-1]))
