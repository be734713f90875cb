"""Entities: the entity head's net over units, each of which takes the mean of the tokens that it touches."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from models.training.dataset.rows import entity_names
from models.training.nets.parts import Judgement
from models.training.nets.reading import Item, Read
from models.understanding.entities.fit import pad_units
from models.understanding.entities.net import EntityNet, moments
from models.understanding.entities.tags import Tracks, best_path, segments, tag_count, tag_units, tracks_of
from models.understanding.entities.units import Units


class EntityPart(nn.Module):
    """Implements `models.training.nets.parts.Part`."""

    wants_tokens = True

    def __init__(self, items: Sequence[Item], *, width: int, smoothing: float) -> None:
        super().__init__()
        self._smoothing = smoothing
        rows = [item.row for item in items]
        self.tracks: Tracks = tracks_of(entity_names(rows), (row.spans or () for row in rows))
        self._counts = np.array([0 if item.row.spans is None else len(_units(item)) for item in items])
        self.net = EntityNet(
            width=2 * width, tracks=self.tracks, mean=torch.zeros(2 * width), deviation=torch.ones(2 * width)
        )

    def begin(self, reads: Sequence[Read]) -> None:
        """Standardise the units' vectors as they are now, in the reads that have tokens."""
        vectors = [
            _vectors(read, row, _units(item)).cpu()
            for read in reads
            if read.tokens is not None
            for row, item in enumerate(read.items)
        ]
        mean, deviation = moments([one.numpy().astype(np.float16) for one in vectors])
        self.net.mean.copy_(mean)
        self.net.deviation.copy_(deviation)

    def weight(self, rows: Sequence[int]) -> float:
        """How many units the rows have."""
        return float(self._counts[list(rows)].sum())

    def loss(self, read: Read, total: float) -> torch.Tensor:
        """Cross-entropy of the units' tags."""
        batch = self._batch(read)
        if batch is None:
            return read.pooled.sum() * 0.0
        scores, tags = batch
        known = (tags[..., 0] != -100).sum()
        weights = torch.ones(len(tags), device=tags.device)
        return self.net.loss(scores, tags, weights, smoothing=self._smoothing) * known / max(total, 1e-9)

    def judge(self, read: Read) -> list[Judgement]:
        """(right, told, true) counts of the items' spans."""
        found: list[Judgement] = []
        for item, told in zip(read.items, self._told(read), strict=True):
            if item.row.spans is not None:
                gold = {(span.type, span.start, span.end) for span in item.row.spans}
                found.append((len(gold & told), len(told), len(gold)))
        return found

    def figures(self, judged: Sequence[Judgement]) -> dict[str, float]:
        """F1 of spans whose type and both borders are right."""
        right, told, wanted = (sum(one[side] for one in judged) for side in range(3))
        return {"span_f1": 2 * right / (told + wanted)} if wanted else {}

    def _batch(self, read: Read) -> tuple[torch.Tensor, torch.Tensor] | None:
        """Scores and tags, [items with spans, units, ...]; None where no item has any."""
        kept = [row for row, item in enumerate(read.items) if item.row.spans is not None]
        units = {row: _units(read.items[row]) for row in kept}
        kept = [row for row in kept if len(units[row])]
        if not kept:
            return None
        tags = [tag_units(read.items[row].spans, units[row].spans, self.tracks) for row in kept]
        return self._scores(read, kept, [units[row] for row in kept], tags)

    def _scores(
        self, read: Read, kept: Sequence[int], units: Sequence[Units], tags: Sequence[np.ndarray]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        empty = [np.zeros((len(one), 1), np.float16) for one in units]  # the vectors come from the trunk itself
        ones = np.ones(len(kept), np.float32)
        batch = pad_units(range(len(kept)), empty, units, tags, ones)
        device = read.pooled.device
        vectors = torch.nn.utils.rnn.pad_sequence(
            [_vectors(read, row, one) for row, one in zip(kept, units, strict=True)], batch_first=True
        )
        scores = self.net(vectors, batch.clues.to(device), batch.place.to(device), batch.mask.to(device))
        return scores, batch.tags.to(device)

    def _told(self, read: Read) -> list[set[tuple[str, int, int]]]:
        told: list[set[tuple[str, int, int]]] = [set() for _ in read.items]
        units = [_units(item) for item in read.items]
        kept = [row for row, one in enumerate(units) if len(one)]
        if not kept:
            return told
        nothing = [np.zeros((len(units[row]), len(self.tracks)), np.int64) for row in kept]
        scores, _ = self._scores(read, kept, [units[row] for row in kept], nothing)
        for row, part in zip(kept, scores.float().cpu().numpy(), strict=True):
            at = 0
            for track in self.tracks:
                path = best_path(part[: len(units[row]), at : at + tag_count(track)])
                at += tag_count(track)
                told[row] |= {
                    (track[kind], units[row].spans[first][0], units[row].spans[last][1])
                    for kind, first, last in segments(path)
                }
        return told


def _units(item: Item) -> Units:
    assert item.units is not None
    return item.units


def _vectors(read: Read, row: int, units: Units) -> torch.Tensor:
    """[units, 2 * width]: as `models.understanding.entities.units.unit_vectors`, with gradients."""
    assert read.tokens is not None
    tokens = read.tokens[row]
    first, last = (torch.from_numpy(units.pieces[:, side]).to(tokens.device) for side in (0, 1))
    sums = torch.cat([tokens.new_zeros(1, tokens.shape[1]), tokens.cumsum(0)])
    return (sums[last] - sums[first]) / (last - first).unsqueeze(-1)
