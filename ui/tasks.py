"""The one guarded way in which views and presenters run coroutines; asyncio only, no Qt.

An `@asyncSlot` lets a second click start the same work again and loses its errors. Here each piece of work has a
key within a scope: while a key is busy a second start is dropped (or replaces the first, where the caller says so),
errors go to one reporter, and closing a scope cancels what its view began.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from agent_assist.errors import CancelledByNewerError
from ui.observable import Changes

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
Reporter = Callable[[Exception], None]


class Scope:
    """The running work of one view, by key."""

    def __init__(self, report: Reporter) -> None:
        self._report = report
        self._running: dict[str, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self.changes = Changes()

    def start(self, key: str, work: Work) -> bool:
        """Run `work` unless `key` is busy; False when it was dropped."""
        if key in self._running:
            return False
        self._launch(key, work)
        return True

    def restart(self, key: str, work: Work) -> None:
        """Run `work`, cancelling what runs under `key`."""
        self.cancel(key)
        self._launch(key, work)

    def busy(self, key: str) -> bool:
        """Whether work runs under `key`."""
        return key in self._running

    def cancel(self, key: str) -> None:
        """Cancel the work under `key`, if any."""
        task = self._running.pop(key, None)
        if task is not None:
            task.cancel()
            self._leaving.add(task)

    async def join(self, prefix: str) -> None:
        """Wait for the work whose key begins with `prefix`."""
        running = [task for key, task in self._running.items() if key.startswith(prefix)]
        if running:
            await asyncio.wait(running)

    def close(self) -> None:
        """Cancel everything."""
        for key in tuple(self._running):
            self.cancel(key)

    def tasks(self) -> set[asyncio.Task[None]]:
        """What still runs, cancelled work that cleans up included."""
        return set(self._running.values()) | self._leaving

    def _launch(self, key: str, work: Work) -> None:
        task = asyncio.get_running_loop().create_task(self._guard(work), name=key)
        self._running[key] = task
        task.add_done_callback(lambda done: self._finished(key, done))
        self.changes.notify()

    async def _guard(self, work: Work) -> None:
        try:
            await work()
        except CancelledByNewerError:
            log.debug("answer for an older version dropped")
        except Exception as error:
            self._report(error)

    def _finished(self, key: str, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if self._running.get(key) is task:
            del self._running[key]
            self.changes.notify()


class Tasks:
    """All scopes of the window, with the one error reporter they share."""

    def __init__(self, report: Reporter) -> None:
        self._report = report
        self._scopes: list[Scope] = []

    def scope(self) -> Scope:
        """A new scope for one view."""
        scope = Scope(self._report)
        self._scopes.append(scope)
        return scope

    async def idle(self) -> None:
        """Wait until nothing runs any more."""
        while running := self._running():
            await asyncio.wait(running)

    async def close(self) -> None:
        """Cancel everything and wait for the end of it."""
        for scope in self._scopes:
            scope.close()
        await self.idle()

    def _running(self) -> set[asyncio.Task[None]]:
        return {task for scope in self._scopes for task in scope.tasks()}
