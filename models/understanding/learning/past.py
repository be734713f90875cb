"""The heads as they were, to say which messages they read otherwise than the heads of today, without the encoder."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import SeenMessage
from models.understanding.heads import Heads, SentenceScores
from models.understanding.threads import newest_customer_text, with_context

Floats = NDArray[np.float32]
# So many versions are kept; one that is not is taken to be the first.
_KEPT = 4
# How far the logit of being out of scope may move before the message is taken to be another case.
_SCOPE_MOVES = 0.25


class Past:
    """Heads by version."""

    def __init__(self, shipped: Heads) -> None:
        self._shipped = shipped
        self._heads: dict[str, Heads] = {}

    def keep(self, version: str, heads: Heads) -> None:
        """Remember the heads of a version, and forget the oldest."""
        self._heads.pop(version, None)
        self._heads[version] = heads
        while len(self._heads) > _KEPT:
            self._heads.pop(next(iter(self._heads)))

    def changed(self, messages: Sequence[SeenMessage], since: str, today: Heads) -> list[bool]:
        """Whether each message may read otherwise; one that is read with its context always may.

        A search vector is only the first half of what the scope head sees, so what it learned through the other half
        is not noticed.
        """
        before = self._heads.get(since, self._shipped)
        if before is today or not messages:
            return [False] * len(messages)
        texts = [newest_customer_text(one.thread)[0] for one in messages]
        features = _features([one.vector for one in messages], _width(today))
        old, new = before.score(features, texts), today.score(features, texts)
        return [
            with_context(one.thread) is not None or _differs(before, old.row(row), today, new.row(row))
            for row, one in enumerate(messages)
        ]


def _differs(before: Heads, old: SentenceScores, today: Heads, new: SentenceScores) -> bool:
    if abs(float(old.scope[0]) - float(new.scope[0])) > _SCOPE_MOVES:
        return True
    labels = [{one.label for one in heads.read(scores).intents} for heads, scores in ((before, old), (today, new))]
    return labels[0] != labels[1]


def _width(heads: Heads) -> int:
    return max((len(head.dense) for head in heads.sentence.values()), default=0)


def _features(vectors: Sequence[bytes], width: int) -> Floats:
    """Search vectors where the sentence features begin, zeros behind them."""
    features = np.zeros((len(vectors), width), np.float32)
    for row, vector in enumerate(vectors):
        values = np.frombuffer(vector, "<f4")[:width]
        features[row, : values.size] = values
    return features
