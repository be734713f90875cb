"""A correction as the heads can learn it: the texts it is about, and where each label's probability should go."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.understanding.heads import Heads, sigmoid
from models.understanding.learning.agreement import Opinion
from models.understanding.learning.refit import Push, Texts, with_unheard
from models.understanding.lexical import Bag
from models.understanding.threads import MOST_CONTEXT, context_share

Floats = NDArray[np.float32]
# The scope head has one column without a name.
SCOPE = ""
# Where the probabilities of a correction's labels, and of all others, should go: enough to be told, but far from
# certain, so that one click moves its neighbours little. Corrections that agree go further.
_HIGH, _LOW, _FIRMER = 0.75, 0.2, 0.1
# How far a told label should at least be above its threshold, and an untold one below.
_CLEAR = 0.1
# By how much (in logits) a message should be on its side of the threshold of scope.
_SCOPE_MARGIN = 0.8
# Below this weight in the mix a scope head's logits say nothing.
_SCOPE_COUNTS = 0.05
# Pushes that are smaller are none.
_FELT = 0.01


@dataclass(frozen=True, slots=True)
class Taught:
    """A corrected message. `features` [1 or 2, width] and the weighed `bags` are those of the message and, where it was
    read with the customer's turn before, of both together; no intents means out of scope."""

    id: str
    intents: tuple[str, ...]
    features: Floats
    bags: tuple[Bag, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a lesson pushes, by head, and how far it is trusted (0 to 1)."""

    pushes: Mapping[str, tuple[Push, ...]]
    trust: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught, and its texts as the shipped heads see them."""

    taught: Taught
    texts: Texts

    def judged(self, shipped: Heads, labels: tuple[str, ...], thresholds: Floats, opinion: Opinion) -> Judged:
        """`labels` and their `thresholds` are the shipped intents and the shop's own behind them."""
        pushes = {"intent": self._intent_pushes(labels, thresholds, opinion)}
        if "scope" in self.texts.logits:
            pushes["scope"] = self._scope_pushes(shipped)
        return Judged(pushes, opinion.trust)

    def _intent_pushes(self, labels: tuple[str, ...], thresholds: Floats, opinion: Opinion) -> tuple[Push, ...]:
        firmer = _FIRMER * min(1.0, opinion.agreeing / 2)
        told = np.isin(labels, self.taught.intents)
        logits = with_unheard(self.texts.logits["intent"], len(labels))
        pushes = []
        for mixing in self._mixings():
            now = sigmoid(np.asarray(mixing, np.float32) @ logits)
            high = np.maximum(now, np.maximum(_HIGH + firmer, thresholds + _CLEAR))
            low = np.minimum(now, np.minimum(_LOW - firmer, thresholds - _CLEAR))
            wanted = np.clip(np.where(told, high, low), 0.0, 1.0)
            moved = np.flatnonzero(np.abs(wanted - now) > _FELT).tolist()
            pushes.append(Push(mixing, {labels[place]: float(wanted[place]) for place in moved}))
        return tuple(pushes)

    def _scope_pushes(self, shipped: Heads) -> tuple[Push, ...]:
        """With the intents as wanted, the mixed score should fall on the right side of its threshold."""
        own, best, constant = shipped.scope_mix.tolist()
        if own < _SCOPE_COUNTS:
            return ()
        threshold = _logit(min(0.99, max(0.01, shipped.scope_threshold)))
        outside = not self.taught.intents
        pushes = []
        # A message with context is out of scope where both readings are, and in scope where one is.
        for text in range(0 if outside else len(self.texts) - 1, len(self.texts)):
            limit = threshold + (_SCOPE_MARGIN if outside else -_SCOPE_MARGIN)
            limit = (limit - constant - best * self._best_intent(text, shipped)) / own
            now = float(self.texts.logits["scope"][text, 0])
            wanted = max(now, limit) if outside else min(now, limit)
            mixing = tuple(float(place == text) for place in range(len(self.texts)))
            pushes.append(Push(mixing, {} if wanted == now else {SCOPE: 1 / (1 + math.exp(-wanted))}))
        return tuple(pushes)

    def _mixings(self) -> tuple[tuple[float, ...], ...]:
        """As the reader mixes; and as it may mix where the message alone becomes less sure of itself."""
        if len(self.texts) == 1:
            return ((1.0,),)
        share = context_share(self.texts.logits["intent"][0])
        return tuple(dict.fromkeys([(1 - share, share), (1 - MOST_CONTEXT, MOST_CONTEXT)]))

    def _best_intent(self, text: int, shipped: Heads) -> float:
        """The best intent's logit once this is learned."""
        logits = self.texts.logits["intent"][text]
        if not self.taught.intents:
            return min(float(logits.max()), _logit(_LOW))
        known = [shipped.intents.index(name) for name in self.taught.intents if name in shipped.intents]
        return float(max([_logit(_HIGH), *logits[known].tolist()]))


def _logit(probability: float) -> float:
    return float(math.log(probability / (1 - probability)))
