"""A look at whether the models do their work here, and how fast: files, reading, searching, writing."""

import asyncio
import struct
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.tickets import Role
from agent_assist.engine.api import DraftOrder, Engine
from agent_assist.engine.protocol import DraftDone, GroundingPassage, Priority, TextKind, Turn
from agent_assist.engine.registry import ModelRegistry
from agent_assist.errors import AgentAssistError

# Messages that every encoder of the program has to make something of, in both languages.
MESSAGES = ("我的退款什么时候到账？", "Where is my parcel?")
# A question, the same again in other words, and one about something else: the first two have to be nearer.
NEAR = ("Where is my parcel?", "Where is my parcel now?", "Do you sell gift cards?")
PASSAGE = "Refunds are paid back within 5 working days after we have received the return."
QUESTION = "How long does my refund take?"
MOST_TOKENS = 64


class Part(StrEnum):
    """What is tried, in order."""

    FILES = "files"
    READING = "reading"
    SEARCHING = "searching"
    WRITING = "writing"


class Outcome(StrEnum):
    """How far a part is."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestStep:
    """News of one part. `done` of `total` bytes while files are compared; `problem` is a sentence.

    `milliseconds`: of one message for reading, of one text for searching, until the first token for writing.
    """

    part: Part
    outcome: Outcome
    done: int = 0
    total: int = 0
    milliseconds: float | None = None
    tokens_per_second: float | None = None
    problem: str = ""


class SelfTestService:
    """Runs the parts one after the other; what fails does not keep the others from being tried."""

    def __init__(
        self, *, registry: ModelRegistry, engine: Engine, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._registry = registry
        self._engine = engine
        self._clock = clock

    async def run(self) -> AsyncGenerator[SelfTestStep, None]:
        """Yield a `RUNNING` step as each part begins, progress, then how it ended. Closing it stops the work."""
        yield SelfTestStep(part=Part.FILES, outcome=Outcome.RUNNING)
        async with aclosing(self._files()) as steps:
            async for step in steps:
                yield step
        for part, work in ((Part.READING, self._read), (Part.SEARCHING, self._search), (Part.WRITING, self._write)):
            yield SelfTestStep(part=part, outcome=Outcome.RUNNING)
            try:
                step = await work()
            except AgentAssistError as error:
                step = SelfTestStep(part=part, outcome=Outcome.FAILED, problem=str(error))
            yield step

    async def _files(self) -> AsyncGenerator[SelfTestStep, None]:
        """Hash every file, in a thread that stops at the next block when nobody listens any more."""
        loop, news = asyncio.get_running_loop(), asyncio.Queue[tuple[int, int] | None]()
        stopped = False

        def report(done: int, total: int) -> None:
            if stopped:
                raise _StoppedError
            loop.call_soon_threadsafe(news.put_nowait, (done, total))

        work = asyncio.create_task(asyncio.to_thread(self._registry.verify, progress=report))
        work.add_done_callback(lambda _done: news.put_nowait(None))
        told = 0.0
        try:
            while (progress := await news.get()) is not None:
                done, total = progress
                if total and (done / total - told >= 0.01 or done == total):
                    told = done / total
                    yield SelfTestStep(part=Part.FILES, outcome=Outcome.RUNNING, done=done, total=total)
            bad = [f"{one.name}: {'; '.join(one.problems)}" for one in work.result() if not one.ok]
            outcome = Outcome.FAILED if bad else Outcome.PASSED
            yield SelfTestStep(part=Part.FILES, outcome=outcome, problem="; ".join(bad))
        except AgentAssistError as error:
            yield SelfTestStep(part=Part.FILES, outcome=Outcome.FAILED, problem=str(error))
        finally:
            stopped = True
            await asyncio.gather(work, return_exceptions=True)

    async def _read(self) -> SelfTestStep:
        threads = [(Turn(role=Role.CUSTOMER, text=text),) for text in MESSAGES]
        await self._engine.understand(threads[:1], priority=Priority.PREFETCH)  # loading is not reading
        began = self._clock()
        read = await self._engine.understand(threads, priority=Priority.PREFETCH)
        spent = (self._clock() - began) * 1000 / len(threads)
        blind = [text for text, one in zip(MESSAGES, read, strict=True) if not one.understanding.intents]
        return SelfTestStep(
            part=Part.READING,
            outcome=Outcome.FAILED if blind else Outcome.PASSED,
            milliseconds=spent,
            problem=f"The reader finds no intent in: {' / '.join(blind)}" if blind else "",
        )

    async def _search(self) -> SelfTestStep:
        began = self._clock()
        rows = await self._engine.embed(NEAR, kind=TextKind.QUERY, priority=Priority.PREFETCH)
        spent = (self._clock() - began) * 1000 / len(NEAR)
        one, same, other = (struct.unpack(f"<{len(row) // 4}f", row) for row in rows)
        sound = _product(one, same) > _product(one, other)
        return SelfTestStep(
            part=Part.SEARCHING,
            outcome=Outcome.PASSED if sound else Outcome.FAILED,
            milliseconds=spent,
            problem="" if sound else "Questions that mean the same are not nearer than others.",
        )

    async def _write(self) -> SelfTestStep:
        order = DraftOrder(
            language="en",
            thread=(Turn(role=Role.CUSTOMER, text=QUESTION),),
            passages=(GroundingPassage(doc_id="self-test", title="Refunds", text=PASSAGE),),
            max_tokens=MOST_TOKENS,
        )
        draft = self._engine.draft(order, priority=Priority.PREFETCH)
        try:
            async for item in draft:
                if isinstance(item, DraftDone):
                    return _written(item)
        finally:
            await draft.aclose()
        return SelfTestStep(part=Part.WRITING, outcome=Outcome.FAILED, problem="The writer ended without a text.")


class _StoppedError(Exception):
    """Nobody waits for the hashes any more."""


def _written(done: DraftDone) -> SelfTestStep:
    written = bool(done.text.strip())
    seconds, tokens = (done.total_ms - done.first_token_ms) / 1000, done.completion_tokens - 1
    return SelfTestStep(
        part=Part.WRITING,
        outcome=Outcome.PASSED if written else Outcome.FAILED,
        milliseconds=done.first_token_ms,
        tokens_per_second=tokens / seconds if seconds > 0 and tokens > 0 else None,
        problem="" if written else "The writer wrote nothing.",
    )


def _product(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
