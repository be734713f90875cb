"""The entity head at work, numpy only: units in, tags a track out. Torch twin: models.understanding.entities.net."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.understanding.entities.clues import CLUES, UNREAD
from models.understanding.entities.tags import Tracks, best_path, segments, tag_count
from models.understanding.entities.units import Units

Floats = NDArray[np.float32]
# Rows before and after that a convolution sees.
_REACH = 1


@dataclass(frozen=True, slots=True)
class Found:
    """An entity of a text; `score` is the mean probability of its tags."""

    type: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityHead:
    """Several nets, trained from different beginnings, whose scores are averaged; each array begins with their number.

    Of each, `clues` [CLUE_ROWS, k]; `input` [width + looks + PLACE_WIDTH, hidden], where the looks are k, or 2 k with a
    dictionary's readings, which are summed apart; `mixers` [layers, 3 * hidden, hidden]
    look at a unit and its two neighbours; `output` [hidden, tags of all tracks]. Standardisation is folded in.
    """

    tracks: Tracks
    clues: Floats
    input: Floats
    input_bias: Floats
    mixers: Floats
    mixer_biases: Floats
    output: Floats
    output_bias: Floats
    clue_count: int = CLUES

    @classmethod
    def of_tensors(cls, tensors: dict[str, Floats], tracks: Tracks, *, clue_count: int = CLUES) -> "EntityHead":
        """From the tensors named `entity.*`; the head was trained on the first `clue_count` clues.

        Tensors of a single net may lack the axis of nets.
        """
        names = ("clues", "input", "input_bias", "mixers", "mixer_biases", "output", "output_bias")
        single = tensors["entity.output"].ndim == 2
        arrays = {name: tensors[f"entity.{name}"] for name in names}
        return cls(
            tracks=tracks,
            clue_count=clue_count,
            **{name: value[None] if single else value for name, value in arrays.items()},
        )

    @property
    def types(self) -> tuple[str, ...]:
        """Every type that it finds."""
        return tuple(name for track in self.tracks for name in track)

    def scores(self, units: Units, vectors: Floats) -> Floats:
        """[units, tags of all tracks] from the units' vectors [units, width]."""
        looks = self._looks(units.clues[:, : self.clue_count])
        nets = len(looks)
        seen = [np.broadcast_to(one, (nets, *one.shape)) for one in (vectors, units.place)]
        hidden = np.maximum(
            np.concatenate([seen[0], looks, seen[1]], axis=2) @ self.input + self.input_bias[:, None], 0.0
        )
        for layer in range(self.mixers.shape[1]):
            padded = np.pad(hidden, ((0, 0), (_REACH, _REACH), (0, 0)))
            around = np.concatenate([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], axis=2)
            hidden = hidden + np.maximum(around @ self.mixers[:, layer] + self.mixer_biases[:, layer, None], 0.0)
        scores: Floats = (hidden @ self.output + self.output_bias[:, None]).mean(axis=0)
        return scores

    def _looks(self, clues: NDArray[np.int64]) -> Floats:
        """[nets, units, looks] of clues [units, clue_count]."""
        parts = [part for part in (clues[:, :UNREAD], clues[:, UNREAD:]) if part.shape[1]]
        looks: Floats = np.concatenate([self.clues[:, part].sum(axis=2) for part in parts], axis=2)
        return looks

    def find(self, units: Units, vectors: Floats) -> list[Found]:
        """Entities by place; those of different tracks may overlap."""
        return self.read(units, self.scores(units, vectors)) if len(units) else []

    def read(self, units: Units, scores: Floats) -> list[Found]:
        """The same from scores [units, tags of all tracks]."""
        found: list[Found] = []
        at = 0
        for track in self.tracks:
            part = scores[:, at : at + tag_count(track)]
            at += tag_count(track)
            found += _track(track, units, part)
        return sorted(found, key=lambda one: (one.start, -one.end))


def _track(track: tuple[str, ...], units: Units, scores: Floats) -> list[Found]:
    path = best_path(scores)
    if not path.any():
        return []
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    told = exp[np.arange(len(path)), path] / exp.sum(axis=1)
    return [
        Found(track[kind], units.spans[first][0], units.spans[last][1], float(told[first : last + 1].mean()))
        for kind, first, last in segments(path)
    ]
