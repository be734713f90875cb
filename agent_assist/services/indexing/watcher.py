"""Follows watched folders by looking at them every few seconds.

Looking finds what the system's notices do not tell: changes that other machines make on a network drive, which is where
shops share such folders, and a drive that went and came back. A look at 5,000 files takes some hundredths of a second.
"""

import asyncio
import logging
import math
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from agent_assist.services.background import Lifelong
from agent_assist.services.indexing.looking import Seen, look
from agent_assist.services.indexing.runner import Room, Runner

log = logging.getLogger(__name__)

SHORTEST_PAUSE_S = 3.0
# How soon files are tried again that another program held.
TRY_AGAIN_S = 60.0
# Looking may take this share of the time, on slow drives too.
_SHARE = 0.05


class Watcher:
    """Runs a job for sources that changed, or that somebody asked for and nobody has gone through."""

    def __init__(self, room: Room, runner: Runner) -> None:
        self._room, self._runner = room, runner
        self._seen: dict[int, Seen] = {}
        self._again: dict[int, float] = {}
        self._woken = asyncio.Event()
        self._life = Lifelong("knowledge watcher", self._watch)

    def start(self) -> None:
        """Begin, with what an ended program left; a second call does nothing."""
        self._life.start()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def close(self) -> None:
        """Stop where it is; the next start goes on."""
        await self._life.close()

    async def look(self) -> float:
        """Look once and do what is to be done; returns the seconds that looking took."""
        room, seconds = self._room, 0.0
        due: dict[int, Seen] = {}
        for source in await room.sources.all():
            if not (source.watched or source.wanted):
                continue
            began = time.monotonic()
            seen = await room.thread.run(partial(look, Path(source.path)))
            seconds += time.monotonic() - began
            if source.wanted or seen != self._seen.get(source.key) or began >= self._again.get(source.key, math.inf):
                due[source.key] = seen
        if due:
            await self._runner.run(list(due), asked=False, seen=due)
        for key, seen in due.items():
            await self._note(key, seen)
        return seconds

    async def _note(self, key: int, seen: Seen) -> None:
        """What was seen is not looked into again until it changes, or until files that could not be opened may open."""
        self._seen[key] = seen
        self._again.pop(key, None)
        if _recent(seen):
            del self._seen[key]
        elif await self._room.sources.unsettled(key):
            self._again[key] = time.monotonic() + TRY_AGAIN_S

    async def _watch(self) -> None:
        while True:
            self._woken.clear()
            seconds = 0.0
            try:
                seconds = await self.look()
            except Exception:
                log.exception("a look at the watched folders stopped short")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(SHORTEST_PAUSE_S, seconds / _SHARE))


def _recent(seen: Seen) -> bool:
    """Whether a file was left alone because somebody may still be writing it."""
    return any(time.time_ns() - file.mtime_ns < 5_000_000_000 for file in seen.files)
