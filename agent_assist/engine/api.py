"""What services ask of an engine, whoever serves it: the child process, a test double, later a team's server."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent_assist.domain.events import EngineStateChanged
from agent_assist.domain.understanding import Understanding
from agent_assist.domain.wording import Rewording, Tone
from agent_assist.engine.protocol import (
    DraftDone,
    DraftToken,
    GroundingPassage,
    Learned,
    Lesson,
    ModelStatus,
    Priority,
    SeenMessage,
    TextKind,
    Turn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """An understanding with its search vector (float32, little-endian)."""

    understanding: Understanding
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """All a draft needs; see `protocol.Draft` for the fields."""

    language: str
    thread: tuple[Turn, ...]
    passages: tuple[GroundingPassage, ...]
    order_facts: tuple[str, ...] = ()
    hint: str = ""
    tone: Tone = Tone.PLAIN
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    hedge_below: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteOrder:
    """A text to word anew; see `protocol.Rewrite`."""

    text: str
    manner: Rewording
    language: str
    max_tokens: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOrder:
    """A thread to sum up; see `protocol.Summarise`."""

    thread: tuple[Turn, ...]
    language: str
    max_tokens: int = 256


class Engine(Protocol):
    """An engine. Every call raises `errors.EngineError` when there is no answer.

    Cancelling the awaiting task (or closing the draft's iterator) cancels the work in the engine.
    """

    async def start(self) -> None:
        """Begin to serve; returns at once, models load behind it."""

    async def close(self) -> None:
        """Stop the engine and wait for its end."""

    async def restart(self) -> None:
        """Load the models anew, by what is chosen and set by now; what is asked meanwhile is answered after it."""

    def on_state(self, listener: Callable[[EngineStateChanged], None]) -> None:
        """Call `listener` on every change of state of the engine or one of its models."""

    async def understand(
        self,
        threads: Sequence[Sequence[Turn]],
        *,
        priority: Priority = Priority.BATCH,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> list[ReadMessage]:
        """Understand the last customer message of each thread; one result a thread, in order."""

    async def embed(self, texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
        """Unit vectors, one a text, float32 little-endian."""

    async def learn(self, lessons: Sequence[Lesson], *, forget: Sequence[str] = ()) -> Learned:
        """Learn from corrections and forget others; readings that are asked for later rest on them.

        They hold until `close`, over a death of the engine too. Raises `EngineRefusedError` where the models in use
        cannot learn.
        """

    async def recheck(
        self, messages: Sequence[SeenMessage], *, since: str, priority: Priority = Priority.PREFETCH
    ) -> list[bool]:
        """Which messages may read otherwise now than by the models of version `since`. Costs a hundredth of reading."""

    async def rerank(self, query: str, texts: Sequence[str], *, priority: Priority = Priority.BATCH) -> list[float]:
        """How likely each text answers the query, from 0 to 1, in order.

        Raises `EngineRefusedError` where no reranker is chosen. One that is chosen tells its state as the model
        "reranker" when the engine starts, and loads at the first request.
        """

    async def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, priority: Priority = Priority.BATCH
    ) -> list[float]:
        """How likely each passage answers the end of the thread, from 0 to 1, in order; see `protocol.Judged`.

        A draft from the same passages finds them read already. Raises `EngineRefusedError` where no reader of passages
        is built. One that is tells its state as the model "reader" when the engine starts, and loads at the first
        request.
        """

    def draft(
        self,
        order: DraftOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """Stream a draft; the last item is `DraftDone`."""

    def rewrite(
        self,
        order: RewriteOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """Stream a text worded anew, like `draft`. Raises `ModelTooSmallError` where the model cannot do it well."""

    def summarise(
        self,
        order: SummaryOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """Stream a thread's summary, like `draft`; the whole text is always one JSON object.

        Raises `ModelTooSmallError` like `rewrite`, `EngineRefusedError` where there is no room for any of it.
        """

    async def status(self) -> list[ModelStatus]:
        """The state of each model."""
