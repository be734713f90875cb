"""Reading files on a thread of its own, in pieces, so that neither a slow drive nor a long file holds up the window."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge import ArticleReader

log = logging.getLogger(__name__)

T = TypeVar("T")
# Articles of a file that are read at a time.
PIECE = 64


class ReadingThread:
    """One thread that looks at folders, reads files and cuts texts, in the order asked."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="knowledge-reader")
        self._reader = ArticleReader()

    async def run(self, fn: Callable[[], T]) -> T:
        """Run `fn` on the thread; raises what it raises."""
        return await asyncio.wrap_future(self._executor.submit(fn))

    async def read(self, path: Path, root: Path) -> AsyncIterator[list[Article | RejectedRow]]:
        """The articles of a file in pieces. A reader that fails on it rejects the rest of the file, no more."""
        rows = self._guarded(path, root)
        while piece := await self.run(lambda: list(islice(rows, PIECE))):
            yield piece

    async def close(self) -> None:
        """End the thread; what it does at the moment is finished behind the caller's back."""
        self._executor.submit(self._reader.close)
        self._executor.shutdown(wait=False)

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
