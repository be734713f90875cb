"""Requests without their final reply, and the lessons that every new engine has to be told before anything else."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from agent_assist.engine.protocol import (
    Draft,
    DraftToken,
    Embed,
    Failed,
    FailureCode,
    Judge,
    Learn,
    Learned,
    Lesson,
    Priority,
    Recheck,
    Reply,
    Rerank,
    Rewrite,
    Status,
    Summarise,
    Understand,
)
from agent_assist.errors import (
    CancelledByNewerError,
    EngineError,
    EngineRefusedError,
    EngineUnavailableError,
    ModelTooSmallError,
)

# A request that was under way in this many engine deaths is taken to be their cause.
DEATHS_ALLOWED = 2
# A draft waits while engines die over loading the reply model: after two of them another model is loaded.
DEATHS_SPARED = 3

AnsweredRequest = Understand | Embed | Learn | Recheck | Rerank | Judge | Draft | Rewrite | Summarise | Status


@dataclass(slots=True, eq=False)
class Pending:
    """Replies go through `replies`, an error instead of a reply ends the request."""

    request: AnsweredRequest
    replies: asyncio.Queue[Reply | EngineError] = field(default_factory=asyncio.Queue)
    sent: bool = False
    streamed: bool = False
    deaths: int = 0
    spared: int = 0


class PendingTable:
    """All of them, by id."""

    def __init__(self) -> None:
        self._requests: dict[str, Pending] = {}

    def add(self, request: AnsweredRequest) -> Pending:
        """Wait for the reply to `request`."""
        pending = self._requests[request.id] = Pending(request)
        return pending

    def drop(self, pending: Pending) -> bool:
        """Wait no longer; whether it was waited for until now."""
        return self._requests.pop(pending.request.id, None) is not None

    def receive(self, request_id: str, reply: Reply) -> None:
        """Hand a reply to whoever waits for it; nobody may."""
        if (waiting := self._requests.get(request_id)) is not None:
            waiting.replies.put_nowait(reply)

    async def next(self, pending: Pending) -> Reply:
        """The next reply; raises what went wrong instead. Any but a `DraftToken` is the last."""
        reply = await pending.replies.get()
        if not isinstance(reply, DraftToken):
            self.drop(pending)
        if isinstance(reply, EngineError):
            raise reply
        if isinstance(reply, Failed):
            raise _error_of(reply)
        return reply

    def unsent(self) -> Iterator[Pending]:
        """Those that no living process knows; lessons first, so that all else is answered with them learned."""
        waiting = [one for one in self._requests.values() if not one.sent]
        yield from sorted(waiting, key=lambda one: not isinstance(one.request, Learn))

    def settle_after_death(self, *, loading_reply: bool = False) -> None:
        """The process is gone: what may not be sent again fails. `loading_reply`: no draft can have been the cause."""
        for pending in list(self._requests.values()):
            if (
                loading_reply
                and isinstance(pending.request, Draft | Rewrite | Summarise)
                and pending.spared < DEATHS_SPARED
            ):
                pending.spared += 1
            else:
                pending.deaths += 1
            pending.sent = False
            if pending.streamed or pending.deaths >= DEATHS_ALLOWED:
                pending.replies.put_nowait(EngineUnavailableError("The engine stopped while it was working on this."))

    def settle_after_renewal(self) -> None:
        """Another process takes over by wish: nobody's fault, but what was being shown cannot go on."""
        for pending in self._requests.values():
            pending.sent = False
            if pending.streamed:
                pending.replies.put_nowait(EngineUnavailableError("The models were loaded anew meanwhile."))

    def fail_all(self, error: EngineError) -> None:
        """Nobody will answer any more."""
        for pending in self._requests.values():
            pending.replies.put_nowait(error)


class LessonBook:
    """What the engine holds in memory, to be told to the next one."""

    def __init__(self) -> None:
        self._lessons: dict[str, Lesson] = {}

    def note(self, learn: Learn, learned: Learned) -> None:
        """The engine learned this; the features it told save the next one the encoder's pass."""
        for lesson, features in zip(learn.lessons, learned.features, strict=True):
            self._lessons.pop(lesson.id, None)  # the newest goes last
            told = msgspec.structs.replace(lesson, features=features, trunk=learned.trunk) if features else lesson
            self._lessons[lesson.id] = told
        self.forget(learn.forget)

    def forget(self, ids: Sequence[str] | None = None) -> None:
        """Some, or all."""
        for name in list(self._lessons) if ids is None else ids:
            self._lessons.pop(name, None)

    def request(self, request_id: str) -> Learn | None:
        """All of it at once; None where there is nothing."""
        if not self._lessons:
            return None
        return Learn(id=request_id, priority=Priority.OPEN_TICKET, lessons=list(self._lessons.values()))


def _error_of(failed: Failed) -> EngineError:
    match failed.code:
        case FailureCode.CANCELLED | FailureCode.SUPERSEDED | FailureCode.EXPIRED:
            return CancelledByNewerError(failed.message)
        case FailureCode.UNAVAILABLE:
            return EngineUnavailableError(failed.message)
        case FailureCode.REFUSED:
            return EngineRefusedError(failed.message)
        case FailureCode.TOO_SMALL:
            return ModelTooSmallError(failed.message, tokens=failed.tokens, limit=failed.limit)
        case FailureCode.INTERNAL:
            return EngineError(failed.message)
