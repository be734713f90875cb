"""The entity head as a torch module, for training; `tensors()` gives what the numpy twin reads."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.understanding.entities.clues import CLUE_ROWS, UNREAD
from models.understanding.entities.tags import Tracks, tag_count
from models.understanding.entities.units import PLACE_WIDTH

Floats = NDArray[np.float32]
CLUE_WIDTH = 64
HIDDEN = 192
MIXERS = 2


class EntityNet(torch.nn.Module):
    """From unit vectors [batch, units, width] (raw), clues [batch, units, CLUES], place and mask to tag scores."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(
        self, *, width: int, tracks: Tracks, mean: torch.Tensor, deviation: torch.Tensor, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.tracks = tracks
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.clues = torch.nn.Embedding(CLUE_ROWS, CLUE_WIDTH)
        torch.nn.init.normal_(self.clues.weight, std=0.1)
        self.input = torch.nn.Linear(width + 2 * CLUE_WIDTH + PLACE_WIDTH, HIDDEN)
        self.mixers = torch.nn.ModuleList(torch.nn.Conv1d(HIDDEN, HIDDEN, 3, padding=1) for _ in range(MIXERS))
        self.output = torch.nn.Linear(HIDDEN, sum(tag_count(track) for track in tracks))
        self.dropout = torch.nn.Dropout(dropout)

    def forward(
        self, vectors: torch.Tensor, clues: torch.Tensor, place: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """[batch, units, tags of all tracks]; `mask` [batch, units] is 1 at units and 0 at padding."""
        on = mask.unsqueeze(-1)
        looks = self.clues(clues)
        own, read = looks[:, :, :UNREAD].sum(dim=2), looks[:, :, UNREAD:].sum(dim=2)
        dense = (vectors - self.mean) / self.deviation
        joined = torch.cat([self.dropout(dense), self.dropout(own), self.dropout(read), place], dim=-1)
        hidden = torch.relu(self.input(joined)) * on
        for mixer in self.mixers:
            mixed = mixer(self.dropout(hidden).transpose(1, 2)).transpose(1, 2)
            hidden = (hidden + torch.relu(mixed)) * on
        scores: torch.Tensor = self.output(self.dropout(hidden))
        return scores

    def loss(
        self, scores: torch.Tensor, tags: torch.Tensor, weights: torch.Tensor, *, smoothing: float = 0.0
    ) -> torch.Tensor:
        """Weighted mean cross-entropy; tags [batch, units, tracks] with -100 at padding, weights [batch].

        `smoothing` is the share of the truth that goes to a track's other tags.
        """
        total, at = scores.new_zeros(()), 0
        for column, track in enumerate(self.tracks):
            part = scores[..., at : at + tag_count(track)]
            at += tag_count(track)
            wanted = tags[..., column]
            each = torch.nn.functional.cross_entropy(
                part.transpose(1, 2), wanted, ignore_index=-100, reduction="none", label_smoothing=smoothing
            )
            known = (wanted != -100) * weights[:, None]
            total = total + (each * known).sum() / known.sum().clamp(min=1e-6)
        return total

    def tensors(self) -> dict[str, Floats]:
        """The weights under the names of the numpy twin, standardisation folded in."""
        width = self.mean.shape[0]
        with torch.no_grad():
            weight = self.input.weight.t().clone()
            weight[:width] /= self.deviation[:, None]
            bias = self.input.bias - self.mean @ weight[:width]
            mixers = torch.stack([_unrolled(one) for one in self.mixers])
            parts = {
                "clues": self.clues.weight,
                "input": weight,
                "input_bias": bias,
                "mixers": mixers,
                "mixer_biases": torch.stack([_bias(one) for one in self.mixers]),
                "output": self.output.weight.t(),
                "output_bias": self.output.bias,
            }
            return {f"entity.{name}": np.ascontiguousarray(value.numpy()) for name, value in parts.items()}


def _unrolled(mixer: torch.nn.Module) -> torch.Tensor:
    assert isinstance(mixer, torch.nn.Conv1d)
    return mixer.weight.permute(2, 1, 0).reshape(3 * HIDDEN, HIDDEN)  # [before | itself | after] by hidden


def _bias(mixer: torch.nn.Module) -> torch.Tensor:
    assert isinstance(mixer, torch.nn.Conv1d)
    assert mixer.bias is not None
    return mixer.bias


def moments(vectors: Sequence[NDArray[np.float16]], *, rows: int = 20_000) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and deviation of a sample of unit vectors, each [width]."""
    joined = np.concatenate(list(vectors))
    sample = torch.from_numpy(joined[:: max(1, len(joined) // rows)].astype(np.float32))
    return sample.mean(dim=0), sample.std(dim=0) + 1e-5
