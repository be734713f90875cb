"""The worker of the reranker: loaded when something is searched for first, since most of its weight is never needed."""

from collections.abc import Sequence
from typing import Protocol

from agent_assist.domain.events import EngineState
from agent_assist.engine.protocol import FailureCode, Rerank, Reranked
from models.engine.scheduling import Job
from models.engine.worker import LoadedModel, Worker

# Texts that are scored at once; between two batches a search that waits no longer is heard.
BATCH = 4


class RerankModel(LoadedModel, Protocol):
    """A cross-encoder; `models.reranker.cross_encoder.CrossEncoder` is the real one."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]: ...


class RerankWorker(Worker[RerankModel]):
    """How well texts answer a query, in batches."""

    def start(self) -> None:
        """Say that there is one, and wait for the first request."""
        self._announce(EngineState.STARTING, detail="It loads at the first search.")
        super().start()

    def _run(self) -> None:
        while (job := self.queue.get()) is not None:
            if self._status.state is EngineState.STARTING:
                self._load_on("auto")
            self._serve(job)

    def _answer(self, model: RerankModel, job: Job) -> bool:
        request = job.request
        if not isinstance(request, Rerank):
            self._fail(request, FailureCode.REFUSED, "The reranker only scores texts.")
            return True
        scores: list[float] = []
        for part in self._slices(request.texts, job, size=BATCH):
            scores += model.scores(request.query, part)
        self._send(Reranked(id=request.id, scores=scores))
        return True
