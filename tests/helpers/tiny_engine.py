"""A real engine server around models small enough to load at once: `python -m tests.helpers.tiny_engine`.

A text holding "die" ends the process, one holding "slow" takes until it is cancelled, one holding "boom" raises.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import detect_language
from agent_assist.domain.understanding import ScoredLabel, Understanding
from agent_assist.engine.protocol import Draft, TextKind, Turn
from models.engine.server import Server
from models.errors import Stopped
from models.reply.types import DraftStats

DIMENSION = 4


class TinyEncoder:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"
    dimension = DIMENSION

    def understand(
        self, threads: Sequence[Sequence[Turn]], *, should_stop: Callable[[], bool]
    ) -> tuple[list[Understanding], NDArray[np.float32]]:
        texts = [thread[-1].text for thread in threads]
        return [_understanding(text) for text in texts], self.embed(texts, TextKind.QUERY, should_stop=should_stop)

    def embed(self, texts: Sequence[str], kind: TextKind, *, should_stop: Callable[[], bool]) -> NDArray[np.float32]:
        for text in texts:
            _act_on(text, should_stop)
        return np.array([[len(text), text.count("a"), 0, 1] for text in texts], dtype=np.float32)


class TinyReply:
    version = "tiny"
    device = "cpu"
    device_reason = "tiny models need no accelerator"

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        answer = request.passages[0].text if request.passages else "nothing"
        for piece in answer.split(" "):
            _act_on(piece, should_stop)
            yield piece + " "
        yield DraftStats(
            text=answer,
            prompt_hash="0",
            prompt_tokens=1,
            prompt_cached=0,
            completion_tokens=answer.count(" ") + 1,
            first_token_ms=0.1,
            total_ms=0.2,
        )


def _act_on(text: str, should_stop: Callable[[], bool]) -> None:
    if "die" in text:
        os._exit(3)
    if "boom" in text:
        raise ValueError("boom")
    while "slow" in text:
        if should_stop():
            raise Stopped
        time.sleep(0.001)


def _understanding(text: str) -> Understanding:
    return Understanding(
        language=detect_language(text),
        intents=(ScoredLabel(label="chat.greeting", score=0.9),),
        in_scope=True,
        entities=(),
        sentiment=ScoredLabel(label="neutral", score=0.9),
        urgency=ScoredLabel(label="normal", score=0.9),
        model_version="tiny",
    )


if __name__ == "__main__":
    Server(
        sys.stdin.buffer, sys.stdout.buffer, encoder=lambda device: TinyEncoder(), reply=lambda device: TinyReply()
    ).serve()
    os._exit(0)
