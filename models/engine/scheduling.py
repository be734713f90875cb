"""Which request a worker takes next: urgent before patient, newest version of a ticket only, cancelled never."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agent_assist.engine.protocol import (
    Draft,
    Embed,
    FailureCode,
    Judge,
    Learn,
    Priority,
    Recheck,
    Rerank,
    Rewrite,
    Summarise,
    Understand,
)

ModelRequest = Understand | Embed | Learn | Recheck | Rerank | Judge | Draft | Rewrite | Summarise


@dataclass(slots=True, eq=False)
class Job:
    """A request on its way. `stop` holds the reason once somebody wants it stopped."""

    request: ModelRequest
    expires_at: float | None = None
    stop: FailureCode | None = None

    def should_stop(self) -> bool:
        """Polled by the model between batches, prompt chunks and tokens."""
        return self.stop is not None


@dataclass(slots=True)
class _State:
    heap: list[tuple[int, int, Job]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)  # waiting and running, by request id
    closed: bool = False


class JobQueue:
    """A thread-safe priority queue with cancel, supersede and deadlines.

    `on_drop(job, code)` is called, outside the lock, for each job that will never run.
    """

    def __init__(
        self, on_drop: Callable[[Job, FailureCode], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_drop = on_drop
        self._clock = clock
        self._condition = threading.Condition()
        self._sequence = itertools.count()
        self._state = _State()

    def put(self, request: ModelRequest) -> None:
        """Queue a request and drop the older ones that it makes useless."""
        expires_at = self._clock() + request.deadline_s if request.deadline_s > 0 else None
        job = Job(request, expires_at)
        with self._condition:
            older = [other for other in self._state.jobs.values() if _supersedes(request, other.request)]
            for other in older:
                other.stop = other.stop or FailureCode.SUPERSEDED
            self._state.jobs[request.id] = job
            self._push(job)
            self._condition.notify()

    def put_back(self, job: Job) -> None:
        """Queue a job again which gave way to a more urgent one."""
        with self._condition:
            self._push(job)
            self._condition.notify()

    def get(self) -> Job | None:
        """The most urgent job; waits for one; None once closed."""
        while True:
            with self._condition:
                while not self._state.heap and not self._state.closed:
                    self._condition.wait()
                if self._state.closed:
                    return None
                job = heapq.heappop(self._state.heap)[2]
            if self._may_run(job):
                return job

    def get_more_urgent(self, than: Priority) -> Job | None:
        """A waiting job more urgent than `than`, None when there is none."""
        while True:
            with self._condition:
                if not self._state.heap or self._state.heap[0][0] >= than:
                    return None
                job = heapq.heappop(self._state.heap)[2]
            if self._may_run(job):
                return job

    def has_more_urgent(self, than: Priority) -> bool:
        """Whether `get_more_urgent` might find one; cheap enough to ask at every token."""
        heap = self._state.heap
        return bool(heap) and heap[0][0] < than

    def cancel(self, request_id: str) -> None:
        """Stop a job, waiting or running; unknown ids (already answered) are ignored."""
        with self._condition:
            job = self._state.jobs.get(request_id)
            if job is not None and job.stop is None:
                job.stop = FailureCode.CANCELLED

    def done(self, job: Job) -> None:
        """Forget an answered job."""
        with self._condition:
            self._state.jobs.pop(job.request.id, None)

    def close(self) -> None:
        """Let every `get` return None and stop what runs."""
        with self._condition:
            self._state.closed = True
            for job in self._state.jobs.values():
                job.stop = job.stop or FailureCode.CANCELLED
            self._condition.notify_all()

    def _push(self, job: Job) -> None:
        heapq.heappush(self._state.heap, (int(job.request.priority), next(self._sequence), job))

    def _may_run(self, job: Job) -> bool:
        if job.stop is None and job.expires_at is not None and self._clock() > job.expires_at:
            job.stop = FailureCode.EXPIRED
        if job.stop is None:
            return True
        self.done(job)
        self._on_drop(job, job.stop)
        return False


def _supersedes(new: ModelRequest, old: ModelRequest) -> bool:
    return (
        bool(new.ticket_id)
        and type(new) is type(old)
        and new.ticket_id == old.ticket_id
        and new.ticket_version > old.ticket_version
    )
