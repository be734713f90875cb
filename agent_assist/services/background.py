"""Work that goes on behind the window: woken by events, resting while the engine is away, ended with the program."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from agent_assist.domain.events import DomainEvent
from agent_assist.errors import EngineError
from agent_assist.services.events import EventBus


class Background:
    """Runs `work` once at the start and again whenever an event of interest came; never twice at a time."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        events: EventBus,
        wakes: Callable[[DomainEvent], bool],
    ) -> None:
        self._name = name
        self._work = work
        self._events = events
        self._wakes = wakes
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._log = logging.getLogger(f"{__name__}.{name}")

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._task is None:
            self._unsubscribe = self._events.subscribe(self._on_event)
            self._wake.set()
            self._task = asyncio.create_task(self._run(), name=self._name)

    def wake(self) -> None:
        """Work once more, where it was started."""
        self._wake.set()

    async def close(self) -> None:
        """Stop where it is and wait for the end."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _on_event(self, event: DomainEvent) -> None:
        if self._wakes(event):
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._work()
            except EngineError as error:
                self._log.info("rests until the engine is back: %s", error)
            except Exception:
                self._log.exception("stopped short")
