"""Learns corrections at once: keeps them beside the replay memory and refits the heads they concern."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.errors import CannotLearnError
from models.understanding.agreement import Agreement
from models.understanding.features import unit
from models.understanding.heads import Heads, sigmoid
from models.understanding.lesson import SCOPE, Judged, Lesson, Taught, with_unheard
from models.understanding.lexical import Bag, bag, weigh
from models.understanding.refit import Problem, Space, Texts, lexical_matrix, mixing_matrix, no_change, with_labels
from models.understanding.replay import Replay

Floats = NDArray[np.float32]
_HEADS = ("intent", "scope")
# How much one correction can weigh at most, beside a row of the replay memory that the heads read right and one they
# read wrong: what was never known need not be kept.
_CORRECTION, _KEPT, _LOOSE = 10.0, 4.0, 1.0
# Below this trust a correction is told to be doubtful.
_DOUBT = 0.5


class Learner:
    """The corrections of a profile, by id, and the heads that follow from them. Use from one thread."""

    def __init__(self, heads: Heads, replay: Replay) -> None:
        """Raises `CannotLearnError` where the heads tell no intents."""
        if "intent" not in heads.sentence:
            raise CannotLearnError("The heads in use tell no intents, so there is nothing to correct in them.")
        self._shipped = heads
        self._width = heads.sentence["intent"].dense.shape[0]
        self._space = Space.of(replay.features)
        self._known = self._texts(replay.features, [weigh(bag(text), heads.rarity) for text in replay.texts])
        self._kept = _worth(self._known.logits["intent"], heads.intents, replay)
        self._agreement = Agreement(self._directions(self._known))
        self._lessons: dict[str, Lesson] = {}
        self._judged: dict[str, Judged] = {}
        self._changes: dict[str, dict[str, Floats]] = {name: {} for name in _HEADS}
        self.heads = heads

    def __len__(self) -> int:
        return len(self._lessons)

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """The intents of every correction, by id."""
        return {name: lesson.taught.intents for name, lesson in self._lessons.items()}

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The corrections that several others of like messages contradict, and which therefore count little."""
        return tuple(name for name, judged in self._judged.items() if judged.trust < _DOUBT)

    def learn(self, taught: Sequence[Taught], forget: Iterable[str] = ()) -> Heads:
        """Take corrections in, in place of older ones of the same id, and others out; returns the heads from now on."""
        fresh = self._prepared(taught)
        gone = [name for name in {*forget, *fresh} if self._lessons.pop(name, None) is not None]
        self._lessons |= fresh
        directions = {name: self._directions(lesson.texts[:1])[0] for name, lesson in fresh.items()}
        touched = self._agreement.change(
            add=[(name, directions[name], lesson.taught.intents) for name, lesson in fresh.items()], remove=gone
        )
        changed = [judged for name in {*gone, *touched} if (judged := self._judged.pop(name, None)) is not None]
        labels, thresholds = self._labels()
        for name in touched:
            self._judged[name] = self._lessons[name].judged(self._shipped, labels, thresholds, self._agreement[name])
            changed.append(self._judged[name])
        self._fit("intent", labels, changed)
        if "scope" in self._shipped.sentence:
            self._fit("scope", (SCOPE,), changed)
        self.heads = self._with_changes(labels, thresholds)
        return self.heads

    def _prepared(self, taught: Sequence[Taught]) -> dict[str, Lesson]:
        """The last of each id."""
        unique = list({one.id: one for one in taught}.values())
        if not unique:
            return {}
        bags = [bag for one in unique for bag in one.bags]
        texts = self._texts(np.concatenate([one.features for one in unique]), bags)
        ends = np.cumsum([len(one.bags) for one in unique]).tolist()
        return {one.id: Lesson(one, texts[end - len(one.bags) : end]) for one, end in zip(unique, ends, strict=True)}

    def _texts(self, features: Floats, bags: Sequence[Bag]) -> Texts:
        return self._space.texts(features, bags, {name: self._shipped.sentence[name] for name in self._heads()})

    def _heads(self) -> list[str]:
        return [name for name in _HEADS if name in self._shipped.sentence]

    def _directions(self, texts: Texts) -> Floats:
        """Unit vectors whose cosine says how near two messages are."""
        return unit(texts.dense[:, : self._width])

    def _labels(self) -> tuple[tuple[str, ...], Floats]:
        """The shipped intents and behind them the shop's own, each with its threshold."""
        shipped = self._shipped
        own = sorted({name for names in self.labels.values() for name in names} - set(shipped.intents))
        usual = np.full(len(own), shipped.thresholds.mean(), np.float32)
        return (*shipped.intents, *own), np.concatenate([shipped.thresholds, usual])

    def _fit(self, head: str, labels: tuple[str, ...], changed: Sequence[Judged]) -> None:
        """Fit the columns that the changed lessons push, or pushed before; one that none pushes is as it was shipped."""
        pushed = {name for judged in self._judged.values() for push in judged.pushes[head] for name in push.wanted}
        moved = {name for judged in changed for push in judged.pushes[head] for name in push.wanted}
        self._changes[head] = {name: change for name, change in self._changes[head].items() if name in pushed}
        if names := [name for name in labels if name in moved & pushed]:
            self._fit_columns(head, labels, names)

    def _fit_columns(self, head: str, labels: tuple[str, ...], names: Sequence[str]) -> None:
        texts = Texts.joined([self._known, *(lesson.texts for lesson in self._lessons.values())])
        rows: list[tuple[Mapping[int, float], Mapping[str, float], float]] = [({i: 1.0}, {}, 1.0) for i in range(len(self._kept))]
        ...
