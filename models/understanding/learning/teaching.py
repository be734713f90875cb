"""From the corrections that the program sends to what heads learn, and a version that names what was learned."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agent_assist.engine.protocol import Lesson
from models.errors import CannotLearnError
from models.understanding.heads import Heads
from models.understanding.learning.learner import Learner
from models.understanding.learning.lesson import Taught
from models.understanding.learning.replay import load
from models.understanding.lexical import bag, weigh
from models.understanding.threads import newest_customer_text, with_context
from models.understanding.types import Learnt

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
# Features travel and are stored in half precision: the vectors are of unit length, the middle layer's means are small.
_STORED = np.dtype("<f2")


class Teacher:
    """Teaches heads what agents corrected. `encode` gives sentence features [texts, width]."""

    def __init__(self, heads: Heads, folder: Path, *, trunk: str, encode: Encode) -> None:
        """`folder` holds the heads' replay memory, `trunk` names the encoder whose features may be used again.

        Raises `CannotLearnError` where there is no replay memory or no intent head.
        """
        # SciPy comes with a BLAS of its own, which the reader's limit did not know yet. On a busy machine its threads
        # waiting for each other made a lesson twenty times slower (measured).
        threadpool_limits(limits=1, user_api="blas")
        try:
            replay = load(folder)
        except (FileNotFoundError, ValueError) as error:
            raise CannotLearnError(str(error)) from error
        self._learner = Learner(heads, replay)
        self._rarity = heads.rarity
        self._width = replay.features.shape[1]
        self._trunk = trunk
        self._encode = encode

    @property
    def heads(self) -> Heads:
        """The heads with all that was learned."""
        return self._learner.heads

    @property
    def suffix(self) -> str:
        """Goes behind the version of the models; the same corrections give the same one, none give none."""
        return _suffix(self._learner.taught)

    def teach(self, lessons: Sequence[Lesson], forget: Sequence[str]) -> Learnt:
        """Learn and forget; for lessons that came with features of this trunk, none are told."""
        texts = [_texts(lesson) for lesson in lessons]
        known = [self._known(lesson, len(own)) for lesson, own in zip(lessons, texts, strict=True)]
        fresh = [index for index, features in enumerate(known) if features is None]
        told = [b""] * len(lessons)
        if fresh:
            encoded = self._encode([text for index in fresh for text in texts[index]]).astype(_STORED)
            ends = np.cumsum([len(texts[index]) for index in fresh]).tolist()
            for index, end in zip(fresh, ends, strict=True):
                rows = encoded[end - len(texts[index]) : end]
                known[index], told[index] = rows.astype(np.float32), rows.tobytes()
        taught = [
            Taught(lesson.id, tuple(lesson.intents), features, tuple(weigh(bag(text), self._rarity) for text in own))
            for lesson, own, features in zip(lessons, texts, known, strict=True)
            if features is not None
        ]
        self._learner.learn(taught, forget)
        doubtful = self._learner.doubtful
        return Learnt(held=len(self._learner), trunk=self._trunk, features=tuple(told), doubtful=doubtful)

    def _known(self, lesson: Lesson, texts: int) -> Floats | None:
        if lesson.trunk != self._trunk or len(lesson.features) != texts * self._width * _STORED.itemsize:
            return None
        return np.frombuffer(lesson.features, _STORED).reshape(texts, self._width).astype(np.float32)


def _texts(lesson: Lesson) -> list[str]:
    """The message, and the message behind the turn before it where the reader would read that too."""
    joint = with_context(lesson.thread)
    return [newest_customer_text(lesson.thread)[0], *([] if joint is None else [joint])]


def _suffix(taught: Mapping[str, tuple[str, ...]]) -> str:
    if not taught:
        return ""
    digest = hashlib.sha256(repr(sorted(taught.items())).encode()).hexdigest()
    return f"+learned-{len(taught)}-{digest[:8]}"
