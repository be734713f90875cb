"""The worker of the reader of passages, which says of what was found how likely it answers.

A thread of its own beside the reply model's, though both read with the same loaded reader: who opens a ticket need not
wait until the draft of another one is written.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from agent_assist.engine.protocol import FailureCode, GroundingPassage, Judge, Judged, Turn
from models.engine.lazy import LazyWorker
from models.engine.scheduling import Job
from models.engine.worker import LoadedModel


class JudgeModel(LoadedModel, Protocol):
    """A reader; `models.reply.evidence.finder.EvidenceFinder` is the real one."""

    def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, should_stop: Callable[[], bool]
    ) -> list[float]: ...


class JudgeWorker(LazyWorker[JudgeModel]):
    """How likely passages answer; gives way to the open ticket between the passages that it reads."""

    def _answer(self, model: JudgeModel, job: Job) -> bool:
        request = job.request
        if not isinstance(request, Judge):
            self._fail(request, FailureCode.REFUSED, "The reader only judges passages.")
            return True

        def should_stop() -> bool:
            # What was read up to here stays known, so who gives way loses nothing.
            while not job.should_stop() and (urgent := self.queue.get_more_urgent(request.priority)) is not None:
                self._serve(urgent)
            return job.should_stop()

        self._send(
            Judged(id=request.id, chances=model.judge(request.thread, request.passages, should_stop=should_stop))
        )
        return True
