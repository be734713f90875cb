"""A correction as the heads can learn it: rows of features, and where each label's probability should go."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.understanding.agreement import Opinion
from models.understanding.heads import Heads, sigmoid
from models.understanding.lexical import Bag
from models.understanding.refit import Texts
from models.understanding.threads import MOST_CONTEXT, context_share

Floats = NDArray[np.float32]
# The logit of a label of the shop's own where nothing has been learned about it yet.
UNHEARD = -4.0
# Where the probabilities of a correction's labels, and of all others, should go: enough to be told, but far from
# certain, so that one click moves its neighbours little. Corrections that agree go further.
_HIGH, _LOW, _FIRMER = 0.7, 0.2, 0.1
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A row to fit: how much of each text it holds, and the probabilities wanted of the labels that should move."""

    mixing: tuple[float, ...]
    wanted: dict[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught, and its texts as the shipped heads see them."""

    taught: Taught
    texts: Texts

    def intent_pushes(self, labels: tuple[str, ...], thresholds: Floats, opinion: Opinion) -> tuple[Push, ...]:
        """Rows for the intent head with `labels` and their `thresholds`, both longer than the shipped ones perhaps."""
        firmer = _FIRMER * min(1.0, opinion.agreeing / 2)
        told = np.isin(labels, self.taught.intents)
        logits = with_unheard(self.texts.logits["intent"], len(labels))
        pushes = []
        for mixing in self._mixings():
            now = sigmoid(np.asarray(mixing, np.float32) @ logits)
            high = np.maximum(now, np.maximum(_HIGH + 2 * firmer, thresholds + _CLEAR))
            low = np.minimum(now, np.minimum(_LOW - firmer, thresholds - _CLEAR))
            wanted = np.clip(np.where(told, high, low), 0.0, 1.0)
            moved = np.flatnonzero(np.abs(wanted - now) > _FELT).tolist()
            pushes.append(Push(mixing=mixing, wanted={labels[place]: float(wanted[place]) for place in moved}))
        return tuple(pushes)

    def scope_pushes(self, heads: Heads) -> tuple[Push, ...]:
        """Rows for the scope head: with the intents as wanted, the mixed score should fall on the right side."""
        if "scope" not in self.texts.logits or heads.scope_mix[0] < _SCOPE_COUNTS:
            return ()
        own, best, constant = heads.scope_mix.tolist()
        threshold = float(np.log(heads.scope_threshold / (1 - heads.scope_threshold)))
        outside = not self.taught.intents
        # A message with context is out of scope where both readings are, and in scope where one is.
        texts = range(len(self.texts.bags)) if outside else range(len(self.texts.bags) - 1, len(self.texts.bags))
        pushes = []
        for text in texts:
            limit = threshold + (_SCOPE_MARGIN if outside else -_SCOPE_MARGIN)
            wanted = (limit - constant - best * self._best_intent(text, heads)) / own
            logit = float(self.texts.logits["scope"][text, 0])
            moved = max(logit, wanted) if outside else min(logit, wanted)
            mixing = tuple(float(place == text) for place in range(len(self.texts.bags)))
            pushes.append(Push(mixing=mixing, wanted={} if moved == logit else {"": float(sigmoid(np.array(moved)))}))
        return tuple(pushes)

    def _mixings(self) -> tuple[tuple[float, ...], ...]:
        """As the reader mixes; where it might mix otherwise once the message alone is less sure, that mixture too."""
        if len(self.texts.bags) == 1:
            return ((1.0,),)
        share = context_share(self.texts.logits["intent"][:1])
        mixings = ((1 - share, share), (1 - MOST_CONTEXT, MOST_CONTEXT))
        return tuple(dict.fromkeys(mixings))

    def _best_intent(self, text: int, heads: Heads) -> float:
        """The best intent's logit once this is learned."""
        if not self.taught.intents:
            return min(float(self.texts.logits["intent"][text].max()), float(np.log(_LOW / (1 - _LOW))))
        known = [heads.intents.index(name) for name in self.taught.intents if name in heads.intents]
        return max([float(np.log(_HIGH / (1 - _HIGH))), *self.texts.logits["intent"][text, known].tolist()])


def with_unheard(logits: Floats, labels: int) -> Floats:
    """Logits [texts, shipped labels] with columns for the shop's own, up to `labels`."""
    more = np.full((len(logits), labels - logits.shape[1]), UNHEARD, np.float32)
    return np.concatenate([logits, more], axis=1)
