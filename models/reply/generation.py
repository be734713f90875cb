"""How a text comes out of the model, whatever it is: prompt read, tokens picked, characters put together."""

import codecs
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models.errors import Stopped
from models.reply.placed import PlacedRuntime
from models.reply.prompt import STOPS
from models.reply.runtime import Runtime, Sampling
from models.reply.types import DraftStats

GREEDY = Sampling()
AnyRuntime = Runtime | PlacedRuntime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to write: the prompt's `tokens`, at most `room` tokens of text, each by `pick` from the present logits.

    `guess` is read with the prompt's end, so that it costs no pass of its own: what the text will likely begin with.
    `begin` is called then and may take the guess back; what it returns is told as `answerable`. `began`: when the work
    on it began (`time.perf_counter`), None for when it is written.
    """

    tokens: Sequence[int]
    prompt_hash: str
    room: int
    pick: Callable[[], int]
    guess: Sequence[int] = ()
    begin: Callable[[], float | None] = lambda: None
    began: float | None = None


def write(runtime: AnyRuntime, task: Task, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
    """Yield the text in pieces of whole characters, then its `DraftStats`.

    Raises `Stopped` when `should_stop` becomes true; it is asked before every chunk of the prompt (a third of a
    second's) and every token.
    """
    began = time.perf_counter() if task.began is None else task.began
    cached = runtime.prefill([*task.tokens, *task.guess], should_stop=should_stop, outputs=1 + len(task.guess))
    if cached is None:
        raise Stopped
    answerable = task.begin()
    reply = Reply()
    first_ms = 0.0
    for count, raw in enumerate(_generate(runtime, task, reply, should_stop)):
        if count == 0:
            first_ms = _since(began)
        if piece := reply.add(raw):
            yield piece
        if reply.stopped:
            break
    if piece := reply.flush():
        yield piece
    yield DraftStats(
        text=reply.text,
        prompt_hash=task.prompt_hash,
        prompt_tokens=len(task.tokens),
        prompt_cached=cached,
        completion_tokens=reply.tokens,
        first_token_ms=first_ms or _since(began),
        total_ms=_since(began),
        stopped_early=not reply.finished,
        answerable=answerable,
    )


def _generate(runtime: AnyRuntime, task: Task, reply: "Reply", should_stop: Callable[[], bool]) -> Iterator[bytes]:
    """The bytes of each token until the model ends, repeats itself, or has no room."""
    chosen: list[int] = []
    for _ in range(task.room):
        if should_stop():
            raise Stopped
        token = task.pick()
        if runtime.vocabulary.is_end(token):
            reply.finished = True
            return
        chosen.append(token)
        if repeats(chosen):
            return
        yield runtime.vocabulary.piece(token)
        # Decoded only now: nobody waits for the logits behind a token that ends the reply.
        if not reply.stopped:
            runtime.decode([token])


class Reply:
    """The reply as it grows: bytes to whole characters, held back where a stop mark may have begun."""

    def __init__(self, *, stops: Sequence[str] = STOPS) -> None:
        self._stops = stops
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._held = ""
        self.text = ""
        self.tokens = 0
        self.stopped = False
        self.finished = False

    def add(self, raw: bytes) -> str:
        """Take a token's bytes, return what may be shown now."""
        self.tokens += 1
        self._held += self._decoder.decode(raw)
        if not self.text:
            self._held = self._held.lstrip()
        for stop in self._stops:
            before, found, _ = self._held.partition(stop)
            if found:
                self.stopped = self.finished = True
                self._held = before
        shown = len(self._held) if self.stopped else len(self._held.rstrip())
        return self._show(shown)

    def flush(self) -> str:
        """What was held back and turned out to be text; white space at the end is dropped."""
        self._held = self._held.rstrip()
        return self._show(len(self._held))

    def _show(self, length: int) -> str:
        piece, self._held = self._held[:length], self._held[length:]
        self.text += piece
        return piece


def repeats(tokens: Sequence[int]) -> bool:
    """Whether the last tokens are one run of at most 24 tokens three times over, 12 tokens or more in all."""
    for period in range(1, 25):
        length = max(3 * period, 12)
        if len(tokens) < length:
            return False
        tail = tokens[-length:]
        if all(tail[i] == tail[i - period] for i in range(period, length)):
            return True
    return False


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
