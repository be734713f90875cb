"""Drafts replies with llama.cpp: the reply half of the engine process."""

import codecs
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import Draft
from models.errors import Stopped
from models.reply.chat import ChatTemplate
from models.reply.choice import Choice, choose, physical_cores
from models.reply.prompt import STOPS, Prompt, mark_token, render
from models.reply.runtime import ModelLoadError, Runtime, Sampling, Vocabulary, supports_gpu
from models.reply.types import DraftStats

logger = logging.getLogger(__name__)
_CONTEXT = 4096
# Longer prompts are cut: on two CPU cores 2,000 tokens already take some seconds to read.
_PROMPT_BUDGET = 2048
_LONGEST_REPLY = 1024
_TEMPLATE_ROOM = 512  # what a chat template and its instructions may add to a prompt
_ALL_LAYERS = 999
_WARM_UP = Draft(id="", language="en", thread=[], passages=[], max_tokens=1)


class Writer:
    """One loaded reply model. Not thread-safe: one worker owns it."""

    def __init__(
        self, runtime: Runtime, *, version: str, device: str, device_reason: str, template: str = "",
        marks: bool = False,
    ) -> None:  # fmt: skip
        self._runtime = runtime
        self.version = version
        self.device = device
        self.device_reason = device_reason
        self._marks = Marks.of(runtime.vocabulary) if marks else None
        self._chat = ChatTemplate(template, runtime.vocabulary) if template else None
        self._count = lru_cache(maxsize=4096)(lambda text: len(runtime.vocabulary.tokenize(text)))

    @classmethod
    def load(cls, models_dir: Path, *, gpu_layers: int | None = None) -> "Writer":
        """Load the active model of `models_dir` with its adapter.

        `gpu_layers` None puts all layers on a GPU where the build and the memory allow, 0 forces the CPU. Raises
        FileNotFoundError where no model is installed and ModelLoadError where it cannot be loaded.
        """
        writer = cls.open(choose(models_dir), gpu_layers=gpu_layers)
        writer.warm_up()
        return writer

    @classmethod
    def open(cls, choice: Choice, *, gpu_layers: int | None = None) -> "Writer":
        """Load a model and adapter that were chosen otherwise; see `load`."""
        threads = physical_cores()
        runtime, device, reason = _open(choice.model, choice.adapter, threads=threads, gpu_layers=gpu_layers)
        # A template belongs to the model alone; with an adapter the prompt is the one that it was trained on.
        template = "" if choice.adapter else runtime.chat_template()
        return cls(
            runtime, template=template, version=choice.version, device=device, device_reason=reason, marks=choice.marks
        )

    def prompt(self, request: Draft) -> Prompt:
        """The prompt that `draft` would use."""
        return render(request, count=self._count, budget=self._budget(request))

    def tokens(self, request: Draft, prompt: Prompt) -> list[int]:
        """The prompt's token ids for the loaded model."""
        if self._chat is not None:
            return self._chat.tokens(prompt, request.language)
        return self._runtime.vocabulary.tokenize(prompt.text, begin=True)

    def warm_up(self) -> None:
        """Read the part of the prompt that all tickets share, so that the first draft need not."""
        for _ in self.draft(_WARM_UP, should_stop=lambda: False):
            pass

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the reply in pieces of whole characters, then its `DraftStats`.

        Raises `Stopped` when `should_stop` becomes true; it is asked before every 128 tokens of prompt and every
        token of the reply. The KV cache stays, so a draft for the same ticket goes on where this one ended.
        """
        began = time.perf_counter()
        prompt = self.prompt(request)
        tokens = self.tokens(request, prompt)
        cached = self._runtime.prefill(tokens, should_stop=should_stop)
        if cached is None:
            raise Stopped
        answerable = self._mark(request)
        room = min(request.max_tokens, _LONGEST_REPLY)
        reply = Reply()
        first_ms = 0.0
        for count, raw in enumerate(self._generate(request, room, reply, should_stop)):
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
            prompt_hash=prompt.hash,
            prompt_tokens=len(tokens),
            prompt_cached=cached,
            completion_tokens=reply.tokens,
            first_token_ms=first_ms or _since(began),
            total_ms=_since(began),
            stopped_early=not reply.finished,
            answerable=answerable,
        )

    def close(self) -> None:
        """Free the model."""
        self._runtime.close()

    def _mark(self, request: Draft) -> float | None:
        """Let the model say whether the passages answer, and open the reply accordingly."""
        if self._marks is None:
            return None
        answerable = self._marks.answerable(self._runtime.logits())
        self._runtime.decode([self._marks.token(answerable >= request.hedge_below)])
        return answerable

    def _budget(self, request: Draft) -> int:
        return min(_PROMPT_BUDGET, self._runtime.size - min(request.max_tokens, _LONGEST_REPLY) - _TEMPLATE_ROOM)

    def _generate(self, request: Draft, room: int, reply: "Reply", should_stop: Callable[[], bool]) -> Iterator[bytes]:
        """The bytes of each token until the model ends, repeats itself, or has no room."""
        pick = self._runtime.sampler(Sampling(temperature=request.temperature, seed=request.seed))
        chosen: list[int] = []
        for _ in range(room):
            if should_stop():
                raise Stopped
            token = pick()
            if self._runtime.vocabulary.is_end(token):
                reply.finished = True
                return
            chosen.append(token)
            if repeats(chosen):
                return
            yield self._runtime.vocabulary.piece(token)
            # Decoded only now: nobody waits for the logits behind a token that ends the reply.
            if not reply.stopped:
                self._runtime.decode([token])


@dataclass(frozen=True, slots=True)
class Marks:
    """The tokens with which a reply begins: what it rests on answers the customer, or does not."""

    answered: int
    missing: int

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Marks":
        """The marks of a vocabulary; ValueError where they are not one token each."""
        return cls(mark_token(vocabulary, answered=True), mark_token(vocabulary, answered=False))

    def token(self, answered: bool) -> int:
        """The one or the other."""
        return self.answered if answered else self.missing

    def answerable(self, logits: NDArray[np.float32]) -> float:
        """The probability of the one against the other, from the logits of all tokens."""
        return float(1.0 / (1.0 + np.exp(float(logits[self.missing]) - float(logits[self.answered]))))


class Reply:
    """The reply as it grows: bytes to whole characters, held back where a stop mark may have begun."""

    def __init__(self) -> None:
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
        for stop in STOPS:
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


def _open(model: Path, adapter: Path | None, *, threads: int, gpu_layers: int | None) -> tuple[Runtime, str, str]:
    on_cpu = f"{threads} CPU threads, one a core"
    if gpu_layers == 0:
        reason = f"{on_cpu}; the GPU is turned off in the settings"
    elif not supports_gpu():
        reason = f"{on_cpu}; this build of llama.cpp has no GPU support"
    else:
        layers = _ALL_LAYERS if gpu_layers is None else gpu_layers
        try:
            runtime = Runtime(model, adapter=adapter, context=_CONTEXT, threads=threads, gpu_layers=layers)
        except ModelLoadError as error:
            logger.warning("the reply model did not load on the GPU: %s", error)
            reason = f"{on_cpu}; the GPU could not load the model"
        else:
            return runtime, "gpu", "llama.cpp was built with GPU support"
    runtime = Runtime(model, adapter=adapter, context=_CONTEXT, threads=threads, gpu_layers=0)
    return runtime, "cpu", reason


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
