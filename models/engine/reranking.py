"""The worker of the reranker."""

from collections.abc import Sequence
from typing import Protocol

from agent_assist.engine.protocol import FailureCode, Rerank, Reranked
from models.engine.lazy import LazyWorker
from models.engine.scheduling import Job
from models.engine.worker import LoadedModel

# Texts that are scored at once; between two batches a search that waits no longer is heard.
BATCH = 4


class RerankModel(LoadedModel, Protocol):
    """A cross-encoder; `models.reranker.cross_encoder.CrossEncoder` is the real one."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]: ...


class RerankWorker(LazyWorker[RerankModel]):
    """How well texts answer a query, in batches."""

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
