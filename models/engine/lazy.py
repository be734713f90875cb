"""A worker whose model loads at the first request, since most of the time nobody needs it."""

from abc import ABC
from typing import ClassVar

from agent_assist.domain.events import EngineState
from models.engine.worker import M, Worker


class LazyWorker(Worker[M], ABC):
    """Says that there is a model, and waits for the first request; `waits_for` says what for."""

    waits_for: ClassVar[str] = "It loads at the first search."

    def start(self) -> None:
        """Say that there is one, and wait."""
        self._announce(EngineState.STARTING, detail=self.waits_for)
        super().start()

    def _run(self) -> None:
        while (job := self.queue.get()) is not None:
            if self._status.state is EngineState.STARTING:
                self._load_on("auto")
            self._serve(job)
