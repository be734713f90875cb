"""Fits what is added to a linear head so that it learns corrections and keeps the rest.

Minimised over the change D: sum of weight * logistic loss(target, offset + X D) + decay / 2 * |D|^2, where the offsets
are the shipped head's logits. A replay row's target is what the shipped head itself says of it: without corrections
D = 0 is the minimum, and with them every other answer is held where it was (learning without forgetting, Li and Hoiem
2016, in the convex case). D is measured in standardised coordinates, in which the heads were regularised as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from models.understanding.heads import SentenceHead, sigmoid
from models.understanding.lexical import BUCKETS, Bag

Floats = NDArray[np.float32]
# The logit of a label of the shop's own where nothing has been learned about it yet.
UNHEARD = -4.0
# Twice as much as in training the heads: n-grams are more particular to a message than its vector, so what is learned
# through them stays nearer to it.
_LEXICAL_SCALE = np.float32(50.0)
# As strong as the heads' own regularisation (`plan.STARTER_L2`); from 20 to 300 it made no difference that was seen.
_DECAY = 80.0
_STEPS, _MEMORY = 40, 5
_FEW = 4
# A step that gains less ends the search: beside a correction's weight of 40 it is not felt.
_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class Texts:
    """`dense` [texts, width] in standardised coordinates, weighed bags, and what the shipped heads say: logits by head,
    [texts, labels] each."""

    dense: Floats
    bags: tuple[Bag, ...]
    logits: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.bags)

    def __getitem__(self, part: slice) -> "Texts":
        return Texts(self.dense[part], self.bags[part], {name: one[part] for name, one in self.logits.items()})

    @classmethod
    def joined(cls, parts: Sequence["Texts"]) -> "Texts":
        """One after the other."""
        return cls(
            np.concatenate([one.dense for one in parts]),
            tuple(bag for one in parts for bag in one.bags),
            {name: np.concatenate([one.logits[name] for one in parts]) for name in parts[0].logits},
        )


@dataclass(frozen=True, slots=True)
class Space:
    """Standardised coordinates of the dense features, `mean` and `deviation` [width] each."""

    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, features: Floats) -> "Space":
        """The one in which these features [rows, width] have mean 0 and deviation 1."""
        return cls(features.mean(axis=0), features.std(axis=0) + np.float32(1e-6))

    def texts(self, features: Floats, bags: Sequence[Bag], heads: Mapping[str, SentenceHead]) -> Texts:
        """From raw features [texts, width]."""
        lexical = _lexical(bags)
        logits = {
            name: features[:, : head.dense.shape[0]] @ head.dense
            + head.bias
            + lexical @ (head.lexical / _LEXICAL_SCALE)
            for name, head in heads.items()
        }
        return Texts(np.asarray((features - self.mean) / self.deviation, np.float32), tuple(bags), logits)

    def added(self, head: SentenceHead, changes: Mapping[int, Floats]) -> SentenceHead:
        """The head, in raw coordinates, with changes [width + BUCKETS + 1] on top of some columns; columns that it
        does not have begin as labels yet unheard of."""
        columns = max([head.bias.size, *(place + 1 for place in changes)])
        wider = ((0, 0), (0, columns - head.bias.size))
        dense, lexical = np.pad(head.dense, wider), np.pad(head.lexical, wider)
        bias = np.pad(head.bias, wider[1], constant_values=UNHEARD)
        width = len(dense)
        for place, change in changes.items():
            raw = change[:width] / self.deviation[:width]
            dense[:, place] += raw
            lexical[:, place] += change[width:-1] * _LEXICAL_SCALE
            bias[place] += change[-1] - self.mean[:width] @ raw
        return SentenceHead(dense, lexical, bias)


@dataclass(frozen=True, slots=True)
class Push:
    """A row to fit: how much of each text of a lesson it holds, and the probabilities wanted of labels that should
    move."""

    mixing: tuple[float, ...]
    wanted: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many texts a lesson has, its rows, and their weight."""

    texts: int
    pushes: tuple[Push, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Problem:
    """`mixing` [rows, texts] says how much of each text a row holds; all else is as in the module's first lines."""

    dense: Floats
    lexical: csr_matrix
    mixing: csr_matrix
    offsets: Floats
    targets: Floats
    weights: Floats

    def solve(self, start: Floats) -> Floats:
        """The change [width + BUCKETS + 1, labels], sought from `start` on. Labels do not depend on each other: a few
        are solved one by one, which is the faster way, many together."""
        if self.offsets.shape[1] > _FEW:
            return self._solve(start)
        columns = range(self.offsets.shape[1])
        return np.concatenate([self._column(at)._solve(start[:, at : at + 1]) for at in columns], axis=1)

    def _column(self, at: int) -> "Problem":
        part = slice(at, at + 1)
        return replace(self, offsets=self.offsets[:, part], targets=self.targets[:, part])

    def _solve(self, start: Floats) -> Floats:
        labels, width = self.offsets.shape[1], self.dense.shape[1]

        def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            change = flat.reshape(-1, labels).astype(np.float32)
            texts = self.dense @ change[:width] + self.lexical @ change[width:-1] + change[-1]
            logits = self.offsets + self.mixing @ texts
            value = float((self.weights[:, None] * (np.logaddexp(0, logits) - self.targets * logits)).sum())
            slope = self.mixing.T @ (self.weights[:, None] * (sigmoid(logits) - self.targets))
            gradient = np.concatenate([self.dense.T @ slope, self.lexical.T @ slope, slope.sum(axis=0)[None]])
            gradient += _DECAY * change
            return value + 0.5 * _DECAY * float((change * change).sum()), gradient.ravel().astype(np.float64)

        begin = start.ravel().astype(np.float64)
        # The solver's tolerance is relative to the value, which grows with all that is held.
        options = {"maxiter": _STEPS, "maxcor": _MEMORY, "ftol": _ENOUGH / max(1.0, loss(begin)[0])}
        found = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(found.x.reshape(-1, labels), np.float32)


@dataclass(frozen=True, slots=True)
class Material:
    """All texts that a fit looks at: first the `kept` ones, which are to stay as they are by these weights, then those
    of the lessons."""

    texts: Texts
    lexical: csr_matrix
    kept: Floats

    @classmethod
    def of(cls, known: Texts, kept: Floats, lessons: Sequence[Texts]) -> "Material":
        """From the texts of the replay memory and those of each lesson."""
        texts = Texts.joined([known, *lessons])
        return cls(texts, _lexical(texts.bags), kept)


def pose(head: str, width: int, columns: Mapping[str, int], material: Material, lessons: Sequence[Pushed]) -> Problem:
    """The problem for some labels of a head and their columns in its logits, where those beyond the shipped ones are
    unheard of."""
    known, texts = len(material.kept), material.texts
    places, shares, ends = list(range(known)), [1.0] * known, list(range(known + 1))
    wanted: list[Mapping[str, float]] = []
    weights: list[float] = []
    text = known
    for one in lessons:
        for push in one.pushes:
            places += range(text, text + len(push.mixing))
            shares += push.mixing
            ends.append(len(places))
            wanted.append(push.wanted)
            weights.append(one.weight)
        text += one.texts
    mixing = csr_matrix((np.asarray(shares, np.float32), places, ends), shape=(len(ends) - 1, text))
    offsets = np.asarray(
        mixing @ with_unheard(texts.logits[head], max(columns.values()) + 1)[:, [*columns.values()]], np.float32
    )
    targets = sigmoid(offsets)
    for row, push_wanted in enumerate(wanted, start=known):
        for place, name in enumerate(columns):
            if name in push_wanted:
                targets[row, place] = push_wanted[name]
    return Problem(
        dense=texts.dense[:, :width],
        lexical=material.lexical,
        mixing=mixing,
        offsets=offsets,
        targets=targets,
        weights=np.concatenate([material.kept, np.asarray(weights, np.float32)]),
    )


def with_unheard(logits: Floats, labels: int) -> Floats:
    """Logits [texts, shipped labels] with columns for the shop's own behind them, `labels` at least in all."""
    more = np.full((len(logits), max(0, labels - logits.shape[1])), UNHEARD, np.float32)
    return np.concatenate([logits, more], axis=1)


def _lexical(bags: Sequence[Bag]) -> csr_matrix:
    """[bags, BUCKETS], scaled."""
    ends = np.cumsum([0, *(len(one.buckets) for one in bags)])
    values = np.concatenate([np.zeros(0, np.float32), *(one.weights for one in bags)]) * _LEXICAL_SCALE
    places = np.concatenate([np.zeros(0, np.int64), *(one.buckets for one in bags)])
    return csr_matrix((values, places, ends), shape=(len(bags), BUCKETS))
