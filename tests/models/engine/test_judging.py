"""The reader's worker: loaded at the first request; the open ticket comes between two passages that it reads."""

import queue
from collections.abc import Callable, Sequence

from agent_assist.domain.events import EngineState
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import (
    Failed,
    FailureCode,
    GroundingPassage,
    Judge,
    Judged,
    ModelStateChanged,
    Priority,
    Reply,
    Turn,
)
from models.engine.judging import JudgeWorker
from models.errors import Stopped

SOON = 30.0


class Counting:
    """Says how long passages are; asks before each whether to stop."""

    version = "counting"
    device = "cpu"
    device_reason = "counts characters"

    def __init__(self) -> None:
        self.worker: JudgeWorker | None = None
        self.read: list[str] = []

    def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, should_stop: Callable[[], bool]
    ) -> list[float]:
        assert self.worker is not None
        chances = []
        for number, passage in enumerate(passages):
            if number == 1 and thread[-1].text == "batch":
                self.worker.queue.put(judge("urgent", "quick", "z", priority=Priority.OPEN_TICKET))
            if number == 1 and thread[-1].text == "goes away":
                self.worker.queue.cancel("1")
            if should_stop():
                raise Stopped
            self.read.append(passage.text)
            chances.append(len(passage.text) / 10)
        return chances


def judge(name: str, asked: str, *texts: str, priority: Priority = Priority.BATCH) -> Judge:
    return Judge(
        id=name,
        thread=[Turn(role=Role.CUSTOMER, text=asked)],
        passages=[GroundingPassage(doc_id=text, title="", text=text) for text in texts],
        priority=priority,
    )


def start() -> tuple[JudgeWorker, Counting, "queue.Queue[Reply]"]:
    told: queue.Queue[Reply] = queue.Queue()
    model = Counting()
    worker = model.worker = JudgeWorker("reader", lambda device: model, told.put)
    worker.start()
    return worker, model, told


def states(told: "queue.Queue[Reply]", count: int) -> list[EngineState]:
    found = []
    for _ in range(count):
        reply = told.get(timeout=SOON)
        assert isinstance(reply, ModelStateChanged)
        found.append(reply.status.state)
    return found


def test_it_loads_at_the_first_request_and_answers_in_order() -> None:
    worker, _, told = start()
    assert states(told, 1) == [EngineState.STARTING]
    assert told.empty()
    worker.queue.put(judge("1", "q", "a", "bbb", ""))
    assert states(told, 2) == [EngineState.LOADING, EngineState.READY]
    assert told.get(timeout=SOON) == Judged(id="1", chances=[0.1, 0.3, 0.0])
    worker.close()


def test_the_open_ticket_comes_between_two_passages() -> None:
    worker, model, told = start()
    worker.queue.put(judge("1", "batch", "a", "b", "c"))
    states(told, 3)
    replies = [told.get(timeout=SOON) for _ in range(2)]
    assert [reply.id for reply in replies if isinstance(reply, Judged)] == ["urgent", "1"]
    assert model.read == ["a", "z", "b", "c"]
    worker.close()


def test_who_waits_no_longer_stops_it() -> None:
    worker, model, told = start()
    worker.queue.put(judge("1", "goes away", "a", "b", "c"))
    states(told, 3)
    last = told.get(timeout=SOON)
    assert isinstance(last, Failed)
    assert last.code is FailureCode.CANCELLED
    assert model.read == ["a"]
    worker.close()
