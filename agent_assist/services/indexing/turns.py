"""One job a profile at a time, whichever program does it, and the wishes of people in any of these programs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from agent_assist.storage.indexing import IndexingStore

# How often a program that waits for another one, or rests, looks again.
LOOK_AGAIN_S = 0.2


class Turns:
    """The right to index. The system takes it from a program that was killed."""

    def __init__(self, folder: Path) -> None:
        self._file = FileLock(folder / "indexing.lock")
        self._here = asyncio.Lock()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Wait for the turn and keep it."""
        async with self._here:
            while not self._take():  # noqa: ASYNC110 - another program tells nobody when it is done
                await asyncio.sleep(LOOK_AGAIN_S)
            try:
                yield
            finally:
                self._file.release()

    @property
    def held_here(self) -> bool:
        """Whether this program is at work."""
        return self._here.locked()

    def held_elsewhere(self) -> bool:
        """Whether another program is at work."""
        if self._here.locked() or not self._take():
            return not self._here.locked()
        self._file.release()
        return False

    def _take(self) -> bool:
        with suppress(Timeout):
            self._file.acquire(timeout=0)
            return True
        return False


class Wishes:
    """Pause, continue and cancel, as people asked for them in this program or another."""

    def __init__(self, store: IndexingStore) -> None:
        self._store = store
        self._woken = asyncio.Event()

    async def pause(self) -> None:
        """Let indexing rest until `go_on`, over the end of the program too."""
        await self._store.set_paused(True)

    async def go_on(self) -> None:
        """Rest no longer."""
        await self._store.set_paused(False)
        self._woken.set()

    async def cancel(self) -> None:
        """Give up what is under way."""
        await self._store.set_cancel(True)
        self._woken.set()

    async def forget_cancel(self) -> None:
        """A job begins, or has given up."""
        await self._store.set_cancel(False)

    async def paused(self) -> bool:
        """Whether indexing rests."""
        return (await self._store.wishes())[0]

    async def cancelled(self) -> bool:
        """Whether the job is to give up."""
        return (await self._store.wishes())[1]

    async def rest(self) -> float:
        """Wait while indexing is to rest and is not given up; returns the seconds that took."""
        began = time.monotonic()
        while True:
            paused, cancel = await self._store.wishes()
            if cancel or not paused:
                return time.monotonic() - began
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_S)
