"""The two workers of the engine: what they answer, and to whom they give way."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.understanding import Understanding
from agent_assist.engine.protocol import (
    Draft,
    DraftDone,
    DraftToken,
    Embed,
    Embedded,
    Failed,
    FailureCode,
    Learn,
    Learned,
    Lesson,
    Priority,
    Recheck,
    Rechecked,
    Rewrite,
    SeenMessage,
    Summarise,
    TextKind,
    Turn,
    Understand,
    Understood,
)
from models.engine.scheduling import Job
from models.engine.worker import SLICE, Load, LoadedModel, Send, Worker
from models.errors import CannotLearnError, RefusedError, Stopped, TooSmallError
from models.reply.types import DraftStats
from models.understanding.types import Learnt

log = logging.getLogger(__name__)


class EncoderModel(LoadedModel, Protocol):
    """The understanding half; `models.understanding.reader.Reader` is the real one."""

    dimension: int

    def understand(
        self, threads: Sequence[Sequence[Turn]], *, should_stop: Callable[[], bool]
    ) -> tuple[list[Understanding], NDArray[np.float32]]: ...

    def embed(
        self, texts: Sequence[str], kind: TextKind, *, should_stop: Callable[[], bool]
    ) -> NDArray[np.float32]: ...

    def learn(self, lessons: Sequence[Lesson], forget: Sequence[str]) -> Learnt: ...

    def recheck(self, messages: Sequence[SeenMessage], since: str) -> list[bool]: ...


class ReplyModel(LoadedModel, Protocol):
    """The writing half; `models.reply.writer.Writer` is the real one."""

    @property
    def small(self) -> bool: ...

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]: ...

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]: ...

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]: ...


class EncoderWorker(Worker[EncoderModel]):
    """Understanding and embedding, in slices, so that the open ticket never waits for a batch; and learning."""

    def __init__(self, name: str, load: Load[EncoderModel], send: Send) -> None:
        super().__init__(name, load, send)
        self._lessons: dict[str, Lesson] = {}

    def _answer(self, model: EncoderModel, job: Job) -> bool:
        request = job.request
        if isinstance(request, Understand):
            self._understand(model, job, request)
        elif isinstance(request, Embed):
            self._embed(model, job, request)
        elif isinstance(request, Learn):
            self._learn(model, request)
        elif isinstance(request, Recheck):
            self._recheck(model, job, request)
        else:
            self._fail(request, FailureCode.REFUSED, "The encoder does not write drafts.")
        return True

    def _understand(self, model: EncoderModel, job: Job, request: Understand) -> None:
        results: list[Understanding] = []
        rows: list[NDArray[np.float32]] = []
        for part in self._slices(request.threads, job):
            understandings, vectors = model.understand(part, should_stop=job.should_stop)
            results.extend(understandings)
            rows.append(vectors)
        self._send(
            Understood(id=request.id, results=results, vectors=_pack(rows), dimension=model.dimension),
        )

    def _embed(self, model: EncoderModel, job: Job, request: Embed) -> None:
        rows = [
            model.embed(part, request.kind, should_stop=job.should_stop) for part in self._slices(request.texts, job)
        ]
        self._send(Embedded(id=request.id, vectors=_pack(rows), dimension=model.dimension, model_version=model.version))

    def _learn(self, model: EncoderModel, request: Learn) -> None:
        began = time.perf_counter()
        try:
            learnt = model.learn(request.lessons, request.forget)
        except CannotLearnError as error:
            self._fail(request, FailureCode.REFUSED, str(error))
            return
        self._lessons |= {lesson.id: lesson for lesson in request.lessons}
        for name in request.forget:
            self._lessons.pop(name, None)
        self._status = msgspec.structs.replace(self._status, version=model.version)
        seconds = time.perf_counter() - began
        log.info("learned %d, forgot %d in %.2f s", len(request.lessons), len(request.forget), seconds)
        self._send(
            Learned(
                id=request.id,
                held=learnt.held,
                model_version=model.version,
                seconds=seconds,
                trunk=learnt.trunk,
                features=list(learnt.features),
                doubtful=list(learnt.doubtful),
            )
        )

    def _recheck(self, model: EncoderModel, job: Job, request: Recheck) -> None:
        changed: list[bool] = []
        for part in self._slices(request.messages, job, size=10 * SLICE):
            changed += model.recheck(part, request.since)
        self._send(Rechecked(id=request.id, changed=changed))

    def _load_on(self, device: str) -> None:
        super()._load_on(device)
        if self._model is not None and self._lessons:  # a model that was loaded anew knows nothing of them
            self._model.learn(list(self._lessons.values()), ())


class ReplyWorker(Worker[ReplyModel]):
    """Drafts, rewrites, summaries. One that is written ahead of time gives way to the open ticket and is begun again
    afterwards."""

    def _answer(self, model: ReplyModel, job: Job) -> bool:
        request = job.request
        if not isinstance(request, Draft | Rewrite | Summarise):
            self._fail(request, FailureCode.REFUSED, "The reply model only writes.")
            return True
        ahead = request.priority > Priority.OPEN_TICKET

        def should_stop() -> bool:
            return job.should_stop() or (ahead and self.queue.has_more_urgent(request.priority))

        try:
            for piece in _written(model, request, should_stop):
                if isinstance(piece, DraftStats):
                    self._send(_done(request, piece, model.version))
                elif not ahead:  # nobody watches a draft written ahead, and it may have to start anew
                    self._send(DraftToken(id=request.id, text=piece))
        except Stopped:
            if job.should_stop():
                raise
            self.queue.put_back(job)
            return False
        except TooSmallError as error:
            code = FailureCode.TOO_SMALL
            self._send(Failed(id=request.id, code=code, message=str(error), tokens=error.tokens, limit=error.limit))
        except RefusedError as error:
            self._fail(request, FailureCode.REFUSED, str(error))
        return True


def _written(
    model: ReplyModel, request: Draft | Rewrite | Summarise, should_stop: Callable[[], bool]
) -> Iterator[str | DraftStats]:
    match request:
        case Draft():
            return model.draft(request, should_stop=should_stop)
        case Rewrite():
            return model.rewrite(request, should_stop=should_stop)
        case Summarise():
            return model.summarise(request, should_stop=should_stop)


def _done(request: Draft | Rewrite | Summarise, stats: DraftStats, version: str) -> DraftDone:
    return DraftDone(
        id=request.id,
        text=stats.text,
        model_version=version,
        prompt_hash=stats.prompt_hash,
        prompt_tokens=stats.prompt_tokens,
        prompt_cached=stats.prompt_cached,
        completion_tokens=stats.completion_tokens,
        first_token_ms=stats.first_token_ms,
        total_ms=stats.total_ms,
        stopped_early=stats.stopped_early,
        answerable=stats.answerable,
        quoted=stats.quoted,
    )


def _pack(rows: Sequence[NDArray[np.float32]]) -> bytes:
    if not rows:
        return b""
    return np.ascontiguousarray(np.concatenate(rows), dtype="<f4").tobytes()
