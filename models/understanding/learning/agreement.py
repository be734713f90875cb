"""Which corrections speak for and against each other, and how much each may count.

Nearness is the cosine of standardised vectors: the same message typed hastily lies at 0.9 and above, two messages
above 0.6 mostly share their intent, pairs of different intents are rarely above 0.7 (measured on the corpus).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_FAR, _NEAR = 0.6, 0.85
_ALIKE, _SAME = 0.8, 0.95
# Two corrections of like messages that differ: the newer is believed.
_NEWER = 1.5
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Opinion:
    """The summed nearness of the other corrections that say the same and something else."""

    agreeing: float = 0.0
    opposing: float = 0.0

    @property
    def trust(self) -> float:
        """How much of its weight a correction keeps: all of it unless several others stand against it."""
        excess = max(0.0, self.opposing - self.agreeing - 1.0)
        return 1.0 / (1.0 + 4.0 * excess) ** 2


@dataclass(frozen=True, slots=True)
class _Voice:
    vector: Floats
    labels: frozenset[str]
    number: int


class Agreement:
    """Corrections by id. What it says of one changes only when one near it comes, goes or changes its mind."""

    def __init__(self, replay: Floats) -> None:
        """`replay` are the unit vectors [rows, width] of what heads were trained on."""
        self._replay = replay
        self._voices: dict[str, _Voice] = {}
        self._near: dict[str, dict[str, float]] = {}
        self._shadows: dict[str, tuple[NDArray[np.int64], Floats]] = {}
        self._opinions: dict[str, Opinion] = {}
        self._count = 0

    def __getitem__(self, name: str) -> Opinion:
        return self._opinions[name]

    def change(self, *, add: Sequence[tuple[str, Floats, tuple[str, ...]]], remove: Sequence[str]) -> set[str]:
        """Take corrections (id, unit vector, labels) in and out; returns the ids whose opinions may be others now."""
        touched: set[str] = set()
        for name in {*remove, *(name for name, *_ in add)} & self._voices.keys():
            touched |= self._take_out(name)
        for name, vector, labels in add:
            self._count += 1
            self._voices[name] = _Voice(vector, frozenset(labels), self._count)
            self._near[name] = {}
        if add:
            self._link([name for name, *_ in add])
        for name, *_ in add:
            touched |= {name, *self._near[name]}
        touched &= self._voices.keys()
        for name in touched:
            self._opinions[name] = self._opinion(name)
        return touched

    def overruled(self) -> Floats:
        """[replay rows], 0 to 1: how far a shop's own correction of the same message stands above what was trained."""
        share = np.zeros(len(self._replay), np.float32)
        for name, (rows, values) in self._shadows.items():
            share[rows] = np.maximum(share[rows], values * np.float32(self._opinions[name].trust))
        return share

    def _take_out(self, name: str) -> set[str]:
        others = set(self._near.pop(name))
        for other in others:
            del self._near[other][name]
        for table in (self._voices, self._shadows, self._opinions):
            table.pop(name, None)
        return others

    def _link(self, names: Sequence[str]) -> None:
        everyone = list(self._voices)
        stack = np.stack([self._voices[name].vector for name in everyone])
        for start in range(0, len(names), _BLOCK):
            block = names[start : start + _BLOCK]
            vectors = np.stack([self._voices[name].vector for name in block])
            for row, column, value in _ramp(vectors @ stack.T, _FAR, _NEAR):
                one, other = block[row], everyone[column]
                if one != other:
                    self._near[one][other] = self._near[other][one] = value
            alike = _ramped(vectors @ self._replay.T, _ALIKE, _SAME)
            for row, name in enumerate(block):
                if (places := np.flatnonzero(alike[row])).size:
                    self._shadows[name] = (places, alike[row, places])

    def _opinion(self, name: str) -> Opinion:
        me = self._voices[name]
        agreeing = opposing = 0.0
        for other, nearness in self._near[name].items():
            voice = self._voices[other]
            if voice.labels == me.labels:
                agreeing += nearness
            elif not voice.labels & me.labels:
                opposing += nearness * (_NEWER if voice.number > me.number else 1.0)
        return Opinion(agreeing, opposing)


def _ramped(cosines: Floats, low: float, high: float) -> Floats:
    return np.asarray(np.clip((cosines - low) / (high - low), 0.0, 1.0), np.float32)


def _ramp(cosines: Floats, low: float, high: float) -> list[tuple[int, int, float]]:
    values = _ramped(cosines, low, high)
    rows, columns = np.nonzero(values)
    return list(zip(rows.tolist(), columns.tolist(), values[rows, columns].tolist(), strict=True))
