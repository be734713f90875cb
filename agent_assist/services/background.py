"""Work that goes on behind the window: woken by events, resting while the engine is away, ended with the program."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from agent_assist.domain.events import DomainEvent
from agent_assist.errors import EngineError
from agent_assist.services.events import EventBus


class Lifelong:
    """A coroutine that runs from `start` to `close`, as long as its service does."""

    def __init__(self, name: str, run: Callable[[], Coroutine[None, None, None]]) -> None:
        self._name = name
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Stop where it is and wait for the end."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


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
        self._work = work
        self._events = events
        self._wakes = wakes
        self._wake = asyncio.Event()
        self._life = Lifelong(name, self._run)
        self._unsubscribe: Callable[[], None] | None = None
        self._log = logging.getLogger(f"{__name__}.{name}")

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)
            self._wake.set()
        self._life.start()

    def wake(self) -> None:
        """Work once more, where it was started."""
        self._wake.set()

    async def close(self) -> None:
        """Stop where it is and wait for the end."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        await self._life.close()

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
