"""The queue's order, and what never runs."""

import threading

from agent_assist.engine.protocol import Embed, FailureCode, Priority, TextKind
from models.engine.scheduling import Job, JobQueue


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def embed(
    request_id: str, priority: Priority = Priority.BATCH, *, ticket: str = "", version: int = 0, deadline_s: float = 0
) -> Embed:
    return Embed(
        id=request_id,
        priority=priority,
        ticket_id=ticket,
        ticket_version=version,
        deadline_s=deadline_s,
        texts=["x"],
        kind=TextKind.QUERY,
    )


def queue_with_drops() -> tuple[JobQueue, list[tuple[str, FailureCode]], Clock]:
    drops: list[tuple[str, FailureCode]] = []
    clock = Clock()
    return JobQueue(lambda job, code: drops.append((job.request.id, code)), clock=clock), drops, clock


def taken(queue: JobQueue) -> str:
    job = queue.get()
    assert isinstance(job, Job)
    return job.request.id


def test_open_ticket_before_prefetch_before_batch_and_first_come_within() -> None:
    queue, _, _ = queue_with_drops()
    for request in (
        embed("batch"),
        embed("ahead", Priority.PREFETCH),
        embed("open-1", Priority.OPEN_TICKET),
        embed("open-2", Priority.OPEN_TICKET),
    ):
        queue.put(request)
    assert [taken(queue) for _ in range(4)] == ["open-1", "open-2", "ahead", "batch"]


def test_cancelled_while_waiting_never_runs() -> None:
    queue, drops, _ = queue_with_drops()
    queue.put(embed("a"))
    queue.put(embed("b"))
    queue.cancel("a")
    assert taken(queue) == "b"
    assert drops == [("a", FailureCode.CANCELLED)]


def test_cancelled_while_running_is_told_to_stop() -> None:
    queue, _, _ = queue_with_drops()
    queue.put(embed("a"))
    job = queue.get()
    assert job is not None
    assert not job.should_stop()
    queue.cancel("a")
    assert job.should_stop()


def test_newer_version_of_a_ticket_drops_the_older() -> None:
    queue, drops, _ = queue_with_drops()
    queue.put(embed("old", ticket="t", version=1))
    queue.put(embed("other", ticket="u", version=1))
    queue.put(embed("new", ticket="t", version=2))
    assert [taken(queue), taken(queue)] == ["other", "new"]
    assert drops == [("old", FailureCode.SUPERSEDED)]


def test_expired_deadline_is_not_begun() -> None:
    queue, drops, clock = queue_with_drops()
    queue.put(embed("late", deadline_s=1))
    queue.put(embed("fine", deadline_s=10))
    clock.now = 5
    assert taken(queue) == "fine"
    assert drops == [("late", FailureCode.EXPIRED)]


def test_more_urgent_only() -> None:
    queue, _, _ = queue_with_drops()
    queue.put(embed("batch"))
    assert not queue.has_more_urgent(Priority.BATCH)
    assert queue.get_more_urgent(Priority.BATCH) is None
    queue.put(embed("open", Priority.OPEN_TICKET))
    assert queue.has_more_urgent(Priority.BATCH)
    urgent = queue.get_more_urgent(Priority.BATCH)
    assert urgent is not None
    assert urgent.request.id == "open"


def test_close_wakes_the_worker() -> None:
    queue, _, _ = queue_with_drops()
    results: list[Job | None] = []
    worker = threading.Thread(target=lambda: results.append(queue.get()))
    worker.start()
    queue.close()
    worker.join(timeout=5)
    assert results == [None]
