"""A model without which all goes on: asked where the engine has told of it, and for no longer than somebody waits."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError
from agent_assist.services.events import EventBus

log = logging.getLogger(__name__)

Wait = Callable[[Awaitable[list[float]], float], Awaitable[list[float]]]


class OptionalModel:
    """Knows from the engine's announcements whether there is the model `name`, so that without it nothing is asked."""

    def __init__(
        self, name: str, *, deadlines: Mapping[Priority, float], events: EventBus, wait: Wait = asyncio.wait_for
    ) -> None:
        """`deadlines` are seconds."""
        self._name = name
        self._deadlines = deadlines
        self._wait = wait
        self._state = EngineState.FAILED
        self._given_up = False
        events.subscribe(self._hear)

    def helps(self, priority: Priority) -> bool:
        """Whether it may be asked. One that is still loading is waited for in a batch only."""
        loaded_in_time = self._state is not EngineState.LOADING or priority is Priority.BATCH
        return not self._given_up and self._state is not EngineState.FAILED and loaded_in_time

    async def ask(self, asked: Awaitable[list[float]], *, count: int, priority: Priority) -> list[float] | None:
        """Its `count` numbers, None where it gives none in time or none that can be used."""
        seconds = self._deadlines[priority]
        try:
            numbers = await self._wait(asked, seconds)
        except TimeoutError:
            log.info("the %s took longer than %.1f s; hits stay as they were", self._name, seconds)
            return None
        except EngineError as error:
            log.info("hits stay as they were: %s", error)
            return None
        if len(numbers) == count and all(math.isfinite(number) for number in numbers):
            return numbers
        log.warning("the %s gave numbers that cannot be used; hits stay as they were", self._name)
        return None

    def _hear(self, event: DomainEvent) -> None:
        match event:
            case EngineStateChanged(model=self._name, state=state):
                self._state = state
            case EngineStateChanged(model="engine", state=EngineState.RESTARTING):
                # An engine that died over loading it (out of memory, say) would die at the next search again.
                if self._state is EngineState.LOADING:
                    log.error("the engine ended while it loaded the %s; search goes on without", self._name)
                    self._given_up = True
                self._state = EngineState.FAILED
