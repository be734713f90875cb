"""One worker thread a model: loads it, then answers its queue until told to leave."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.events import EngineState
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.protocol import (
    Draft,
    DraftDone,
    DraftToken,
    Embed,
    Embedded,
    Failed,
    FailureCode,
    ModelStateChanged,
    ModelStatus,
    Priority,
    Reply,
    TextKind,
    Turn,
    Understand,
    Understood,
)
from models.engine.memory import resident_mb
from models.engine.scheduling import Job, JobQueue, ModelRequest
from models.errors import Stopped
from models.reply.types import DraftStats

log = logging.getLogger(__name__)

Send = Callable[[Reply], None]

# A batch gives way to a more urgent request after this many texts (about 100 ms of encoder work on 2 cores).
SLICE = 16


class LoadedModel(Protocol):
    """What every loaded model can say about itself."""

    version: str
    device: str
    device_reason: str


class EncoderModel(LoadedModel, Protocol):
    """The understanding half; `models.understanding.reader.Reader` is the real one."""

    dimension: int

    def understand(
        self, threads: Sequence[Sequence[Turn]], *, should_stop: Callable[[], bool]
    ) -> tuple[list[Understanding], NDArray[np.float32]]: ...

    def embed(
        self, texts: Sequence[str], kind: TextKind, *, should_stop: Callable[[], bool]
    ) -> NDArray[np.float32]: ...


class ReplyModel(LoadedModel, Protocol):
    """The writing half; `models.reply.writer.Writer` is the real one."""

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]: ...


T = TypeVar("T")
M = TypeVar("M", bound=LoadedModel)
# Called with "auto", or with "cpu" after the accelerator ran out of memory.
Load = Callable[[str], M]


class Worker(ABC, Generic[M]):
    """The common life of a model: loading, ready or failed, answering, falling back to the CPU."""

    def __init__(self, name: str, load: Load[M], send: Send) -> None:
        self.name = name
        self.queue = JobQueue(self._dropped)
        self._load = load
        self._send = send
        self._model: M | None = None
        self._status = ModelStatus(name=name, state=EngineState.STARTING)
        self._thread = threading.Thread(target=self._run, name=f"{name}-worker", daemon=True)

    def start(self) -> None:
        """Begin to load."""
        self._thread.start()

    def close(self) -> None:
        """Stop the running job and end the thread."""
        self.queue.close()

    @property
    def status(self) -> ModelStatus:
        """The state last announced."""
        return self._status

    @abstractmethod
    def _answer(self, model: M, job: Job) -> bool:
        """Answer one job; False when it gave way and was put back."""

    def _run(self) -> None:
        self._load_on("auto")
        while (job := self.queue.get()) is not None:
            self._serve(job)

    def _load_on(self, device: str) -> None:
        self._announce(EngineState.LOADING)
        began = time.perf_counter()
        before = resident_mb()
        try:
            self._model = self._load(device)
        except FileNotFoundError as error:
            self._announce(EngineState.FAILED, detail=str(error))
        except Exception as error:
            log.exception("the %s model failed to load", self.name)
            self._announce(EngineState.FAILED, detail=f"The {self.name} model failed to load: {error}")
        else:
            log.info("%s model loaded in %.1f s", self.name, time.perf_counter() - began)
            self._announce(
                EngineState.READY, detail=self._model.device_reason, memory_mb=max(0.0, resident_mb() - before)
            )

    def _announce(self, state: EngineState, *, detail: str = "", memory_mb: float = 0.0) -> None:
        model = self._model
        self._status = ModelStatus(
            name=self.name,
            state=state,
            version=model.version if model else "",
            device=model.device if model else "",
            detail=detail,
            memory_mb=memory_mb,
        )
        self._send(ModelStateChanged(status=self._status))

    def _serve(self, job: Job) -> None:
        finished = True
        try:
            finished = self._attempt(job)
        except Stopped:
            self._fail(job.request, job.stop or FailureCode.CANCELLED, "Stopped on request.")
        except Exception as error:
            log.exception("%s request failed", self.name)
            self._fail(job.request, FailureCode.INTERNAL, f"The {self.name} model failed: {type(error).__name__}.")
        finally:
            if finished:
                self.queue.done(job)

    def _attempt(self, job: Job) -> bool:
        if self._model is None:
            self._fail(job.request, FailureCode.UNAVAILABLE, self._status.detail)
            return True
        try:
            return self._answer(self._model, job)
        except Exception as error:
            if not _out_of_memory(error) or self._model.device == "cpu":
                raise
            log.warning("%s ran out of memory on %s; going on with the CPU", self.name, self._model.device)
            self._model = None
            self._load_on("cpu")
            return self._attempt(job)

    def _dropped(self, job: Job, code: FailureCode) -> None:
        self._fail(job.request, code, "Dropped before it began.")

    def _fail(self, request: ModelRequest, code: FailureCode, message: str) -> None:
        self._send(Failed(id=request.id, code=code, message=message))


class EncoderWorker(Worker[EncoderModel]):
    """Understanding and embedding, in slices, so that the open ticket never waits for a batch."""

    def _answer(self, model: EncoderModel, job: Job) -> bool:
        request = job.request
        if isinstance(request, Understand):
            self._understand(model, job, request)
        elif isinstance(request, Embed):
            self._embed(model, job, request)
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

    def _slices(self, items: Sequence[T], job: Job) -> Iterator[Sequence[T]]:
        for start in range(0, len(items), SLICE):
            if job.should_stop():
                raise Stopped
            while (urgent := self.queue.get_more_urgent(job.request.priority)) is not None:
                self._serve(urgent)
            yield items[start : start + SLICE]


class ReplyWorker(Worker[ReplyModel]):
    """Drafts. One that is written ahead of time gives way to the open ticket and is begun again afterwards."""

    def _answer(self, model: ReplyModel, job: Job) -> bool:
        request = job.request
        if not isinstance(request, Draft):
            self._fail(request, FailureCode.REFUSED, "The reply model only writes drafts.")
            return True
        ahead = request.priority > Priority.OPEN_TICKET

        def should_stop() -> bool:
            return job.should_stop() or (ahead and self.queue.has_more_urgent(request.priority))

        try:
            for piece in model.draft(request, should_stop=should_stop):
                if isinstance(piece, DraftStats):
                    self._send(_done(request, piece, model.version))
                elif not ahead:  # nobody watches a draft written ahead, and it may have to start anew
                    self._send(DraftToken(id=request.id, text=piece))
        except Stopped:
            if job.should_stop():
                raise
            self.queue.put_back(job)
            return False
        return True


def _done(request: Draft, stats: DraftStats, version: str) -> DraftDone:
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
    )


def _pack(rows: Sequence[NDArray[np.float32]]) -> bytes:
    if not rows:
        return b""
    return np.ascontiguousarray(np.concatenate(rows), dtype="<f4").tobytes()


def _out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
