"""The reranker's worker: loaded at the first request, stopped between two batches."""

import queue
from collections.abc import Sequence

from agent_assist.domain.events import EngineState
from agent_assist.engine.protocol import Failed, FailureCode, ModelStateChanged, Priority, Reply, Rerank, Reranked
from models.engine.reranking import BATCH, RerankWorker

SOON = 30.0


class Lengths:
    version = "lengths"
    device = "cpu"
    device_reason = "counts characters"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.worker: RerankWorker | None = None

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.batches.append(list(texts))
        if self.worker is not None and query == "goes away":
            self.worker.queue.cancel("1")
        if self.worker is not None and query == "batch" and len(self.batches) == 1:
            self.worker.queue.put(Rerank(id="urgent", query="q", texts=["abc"], priority=Priority.OPEN_TICKET))
        return [len(text) / 10 for text in texts]


def start(model: Lengths | None) -> tuple[RerankWorker, "queue.Queue[Reply]"]:
    told: queue.Queue[Reply] = queue.Queue()

    def load(device: str) -> Lengths:
        if model is None:
            raise ValueError("the files lack 2 weights")
        return model

    worker = RerankWorker("reranker", load, told.put)
    if model is not None:
        model.worker = worker
    worker.start()
    return worker, told


def state(reply: Reply) -> EngineState:
    assert isinstance(reply, ModelStateChanged)
    return reply.status.state


def test_it_loads_at_the_first_request_and_answers_in_order() -> None:
    model = Lengths()
    worker, told = start(model)
    assert state(told.get(timeout=SOON)) is EngineState.STARTING
    assert told.empty()
    worker.queue.put(Rerank(id="1", query="q", texts=["a" * n for n in range(7)]))
    assert [state(told.get(timeout=SOON)) for _ in range(2)] == [EngineState.LOADING, EngineState.READY]
    assert told.get(timeout=SOON) == Reranked(id="1", scores=[n / 10 for n in range(7)])
    assert max(map(len, model.batches)) == BATCH
    worker.close()


def test_a_search_that_waits_no_longer_stops_it_between_batches() -> None:
    model = Lengths()
    worker, told = start(model)
    worker.queue.put(Rerank(id="1", query="goes away", texts=["a"] * 3 * BATCH))
    *_, last = (told.get(timeout=SOON) for _ in range(4))
    assert isinstance(last, Failed)
    assert last.code is FailureCode.CANCELLED
    assert len(model.batches) == 1
    worker.close()


def test_the_open_ticket_overtakes_a_batch() -> None:
    worker, told = start(Lengths())
    worker.queue.put(Rerank(id="1", query="batch", texts=["a"] * 2 * BATCH))
    replies = [told.get(timeout=SOON) for _ in range(5)][3:]
    assert [reply.id for reply in replies if isinstance(reply, Reranked)] == ["urgent", "1"]
    worker.close()


def test_one_that_cannot_be_loaded_says_why_and_is_not_tried_again() -> None:
    worker, told = start(None)
    for number in ("1", "2"):
        worker.queue.put(Rerank(id=number, query="q", texts=["a"]))
    replies = [told.get(timeout=SOON) for _ in range(5)]
    assert [state(reply) for reply in replies[:3]] == [EngineState.STARTING, EngineState.LOADING, EngineState.FAILED]
    for reply in replies[3:]:
        assert isinstance(reply, Failed)
        assert reply.code is FailureCode.UNAVAILABLE
        assert "lack 2 weights" in reply.message
    worker.close()
