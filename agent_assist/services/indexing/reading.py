"""Reading files on a thread of its own, in pieces, so that neither a slow drive nor a long file holds up the window."""

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge import ArticleReader

log = logging.getLogger(__name__)

T = TypeVar("T")
# Articles of a file that are read at a time.
PIECE = 64


class ReadingThread:
    """One thread that looks at folders, reads files and cuts texts, in the order asked.

    A daemon: a drive that does not answer must not keep the program from ending.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any] | None, Future[Any]]] = queue.SimpleQueue()
        self._reader = ArticleReader()
        self._thread: threading.Thread | None = None

    async def run(self, fn: Callable[[], T]) -> T:
        """Run `fn` on the thread; raises what it raises."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="knowledge-reader", daemon=True)
            self._thread.start()
        future: Future[T] = Future()
        self._jobs.put((fn, future))
        return await asyncio.wrap_future(future)

    def _serve(self) -> None:
        while True:
            fn, future = self._jobs.get()
            if fn is None:
                break
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(fn())
            except BaseException as error:
                future.set_exception(error)
        self._reader.close()

    async def read(self, path: Path, root: Path) -> AsyncIterator[list[Article | RejectedRow]]:
        """The articles of a file in pieces. A reader that fails on it rejects the rest of the file, no more."""
        rows = self._guarded(path, root)
        while piece := await self.run(lambda: list(islice(rows, PIECE))):
            yield piece

    async def close(self) -> None:
        """End the thread; what it does at the moment is finished behind the caller's back."""
        self._jobs.put((None, Future()))

    def _guarded(self, path: Path, root: Path) -> Iterator[Article | RejectedRow]:
        try:
            yield from self._reader.read_file(path, root=root)
        except OSError as error:
            yield _rejected(path, f"The file cannot be opened: {error.strerror or error}.")
        except Exception as error:
            log.error("a reader failed on a file: %s", type(error).__name__)  # its words may be a customer's
            yield _rejected(path, f"The file cannot be read ({type(error).__name__}). Save it anew or leave it out.")


def _rejected(path: Path, reason: str) -> RejectedRow:
    return RejectedRow(file=str(path), line=0, reason=reason)
