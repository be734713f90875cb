"""Drafts replies with llama.cpp: the reply half of the engine process."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import Draft, Rewrite, Summarise
from models.errors import RefusedError
from models.reply.chat import NO_TEMPLATE, instructions, usable_template
from models.reply.choice import Choice, choose
from models.reply.evidence.finder import EvidenceFinder
from models.reply.evidence.leaving_open import answers_after_all, open_reply
from models.reply.evidence.parts import amended
from models.reply.evidence.shared import shared_finder
from models.reply.generation import GREEDY, AnyRuntime, Task, write
from models.reply.grammar import Grammar, close_summary, summary_grammar
from models.reply.limits import Limits, check_limit, limits_for
from models.reply.opening import open_runtime
from models.reply.placed import PlacedRuntime
from models.reply.prompt import Prompt, mark_token, render, render_rewrite, render_summary
from models.reply.runtime import Sampling, Vocabulary
from models.reply.types import DraftStats

logger = logging.getLogger(__name__)
# Longer prompts are cut: on two CPU cores 2,000 tokens already take some seconds to read.
_PROMPT_BUDGET = 2048
_LONGEST_REPLY = 1024
_TEMPLATE_ROOM = 512  # what a chat template and its instructions may add to a prompt
# Head and cue of a rewrite, and what a text may tokenise worse in its place.
_HEAD_ROOM = 112
_REMEMBERED = 2000  # characters
_SUREST_MARK, _SUREST_READ = 0.99, 0.95
_WARM_UP = Draft(id="", language="en", thread=[], passages=[], max_tokens=1)


class Writer:
    """One loaded reply model. Not thread-safe: one worker owns it."""

    def __init__(
        self, runtime: AnyRuntime, *, version: str, device: str = "", device_reason: str = "",
        template: str = "", marks: bool = False, limits: Limits | None = None, note: str = "",
        finder: EvidenceFinder | None = None,
    ) -> None:  # fmt: skip
        """`device` and its reason are the runtime's own where they are not given; `note` is told behind it.

        A model with a `finder` is shown what that one found in the notes, any other one the notes as they are.
        """
        self._runtime = runtime
        self.version = version
        self._device = device
        self._device_reason = device_reason
        self._limits = limits
        self._finder = finder
        self.marks = Marks.of(runtime.vocabulary) if marks else None
        self._chat, problem = usable_template(template, runtime.vocabulary) if template else (None, "")
        self.note = problem or note
        self._count = counter(runtime.vocabulary)

    @classmethod
    def load(cls, models_dir: Path, *, gpu_layers: int | None = None) -> "Writer":
        """Load the active model of `models_dir` with its adapter.

        `gpu_layers` None puts as many layers on a GPU as the build and the memory allow, 0 forces the CPU. Raises
        FileNotFoundError where no model is installed and ModelLoadError where it cannot be loaded.
        """
        writer = cls.open(choose(models_dir), gpu_layers=gpu_layers)
        writer.warm_up()
        return writer

    @classmethod
    def open(cls, choice: Choice, *, gpu_layers: int | None = None) -> "Writer":
        """Load a model and adapter that were chosen otherwise; see `load`."""
        return cls.over(open_runtime(choice, gpu_layers=gpu_layers), choice)

    @classmethod
    def over(cls, runtime: PlacedRuntime, choice: Choice) -> "Writer":
        """A writer over what was loaded for `choice`."""
        # A template belongs to the model; an adapter of ours was trained on our own prompt.
        own = choice.adapter is not None and not choice.chat
        template = "" if own else runtime.chat_template()
        finder, problem = _finder(choice.evidence)
        return cls(
            runtime,
            template=template,
            version=choice.version,
            marks=choice.marks,
            limits=limits_for(runtime.parameters),
            finder=finder,
            note=problem or ("" if own or template else NO_TEMPLATE),
        )

    @property
    def device(self) -> str:
        """ "cpu" or "gpu"."""
        return self._device or getattr(self._runtime, "device", "")

    @property
    def device_reason(self) -> str:
        """Why there, with how much context, and what else is to be known of the model."""
        told = self._device_reason
        if not told and isinstance(self._runtime, PlacedRuntime):
            told = self._runtime.placement.reason
        return f"{told}; {self.note}" if self.note else told

    @property
    def gpu_layers(self) -> int:
        """Layers on the graphics card."""
        return self._runtime.placement.gpu_layers if isinstance(self._runtime, PlacedRuntime) else 0

    @property
    def small(self) -> bool:
        """Whether the model has measured limits."""
        return self._limits is not None

    def prompt(self, request: Draft, *, should_stop: Callable[[], bool] = lambda: False) -> Prompt:
        """The prompt that `draft` would use; see there for `should_stop`."""
        budget = self._budget(request)
        if self._finder is None:
            return render(request, count=self._count, budget=budget)
        finding = self._finder.find(request, should_stop=should_stop)
        return render(finding.draft, count=self._count, budget=budget, keys=finding.keys)

    def tokens(self, request: Draft | Rewrite | Summarise, prompt: Prompt) -> list[int]:
        """The prompt's token ids for the loaded model."""
        if self._chat is not None:
            return self._chat.tokens(prompt, instructions(request))
        return self._runtime.vocabulary.tokenize(prompt.text, begin=True)

    def warm_up(self) -> None:
        """Read the part of the prompt that all tickets share, so that the first draft need not."""
        for _ in self.draft(_WARM_UP, should_stop=lambda: False):
            pass

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the reply in pieces of whole characters, then its `DraftStats`.

        Raises `Stopped` when `should_stop` becomes true; it is asked before every passage that the reader reads, every
        chunk of the prompt (a third of a second's) and every token of the reply. The KV cache stays, so a draft for the
        same ticket goes on where this one ended. With a reader the whole text at the end may be another one than was
        yielded: the source's own words, see quoting.py.
        """
        began = time.perf_counter()
        prompt = self.prompt(request, should_stop=should_stop)
        pick = self._runtime.sampler(Sampling(temperature=request.temperature, seed=request.seed))
        pieces = write(
            self._runtime,
            Task(
                tokens=self.tokens(request, prompt),
                prompt_hash=prompt.hash,
                room=min(request.max_tokens, _LONGEST_REPLY),
                pick=pick,
                guess=(self.marks.answered,) if self.marks else (),  # the likelier one
                begin=lambda: self._mark(request),
                began=began,
            ),
            should_stop=should_stop,
        )
        return map(partial(self._true_to_source, request), pieces)

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the text worded anew, like `draft`.

        Raises `TooSmallError` for a text that the model was measured not to manage, or cannot take in whole.
        """
        text_tokens = self._count(" ".join(request.text.split()))
        if self._limits is not None:
            limit = self._limits.of_rewrite(request.manner, request.language)
            check_limit(text_tokens, limit, what="rewrite")
        # Hardly any text grows by half when it is worded anew; a model that goes on is repeating itself.
        room = min(request.max_tokens, _LONGEST_REPLY, 3 * text_tokens // 2 + 64)
        check_limit(text_tokens, self._budget(request) - _HEAD_ROOM, what="rewrite")
        prompt = render_rewrite(request, count=self._count, budget=self._budget(request))
        task = Task(
            tokens=self.tokens(request, prompt), prompt_hash=prompt.hash, room=room, pick=self._runtime.sampler(GREEDY)
        )
        return write(self._runtime, task, should_stop=should_stop)

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the summary as one JSON object, like `draft`; cut by its room it is closed.

        Raises `TooSmallError` like `rewrite`, and `RefusedError` where there is no room for its first field.
        """
        if self._limits is not None:
            thread_tokens = sum(self._count(turn.text) for turn in request.thread)
            check_limit(thread_tokens, self._limits.of_summary(request.language), what="sum up")
        prompt = render_summary(request, count=self._count, budget=self._budget(request))
        grammar = Grammar(self._runtime.vocabulary, summary_grammar(request.language))
        task = Task(
            tokens=self.tokens(request, prompt),
            prompt_hash=prompt.hash,
            room=min(request.max_tokens, _LONGEST_REPLY),
            pick=lambda: grammar.pick(self._runtime.logits()),
        )
        return _closed(write(self._runtime, task, should_stop=should_stop))

    def close(self) -> None:
        """Free the model."""
        self._runtime.close()

    def _mark(self, request: Draft) -> float | None:
        """Let model and reader say whether the passages answer, and open the reply accordingly."""
        if self.marks is None:
            return None
        answerable = self.marks.answerable(self._runtime.logits(back=2))
        if self._finder is not None:
            finding = self._finder.find(request)
            answerable = pooled(answerable, finding.answerable)
            if not finding.fitting:  # a price is no answer to how long, however sure the model is
                answerable = min(answerable, finding.answerable)
        if answerable < request.hedge_below:
            self._runtime.retake(self.marks.missing)
        return answerable

    def _true_to_source(self, request: Draft, piece: str | DraftStats) -> str | DraftStats:
        """A whole draft, or what answers in its own words where the draft misread it.

        Where nothing answers, a draft that tells something all the same gives way to one that leaves it open.
        """
        if isinstance(piece, str):
            return piece
        hedges = piece.answerable is not None and piece.answerable < request.hedge_below
        if hedges and not request.hint.strip() and answers_after_all(piece.text, request):
            return replace(piece, text=open_reply(request))
        if self._finder is None:
            return piece
        mended = amended(piece.text, request, self._finder.find(request).parts, answerable=piece.answerable)
        return replace(piece, text=mended.text, quoted=mended.quoted) if mended is not None else piece

    def _budget(self, request: Draft | Rewrite | Summarise) -> int:
        return min(_PROMPT_BUDGET, self._runtime.size - min(request.max_tokens, _LONGEST_REPLY) - _TEMPLATE_ROOM)


@dataclass(frozen=True, slots=True)
class Marks:
    """The tokens with which a reply begins: what it rests on answers the customer, or does not."""

    answered: int
    missing: int

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Marks":
        """The marks of a vocabulary; ValueError where they are not one token each."""
        return cls(mark_token(vocabulary, answered=True), mark_token(vocabulary, answered=False))

    def answerable(self, logits: NDArray[np.float32]) -> float:
        """The probability of the one against the other, from the logits of all tokens."""
        return float(1.0 / (1.0 + np.exp(float(logits[self.missing]) - float(logits[self.answered]))))


def _finder(folder: Path | None) -> tuple[EvidenceFinder | None, str]:
    """The reader in `folder`; where it cannot be loaded the notes are shown whole, with a sentence about why."""
    try:
        return (shared_finder(folder) if folder else None), ""
    except FileNotFoundError as error:
        return None, str(error)
    except Exception as error:  # onnxruntime and safetensors have errors of their own for damaged files
        logger.exception("the reader of passages cannot be loaded")
        return None, f"The reader {folder} cannot be loaded ({type(error).__name__}). Run `agent-assist models build`."


def pooled(mark: float, read: float) -> float:
    """One probability out of the model's mark and what the reader gives its likeliest clause.

    The mean of both log odds, in which neither is surer than it has shown to be: the reader least, since thanks and
    greetings rest on no clause.
    """
    return float(1.0 / (1.0 + np.exp(-(_log_odds(mark, _SUREST_MARK) + _log_odds(read, _SUREST_READ)) / 2)))


def _log_odds(chance: float, most: float) -> float:
    bounded = min(max(chance, 1.0 - most), most)
    return float(np.log(bounded / (1.0 - bounded)))


def _closed(pieces: Iterator[str | DraftStats]) -> Iterator[str | DraftStats]:
    """A summary that its room cut short is made whole, or refused where nothing of it is there."""
    for piece in pieces:
        if isinstance(piece, DraftStats) and piece.stopped_early:
            rest = close_summary(piece.text)
            if rest is None:
                raise RefusedError("There was no room for a summary. Ask for one with a higher limit of tokens.")
            if rest:
                yield rest
            yield replace(piece, text=piece.text + rest)
        else:
            yield piece


def counter(vocabulary: Vocabulary) -> Callable[[str], int]:
    """Counts the tokens of a text; short ones are remembered, a customer's whole novel in a thousand cuts is not."""

    def count(text: str) -> int:
        return len(vocabulary.tokenize(text))

    remembered = lru_cache(maxsize=4096)(count)
    return lambda text: remembered(text) if len(text) <= _REMEMBERED else count(text)
