"""Fits what is added to a linear head so that it learns corrections and keeps the rest.

Minimised over the change D: sum of weight * logistic loss(target, offset + X D) + decay / 2 * |D|^2, where the offsets
are the shipped head's logits. A replay row's target is what the shipped head itself says of it: without corrections
D = 0 is the minimum, and with them every other answer is held where it was (learning without forgetting, Li and Hoiem
2016, in the convex case). D is measured in standardised coordinates, in which the heads were regularised as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from models.understanding.heads import SentenceHead, sigmoid
from models.understanding.lexical import BUCKETS, Bag

Floats = NDArray[np.float32]
# As in training the heads: how much the n-grams count beside the dense features.
LEXICAL_SCALE = np.float32(25.0)
# As strong as the heads' own regularisation (`plan.STARTER_L2`); from 20 to 300 it made no difference that was seen.
DECAY = 80.0
_STEPS = 25
_ENOUGH = 1e-5


@dataclass(frozen=True, slots=True)
class Texts:
    """`dense` [texts, width] in standardised coordinates, weighed bags, and what the shipped heads say: logits by head,
    [texts, labels] each."""

    dense: Floats
    bags: tuple[Bag, ...]
    logits: Mapping[str, Floats]

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
        lexical = lexical_matrix(bags)
        logits = {
            name: features[:, : head.dense.shape[0]] @ head.dense + head.bias + lexical @ (head.lexical / LEXICAL_SCALE)
            for name, head in heads.items()
        }
        return Texts(np.asarray((features - self.mean) / self.deviation, np.float32), tuple(bags), logits)

    def added(self, head: SentenceHead, change: Floats) -> SentenceHead:
        """The head with `change` [width + BUCKETS + 1, labels] on top, in raw coordinates."""
        width = head.dense.shape[0]
        raw = change[:width] / self.deviation[:width, None]
        return SentenceHead(
            dense=head.dense + raw,
            lexical=head.lexical + change[width:-1] * LEXICAL_SCALE,
            bias=head.bias + change[-1] - self.mean[:width] @ raw,
        )


def lexical_matrix(bags: Sequence[Bag]) -> csr_matrix:
    """[bags, BUCKETS], scaled."""
    starts = np.cumsum([0, *(len(one.buckets) for one in bags)])
    values = np.concatenate([np.zeros(0, np.float32), *(one.weights for one in bags)]) * LEXICAL_SCALE
    places = np.concatenate([np.zeros(0, np.int64), *(one.buckets for one in bags)])
    return csr_matrix((values, places, starts), shape=(len(bags), BUCKETS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`mixing` [rows, texts] says which texts a row is made of; all else is as in the module's first lines."""

    dense: Floats
    lexical: csr_matrix
    mixing: csr_matrix
    offsets: Floats
    targets: Floats
    weights: Floats

    def solve(self, start: Floats, *, decay: float = DECAY) -> Floats:
        """The change [width + BUCKETS + 1, labels], sought from `start` on."""
        labels = self.offsets.shape[1]
        width = self.dense.shape[1]

        def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            change = flat.reshape(-1, labels).astype(np.float32)
            texts = self.dense @ change[:width] + self.lexical @ change[width:-1] + change[-1]
            logits = self.offsets + self.mixing @ texts
            value = float((self.weights[:, None] * (np.logaddexp(0, logits) - self.targets * logits)).sum())
            slope = self.mixing.T @ (self.weights[:, None] * (sigmoid(logits) - self.targets))
            gradient = np.concatenate([self.dense.T @ slope, self.lexical.T @ slope, slope.sum(axis=0)[None]])
            gradient += decay * change
            return value + 0.5 * decay * float((change * change).sum()), gradient.ravel().astype(np.float64)

        options = {"maxiter": _STEPS, "ftol": _ENOUGH}
        found = minimize(loss, start.ravel().astype(np.float64), jac=True, method="L-BFGS-B", options=options)
        return np.asarray(found.x.reshape(-1, labels), np.float32)
