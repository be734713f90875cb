"""Threads that own a connection each, run functions on it, and answer to the event loop that asked.

After datasette's `database.py`: the asking loop may be gone by the time an answer is there (the window was closed, the
test ended), and the asking task may have been cancelled; neither may harm the thread.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from agent_assist.errors import ProfileError
from agent_assist.storage.connection import Connection, fault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job:
    fn: Callable[[Connection], Any] | None  # None ends the thread that takes it
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"

    def answer(self, result: Any, error: BaseException | None) -> None:
        """Hand the outcome to the asking loop; nobody waits any more where that loop is closed."""
        try:
            self.loop.call_soon_threadsafe(self._settle, result, error)
        except RuntimeError:
            if not self.loop.is_closed():
                raise

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        elif isinstance(error, StopIteration):  # a future refuses it, and its waiter would wait for ever
            self.future.set_exception(RuntimeError("a database function raised StopIteration"))
        else:
            self.future.set_exception(error)


class WorkerPool:
    """`size` daemon threads serving one queue, first come first served.

    Daemons, because a program that forgot to close the profile must still end; what was acknowledged is on the disk.
    """

    def __init__(self, name: str, connect: Callable[[], Connection], *, size: int = 1) -> None:
        self._connect = connect
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{index}", daemon=True) for index in range(size)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn(connection)` on a thread of the pool.

        A job whose task is cancelled before its turn is not run; one that has begun is finished. Raises what `fn`
        raises, the environment's faults as `ProfileError`s, and `ProfileError` after `close`.
        """
        if self._closed:
            raise ProfileError("The profile is closed. Open it again.")
        future: asyncio.Future[T] = self._put(fn)
        return await future

    async def close(self) -> None:
        """Finish the jobs that wait, close the connections and end the threads. Closing twice does nothing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.gather(*(self._put(None) for _ in self._threads))
        for thread in self._threads:
            thread.join()  # they have nothing left to do

    def _put(self, fn: Callable[[Connection], Any] | None) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._jobs.put(_Job(fn, loop, future))
        return future

    def _serve(self) -> None:
        connection: Connection | None = None
        while (job := self._jobs.get()).fn is not None:
            if job.future.cancelled():
                continue
            try:
                connection = connection or self._connect()
                result = job.fn(connection)
            except BaseException as error:
                job.answer(None, _translated(error))
            else:
                job.answer(result, None)
        if connection is not None:
            connection.close()
        job.answer(None, None)


def _translated(error: BaseException) -> BaseException:
    known = fault(error)
    if known is None:
        return error
    known.__cause__ = error
    return known
