"""How far a job is and how long it will take, told at most four times a second here and once a second elsewhere."""

import os
import time
from collections.abc import Awaitable, Callable

from agent_assist.domain.sources import IndexingProgress, IndexingState

_HERE_S = 0.25
_ELSEWHERE_S = 1.0


class Pace:
    """Counts files, bytes and passages; time in which the job rested does not count."""

    def __init__(
        self,
        *,
        here: Callable[["Pace"], None],
        elsewhere: Callable[[IndexingProgress], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._here, self._elsewhere, self._clock = here, elsewhere, clock
        self._began = clock()
        self._told_here = self._told_elsewhere = float("-inf")
        self.state = IndexingState.RUNNING
        self.files_total = self.files_done = self.files_failed = 0
        self.bytes_total = self.bytes_done = 0
        self.passages = 0

    def rested(self, seconds: float) -> None:
        """The job did nothing for so long."""
        self._began += seconds

    @property
    def counted(self) -> tuple[int, int]:
        """Done and all, for a bar: files, or of a single one its bytes."""
        if self.files_total > 1:
            return self.files_done, self.files_total
        return self.bytes_done, self.bytes_total

    @property
    def progress(self) -> IndexingProgress:
        """How far the job is now."""
        seconds = max(self._clock() - self._began, 1e-6)
        done = self.bytes_done / self.bytes_total if self.bytes_total else 0.0
        return IndexingProgress(
            state=self.state,
            files_done=self.files_done,
            files_total=self.files_total,
            files_failed=self.files_failed,
            passages=self.passages,
            passages_per_second=self.passages / seconds,
            seconds_left=seconds * (1 - done) / done if done else None,
            pid=os.getpid(),
        )

    async def tell(self, *, now: bool = False) -> None:
        """Tell whoever watches, unless they were told a moment ago (`now`: even then)."""
        moment = self._clock()
        if now or moment - self._told_here >= _HERE_S:
            self._told_here = moment
            self._here(self)
        if now or moment - self._told_elsewhere >= _ELSEWHERE_S:
            self._told_elsewhere = moment
            await self._elsewhere(self.progress)
