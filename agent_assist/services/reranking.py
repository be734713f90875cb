"""A second look at the best hits by the user's reranker, where there is one and for no longer than somebody waits."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged
from agent_assist.domain.knowledge import Hit
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError
from agent_assist.knowledge.searching.reranked import MOST, asked_for, reranked, text_of
from agent_assist.services.events import EventBus

log = logging.getLogger(__name__)

# How long a search waits for the reranker. Nobody notices a third of a second; who asks in a batch also waits until
# the model is loaded.
DEADLINES_S = {Priority.OPEN_TICKET: 0.3, Priority.PREFETCH: 5.0, Priority.BATCH: 60.0}

Wait = Callable[[Awaitable[list[float]], float], Awaitable[list[float]]]


class RerankingService:
    """Knows from the engine's announcements whether there is a reranker, so that without one nothing is asked."""

    def __init__(self, *, engine: Engine, events: EventBus, wait: Wait = asyncio.wait_for) -> None:
        self._engine = engine
        self._wait = wait
        self._state = EngineState.FAILED
        self._given_up = False
        events.subscribe(self._hear)

    def asked_for(self, k: int, *, priority: Priority) -> int:
        """How many hits to search for, where `k` are wanted."""
        return asked_for(k) if self._helps(priority) else k

    async def best(self, query: str, hits: Sequence[Hit], *, k: int, priority: Priority) -> tuple[Hit, ...]:
        """The best `k` of `hits`; the first ones as they are where no reranker answers in time."""
        if hits and self._helps(priority):
            texts = [text_of(hit) for hit in hits[:MOST]]
            try:
                asked = self._engine.rerank(query, texts, priority=priority)
                scores = await self._wait(asked, DEADLINES_S[priority])
            except TimeoutError:
                log.info("the reranker took longer than %.1f s; hits stay as they were", DEADLINES_S[priority])
            except EngineError as error:
                log.info("hits stay as they were: %s", error)
            else:
                if len(scores) == len(texts) and all(math.isfinite(score) for score in scores):
                    return reranked(hits, scores, k=k)
                log.warning("the reranker gave scores that cannot be used; hits stay as they were")
        return tuple(hits[:k])

    def _helps(self, priority: Priority) -> bool:
        """One that is still loading is waited for in a batch only."""
        loaded_in_time = self._state is not EngineState.LOADING or priority is Priority.BATCH
        return not self._given_up and self._state is not EngineState.FAILED and loaded_in_time

    def _hear(self, event: DomainEvent) -> None:
        match event:
            case EngineStateChanged(model="reranker", state=state):
                self._state = state
            case EngineStateChanged(model="engine", state=EngineState.RESTARTING):
                # An engine that died over loading it (out of memory, say) would die at the next search again.
                if self._state is EngineState.LOADING:
                    log.error("the engine ended while it loaded the reranker; search goes on without")
                    self._given_up = True
                self._state = EngineState.FAILED
