"""A real engine server around models small enough to load at once: `python -m tests.helpers.tiny_engine`.

A text holding "die" ends the process, one holding "slow" takes until it is cancelled, one holding "boom" raises. What
was taught is read in equal messages; a lesson for the label "unteachable" is refused. With `--reranker` texts that hold
the query score 1, others 0; with `--reader` passages that hold what is asked answer, others do not.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import detect_language
from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.engine.protocol import (
    Draft,
    GroundingPassage,
    Lesson,
    Rewrite,
    SeenMessage,
    Summarise,
    TextKind,
    Turn,
)
from models.engine.server import Server
from models.errors import CannotLearnError, RefusedError, Stopped, TooSmallError
from models.reply.types import DraftStats
from models.understanding.types import Learnt

DIMENSION = 4


class TinyEncoder:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"
    dimension = DIMENSION

    def __init__(self) -> None:
        self._taught: dict[str, Lesson] = {}

    def understand(
        self, threads: Sequence[Sequence[Turn]], *, should_stop: Callable[[], bool]
    ) -> tuple[list[Understanding], NDArray[np.float32]]:
        texts = [thread[-1].text for thread in threads]
        return [self._understanding(text) for text in texts], self.embed(texts, TextKind.QUERY, should_stop=should_stop)

    def embed(self, texts: Sequence[str], kind: TextKind, *, should_stop: Callable[[], bool]) -> NDArray[np.float32]:
        for text in texts:
            _act_on(text, should_stop)
        return np.array([[len(text), text.count("a"), 0, 1] for text in texts], dtype=np.float32)

    def learn(self, lessons: Sequence[Lesson], forget: Sequence[str]) -> Learnt:
        if any("unteachable" in lesson.intents for lesson in lessons):
            raise CannotLearnError("The tiny heads do not know how.")
        for lesson in lessons:
            _act_on(lesson.thread[-1].text, lambda: False)
        self._taught |= {lesson.id: lesson for lesson in lessons}
        for name in forget:
            self._taught.pop(name, None)
        self.version = f"tiny+{len(self._taught)}" if self._taught else "tiny"
        features = tuple(b"" if lesson.features else b"tiny" for lesson in lessons)
        return Learnt(held=len(self._taught), trunk="tiny", features=features, doubtful=())

    def recheck(self, messages: Sequence[SeenMessage], since: str) -> list[bool]:
        return [since != self.version for _ in messages]

    def _understanding(self, text: str) -> Understanding:
        taught = [lesson.intents for lesson in self._taught.values() if lesson.thread[-1].text == text]
        return Understanding(
            language=detect_language(text),
            intents=tuple(ScoredLabel(label=label, score=0.9) for label in (taught or [["chat.greeting"]])[-1]),
            in_scope=not taught or bool(taught[-1]),
            entities=(),
            sentiment=ScoredLabel(label="neutral", score=0.9),
            urgency=ScoredLabel(label="normal", score=0.9),
            model_version=self.version,
        )


class TinyReply:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"

    small = False

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        return _say(request.passages[0].text if request.passages else "nothing", should_stop)

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        if "long" in request.text:
            raise TooSmallError("The text is too long.", tokens=9, limit=3)
        return _say(request.text, should_stop)

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        if request.max_tokens < 8:
            raise RefusedError("There was no room for a summary.")
        fields = {"problem": request.thread[-1].text, "done": "", "open": "", "next": ""}
        return _say(json.dumps(fields, ensure_ascii=False), should_stop)


def _say(answer: str, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
    for place, word in enumerate(answer.split(" ")):
        _act_on(word, should_stop)
        yield (" " if place else "") + word
    yield DraftStats(
        text=answer,
        prompt_hash="0",
        prompt_tokens=1,
        prompt_cached=0,
        completion_tokens=answer.count(" ") + 1,
        first_token_ms=0.1,
        total_ms=0.2,
    )


class TinyReranker:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        return [float(query in text) for text in texts]


class TinyReader:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"

    def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, should_stop: Callable[[], bool]
    ) -> list[float]:
        _act_on(thread[-1].text, should_stop)
        return [float(thread[-1].text in passage.text) for passage in passages]


def _act_on(text: str, should_stop: Callable[[], bool]) -> None:
    if "die" in text:
        os._exit(3)
    if "boom" in text:
        raise ValueError("boom")
    while "slow" in text:
        if should_stop():
            raise Stopped
        time.sleep(0.001)


if __name__ == "__main__":
    Server(
        sys.stdin.buffer,
        sys.stdout.buffer,
        encoder=lambda device: TinyEncoder(),
        reply=lambda device: TinyReply(),
        reranker=(lambda device: TinyReranker()) if "--reranker" in sys.argv else None,
        reader=(lambda device: TinyReader()) if "--reader" in sys.argv else None,
    ).serve()
    os._exit(0)
