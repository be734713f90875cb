"""A second look at the best hits by the user's reranker, where there is one and for no longer than somebody waits."""

import asyncio
from collections.abc import Sequence

from agent_assist.domain.knowledge import Hit
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority
from agent_assist.knowledge.searching.reranked import MOST, asked_for, reranked, text_of
from agent_assist.services.events import EventBus
from agent_assist.services.optional_model import OptionalModel, Wait

# How long a search waits for the reranker. Nobody notices a third of a second; who asks in a batch also waits until
# the model is loaded.
DEADLINES_S = {Priority.OPEN_TICKET: 0.3, Priority.PREFETCH: 5.0, Priority.BATCH: 60.0}


class RerankingService:
    """Asks the reranker where there is one."""

    def __init__(self, *, engine: Engine, events: EventBus, wait: Wait = asyncio.wait_for) -> None:
        self._engine = engine
        self._model = OptionalModel("reranker", deadlines=DEADLINES_S, events=events, wait=wait)

    def asked_for(self, k: int, *, priority: Priority) -> int:
        """How many hits to search for, where `k` are wanted."""
        return asked_for(k) if self._model.helps(priority) else k

    async def best(self, query: str, hits: Sequence[Hit], *, k: int, priority: Priority) -> tuple[Hit, ...]:
        """The best `k` of `hits`; the first ones as they are where no reranker answers in time."""
        if hits and self._model.helps(priority):
            texts = [text_of(hit) for hit in hits[:MOST]]
            asked = self._engine.rerank(query, texts, priority=priority)
            scores = await self._model.ask(asked, count=len(texts), priority=priority)
            if scores is not None:
                return reranked(hits, scores, k=k)
        return tuple(hits[:k])
