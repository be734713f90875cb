"""The common life of a model in a thread of its own: loaded, then answering its queue until told to leave."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from agent_assist.domain.events import EngineState
from agent_assist.engine.protocol import Failed, FailureCode, ModelStateChanged, ModelStatus, Reply
from models.engine.memory import resident_mb
from models.engine.scheduling import Job, JobQueue, ModelRequest
from models.errors import Stopped

log = logging.getLogger(__name__)

Send = Callable[[Reply], None]
# A batch gives way to a more urgent request after this many texts (about 100 ms of encoder work on 2 cores).
SLICE = 16

T = TypeVar("T")


class LoadedModel(Protocol):
    """What every loaded model can say about itself."""

    @property
    def version(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def device_reason(self) -> str: ...


M = TypeVar("M", bound=LoadedModel)
# Called with "auto", or with "cpu" after the accelerator ran out of memory.
Load = Callable[[str], M]


class Worker(ABC, Generic[M]):
    """Loading, ready or failed, answering, falling back to the CPU."""

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
        """The state as it is now."""
        return self._status if self._model is None else self._present(self._model)

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
            trunk=getattr(model, "trunk", ""),  # an encoder has one
            small=getattr(model, "small", False),  # a reply model may be
            device=model.device if model else "",
            detail=detail,
            problem=getattr(model, "problem", ""),  # a reply model may have one
            memory_mb=memory_mb,
        )
        self._send(ModelStateChanged(status=self._status))

    def _present(self, model: M) -> ModelStatus:
        """A model may have changed its place, or gone on with another one, since it was announced."""
        return msgspec.structs.replace(
            self._status,
            version=model.version,
            device=model.device,
            detail=model.device_reason,
            problem=getattr(model, "problem", ""),
            small=getattr(model, "small", False),
        )

    def _announce_change(self) -> None:
        if self._model is not None and self._status.state is EngineState.READY:
            now = self._present(self._model)
            if (now.device, now.detail) != (self._status.device, self._status.detail):
                self._status = now
                self._send(ModelStateChanged(status=now))

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
            self._announce_change()

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

    def _slices(self, items: Sequence[T], job: Job, *, size: int = SLICE) -> Iterator[Sequence[T]]:
        """The items in batches, between which a stop is heard and more urgent requests are answered."""
        for start in range(0, len(items), size):
            if job.should_stop():
                raise Stopped
            while (urgent := self.queue.get_more_urgent(job.request.priority)) is not None:
                self._serve(urgent)
            yield items[start : start + size]

    def _dropped(self, job: Job, code: FailureCode) -> None:
        self._fail(job.request, code, "Dropped before it began.")

    def _fail(self, request: ModelRequest, code: FailureCode, message: str) -> None:
        self._send(Failed(id=request.id, code=code, message=message))


def _out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
