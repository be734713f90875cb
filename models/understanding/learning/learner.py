"""Learns corrections at once: keeps them beside the replay memory and refits the heads they concern."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.errors import CannotLearnError
from models.understanding.features import unit
from models.understanding.heads import Heads
from models.understanding.learning.agreement import Agreement
from models.understanding.learning.lesson import SCOPE, Judged, Lesson, Taught
from models.understanding.learning.refit import Material, Pushed, Space, Texts, pose
from models.understanding.learning.replay import Replay
from models.understanding.lexical import BUCKETS, Bag, bag, weigh

Floats = NDArray[np.float32]
_HEADS = ("intent", "scope")
# How much one correction can weigh at most, beside a row of the replay memory that the heads read right and one they
# read wrong: what was never known need not be kept.
_CORRECTION, _KEPT, _LOOSE = 40.0, 10.0, 2.0
# Below this trust a correction is told to be doubtful.
_DOUBT = 0.5


class Learner:
    """The corrections of a profile, by id, and the heads that follow from them. Use from one thread."""

    def __init__(self, heads: Heads, replay: Replay) -> None:
        """Raises `CannotLearnError` where the heads tell no intents."""
        if "intent" not in heads.sentence:
            raise CannotLearnError("The heads in use tell no intents, so there is nothing to correct in them.")
        self._shipped = heads
        self._space = Space.of(replay.features)
        self._known = self._texts(replay.features, [weigh(bag(text), heads.rarity) for text in replay.texts])
        self._kept = _worth(self._known, heads, replay)
        self._agreement = Agreement(self._directions(self._known))
        self._lessons: dict[str, Lesson] = {}
        self._judged: dict[str, Judged] = {}
        self._changes: dict[str, dict[str, Floats]] = {name: {} for name in _HEADS}
        self.heads = heads

    def __len__(self) -> int:
        return len(self._lessons)

    @property
    def taught(self) -> dict[str, tuple[str, ...]]:
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
        touched = self._agreement.change(
            add=[
                (name, self._directions(lesson.texts[:1])[0], lesson.taught.intents) for name, lesson in fresh.items()
            ],
            remove=gone,
        )
        changed = [judged for name in {*gone, *touched} if (judged := self._judged.pop(name, None)) is not None]
        labels, thresholds = self._labels()
        for name in touched:
            self._judged[name] = self._lessons[name].judged(self._shipped, labels, thresholds, self._agreement[name])
            changed.append(self._judged[name])
        kept = np.asarray(self._kept * (1 - self._agreement.overruled()), np.float32)
        material = Material.of(self._known, kept, [lesson.texts for lesson in self._lessons.values()])
        for head, columns in (("intent", labels), ("scope", (SCOPE,))):
            self._fit(head, columns, changed, material)
        self.heads = self._with_changes(labels, thresholds)
        return self.heads

    def _prepared(self, taught: Sequence[Taught]) -> dict[str, Lesson]:
        """The last of each id."""
        unique = list({one.id: one for one in taught}.values())
        if not unique:
            return {}
        bags = [one_bag for one in unique for one_bag in one.bags]
        texts = self._texts(np.concatenate([one.features for one in unique]), bags)
        ends = np.cumsum([len(one.bags) for one in unique]).tolist()
        return {one.id: Lesson(one, texts[end - len(one.bags) : end]) for one, end in zip(unique, ends, strict=True)}

    def _texts(self, features: Floats, bags: Sequence[Bag]) -> Texts:
        heads = {name: head for name, head in self._shipped.sentence.items() if name in _HEADS}
        return self._space.texts(features, bags, heads)

    def _directions(self, texts: Texts) -> Floats:
        """Unit vectors whose cosine says how near two messages are."""
        return unit(texts.dense[:, : len(self._shipped.sentence["intent"].dense)])

    def _labels(self) -> tuple[tuple[str, ...], Floats]:
        """The shipped intents and behind them the shop's own, each with its threshold."""
        shipped = self._shipped
        own = sorted({name for names in self.taught.values() for name in names} - set(shipped.intents))
        usual = np.full(len(own), shipped.thresholds.mean(), np.float32)
        return (*shipped.intents, *own), np.concatenate([shipped.thresholds, usual])

    def _fit(self, head: str, labels: tuple[str, ...], changed: Sequence[Judged], material: Material) -> None:
        """Fit the columns that changed lessons push, or pushed before; one that none pushes is as it was shipped."""
        pushed, moved = _labels_of(self._judged.values(), head), _labels_of(changed, head)
        changes = {name: change for name, change in self._changes[head].items() if name in pushed}
        columns = {name: place for place, name in enumerate(labels) if name in moved & pushed}
        if columns:
            width = len(self._shipped.sentence[head].dense)
            problem = pose(head, width, columns, material, self._pushed(head))
            nothing = np.zeros(width + BUCKETS + 1, np.float32)
            start = np.stack([changes.get(name, nothing) for name in columns], axis=1)
            changes |= zip(columns, problem.solve(start).T, strict=True)
        self._changes[head] = changes

    def _pushed(self, head: str) -> list[Pushed]:
        return [
            Pushed(len(lesson.texts), self._judged[name].pushes[head], _CORRECTION * self._judged[name].trust)
            for name, lesson in self._lessons.items()
        ]

    def _with_changes(self, labels: tuple[str, ...], thresholds: Floats) -> Heads:
        sentence = dict(self._shipped.sentence)
        for head, names in (("intent", labels), ("scope", (SCOPE,))):
            changes = {names.index(name): change for name, change in self._changes[head].items()}
            if changes:
                sentence[head] = self._space.added(sentence[head], changes)
        return replace(self._shipped, intents=labels, thresholds=thresholds, sentence=sentence)


def _labels_of(judged: Iterable[Judged], head: str) -> set[str]:
    return {name for one in judged for push in one.pushes.get(head, ()) for name in push.wanted}


def _worth(known: Texts, heads: Heads, replay: Replay) -> Floats:
    """The weight of each row of the replay memory."""
    best = known.logits["intent"].argmax(axis=1)
    right = [not names or heads.intents[place] in names for place, names in zip(best, replay.intents, strict=True)]
    return np.where(right, _KEPT, _LOOSE).astype(np.float32)
