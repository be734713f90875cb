"""The engine as a child process: started, spoken to, and started again when it dies."""

import asyncio
import itertools
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.engine.api import DraftOrder, ReadMessage, RewriteOrder, SummaryOrder
from agent_assist.engine.children import pass_on_log
from agent_assist.engine.fields import fields_of, rows_of
from agent_assist.engine.pending import AnsweredRequest, LessonBook, Pending, PendingTable
from agent_assist.engine.protocol import (
    PROTOCOL_VERSION,
    Cancel,
    Draft,
    DraftDone,
    DraftToken,
    Embed,
    Embedded,
    GroundingPassage,
    Judge,
    Judged,
    Learn,
    Learned,
    Lesson,
    ModelStateChanged,
    ModelStatus,
    Priority,
    Recheck,
    Rechecked,
    Reply,
    Request,
    Rerank,
    Reranked,
    Rewrite,
    SeenMessage,
    Shutdown,
    Status,
    StatusReply,
    Summarise,
    TextKind,
    Turn,
    Understand,
    Understood,
    Welcome,
    decode_reply,
    encode,
)
from agent_assist.errors import EngineError, EngineUnavailableError

log = logging.getLogger(__name__)

# A reply with 10,000 vectors of 384 floats is 20 MB of base64.
MAX_LINE = 64 * 1024 * 1024
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 30.0
# A process that lived this long was healthy: the pauses start over.
HEALTHY_S = 60.0
LEAVE_S = 2.0

Answer = TypeVar("Answer", Understood, Embedded, Learned, Rechecked, Reranked, Judged, StatusReply)


class EngineProcess:
    """An `Engine` served by `command` (JSON lines, see `protocol`).

    When the process dies, requests under way are sent again to its successor, except a draft that was already being
    shown and a request that was there at two deaths: those fail with `EngineUnavailableError`. What it was taught is
    told to its successor before anything else. `command` may be a function, asked before each start.
    """

    def __init__(
        self,
        command: Sequence[str] | Callable[[], Sequence[str]],
        *,
        environment: dict[str, str] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._command = command if callable(command) else lambda: command
        self._environment = environment
        self._pause = pause
        self._ids = itertools.count(1)
        self._pending = PendingTable()
        self._book = LessonBook()
        self._retelling: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[EngineStateChanged], None]] = []
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._closing = False
        self._renewing = False
        self._reply_loading = False

    # -- life ---------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """Process id of the running engine, None between two lives."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the process; returns at once."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(self._supervise(), name="engine supervisor")

    async def close(self) -> None:
        """Ask the engine to leave, make it leave after two seconds, fail what was under way."""
        self._closing = True
        await self._leave()
        if self._supervisor is not None:
            self._supervisor.cancel()
            with suppress(asyncio.CancelledError):
                await self._supervisor
            self._supervisor = None
        self._pending.fail_all(EngineUnavailableError("The engine was closed."))
        if self._retelling is not None:
            await self._retelling

    async def restart(self) -> None:
        """See `Engine.restart`."""
        if self._process is not None and not self._closing:
            self._renewing = True
            await self._leave()

    async def _leave(self) -> None:
        """Ask the process to leave, and make it leave where it does not."""
        process = self._process
        if process is not None and process.returncode is None:
            self._write(Shutdown())
            try:
                await asyncio.wait_for(process.wait(), LEAVE_S)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    def on_state(self, listener: Callable[[EngineStateChanged], None]) -> None:
        """Call `listener` on every change of state."""
        self._listeners.append(listener)

    # -- requests -----------------------------------------------------------------------------------------

    async def understand(
        self,
        threads: Sequence[Sequence[Turn]],
        *,
        priority: Priority = Priority.BATCH,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> list[ReadMessage]:
        """See `Engine.understand`."""
        request = Understand(
            id=self._next_id(),
            threads=[list(thread) for thread in threads],
            priority=priority,
            ticket_id=ticket_id,
            ticket_version=ticket_version,
        )
        reply = await self._ask(request, Understood)
        rows = rows_of(reply.vectors, reply.dimension)
        return [ReadMessage(understanding=result, vector=row) for result, row in zip(reply.results, rows, strict=True)]

    async def embed(self, texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
        """See `Engine.embed`."""
        if not texts:
            return []
        reply = await self._ask(Embed(id=self._next_id(), texts=list(texts), kind=kind, priority=priority), Embedded)
        return rows_of(reply.vectors, reply.dimension)

    async def learn(self, lessons: Sequence[Lesson], *, forget: Sequence[str] = ()) -> Learned:
        """See `Engine.learn`."""
        request = Learn(id=self._next_id(), priority=Priority.OPEN_TICKET, lessons=list(lessons), forget=list(forget))
        reply = await self._ask(request, Learned)
        self._book.note(request, reply)
        return reply

    async def recheck(
        self, messages: Sequence[SeenMessage], *, since: str, priority: Priority = Priority.PREFETCH
    ) -> list[bool]:
        """See `Engine.recheck`."""
        request = Recheck(id=self._next_id(), messages=list(messages), since=since, priority=priority)
        reply = await self._ask(request, Rechecked)
        return reply.changed

    async def rerank(self, query: str, texts: Sequence[str], *, priority: Priority = Priority.BATCH) -> list[float]:
        """See `Engine.rerank`."""
        reply = await self._ask(Rerank(id=self._next_id(), query=query, texts=list(texts), priority=priority), Reranked)
        return reply.scores

    async def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, priority: Priority = Priority.BATCH
    ) -> list[float]:
        """See `Engine.judge`."""
        request = Judge(id=self._next_id(), thread=list(thread), passages=list(passages), priority=priority)
        return (await self._ask(request, Judged)).chances

    def draft(
        self,
        order: DraftOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """See `Engine.draft`."""
        about: dict[str, Any] = {"priority": priority, "ticket_id": ticket_id, "ticket_version": ticket_version}
        return self._stream(Draft(id=self._next_id(), **about, **fields_of(order)))

    def rewrite(
        self,
        order: RewriteOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """See `Engine.rewrite`."""
        about: dict[str, Any] = {"priority": priority, "ticket_id": ticket_id, "ticket_version": ticket_version}
        return self._stream(Rewrite(id=self._next_id(), **about, **fields_of(order)))

    def summarise(
        self,
        order: SummaryOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """See `Engine.summarise`."""
        about: dict[str, Any] = {"priority": priority, "ticket_id": ticket_id, "ticket_version": ticket_version}
        return self._stream(Summarise(id=self._next_id(), **about, **fields_of(order)))

    async def status(self) -> list[ModelStatus]:
        """See `Engine.status`."""
        reply = await self._ask(Status(id=self._next_id(), priority=Priority.OPEN_TICKET), StatusReply)
        return reply.models

    # -- one request --------------------------------------------------------------------------------------

    def _next_id(self) -> str:
        return str(next(self._ids))

    async def _stream(self, request: Draft | Rewrite | Summarise) -> AsyncGenerator[DraftToken | DraftDone, None]:
        pending = self._send(request)
        try:
            while True:
                reply = await self._pending.next(pending)
                if isinstance(reply, DraftToken):
                    pending.streamed = True
                    yield reply
                elif isinstance(reply, DraftDone):
                    yield reply
                    return
                else:
                    raise _unexpected(reply)
        finally:
            self._forget(pending)

    async def _ask(self, request: AnsweredRequest, kind: type[Answer]) -> Answer:
        pending = self._send(request)
        try:
            reply = await self._pending.next(pending)
        finally:
            self._forget(pending)
        if not isinstance(reply, kind):
            raise _unexpected(reply)
        return reply

    def _send(self, request: AnsweredRequest) -> Pending:
        if self._closing or self._supervisor is None:
            raise EngineUnavailableError("The engine is not running.")
        pending = self._pending.add(request)
        pending.sent = self._write(request)
        return pending

    def _forget(self, pending: Pending) -> None:
        """Cancel what has no final reply yet: its caller went away."""
        if self._pending.drop(pending) and pending.sent:
            self._write(Cancel(id=pending.request.id))

    def _write(self, request: Request) -> bool:
        """False between two processes; what is pending is then sent when the next one says welcome."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        process.stdin.write(encode(request))
        return True

    # -- the process --------------------------------------------------------------------------------------

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_S
        state = EngineState.STARTING
        while True:
            self._announce(state)
            began = loop.time()
            code = await self._live_once()
            if self._closing:
                return
            if self._renewing:
                self._renewing, self._reply_loading = False, False
                state = EngineState.STARTING
                self._pending.settle_after_renewal()
                continue
            pause = FIRST_PAUSE_S if loop.time() - began > HEALTHY_S else pause
            log.warning("the engine ended with code %s; starting it again in %.2f s", code, pause)
            state = EngineState.RESTARTING
            self._announce(state, f"The engine stopped ({code}); it is being started again.")
            self._pending.settle_after_death(loading_reply=self._reply_loading)
            self._reply_loading = False
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _live_once(self) -> int | str:
        """Run one process to its end; returns its exit code, or the reason why it could not start."""
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", **(self._environment or {})}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=MAX_LINE,
                env=environment,
            )
        except OSError as error:
            return str(error)
        process = self._process
        logs = asyncio.create_task(pass_on_log(process), name="engine log")
        try:
            await self._read_replies(process)
            return await process.wait()
        finally:
            self._process = None
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            logs.cancel()

    async def _read_replies(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            try:
                reply = decode_reply(line)
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                log.error("the engine wrote a line that is no reply: %s", error)
                continue
            self._receive(reply)

    def _receive(self, reply: Reply) -> None:
        if isinstance(reply, Welcome):
            if reply.protocol != PROTOCOL_VERSION:
                log.error("the engine speaks protocol %d, not %d", reply.protocol, PROTOCOL_VERSION)
            self._announce(EngineState.READY)
            self._tell_again()
            for pending in self._pending.unsent():
                pending.sent = self._write(pending.request)
        elif isinstance(reply, ModelStateChanged):
            status = reply.status
            if status.name == "reply":
                self._reply_loading = status.state is EngineState.LOADING
            change = EngineStateChanged(
                model=status.name,
                state=status.state,
                detail=status.detail,
                device=status.device,
                problem=status.problem,
            )
            self._tell(change)
        else:
            self._pending.receive(reply.id, reply)

    def _tell_again(self) -> None:
        """What the engine before this one had learned; it is told first, for lessons are sent before all else."""
        if self._retelling is not None and not self._retelling.done():
            return  # that one died over it, and it is among the unsent
        if (lessons := self._book.request(self._next_id())) is not None:
            self._retelling = asyncio.create_task(self._told(self._pending.add(lessons)), name="engine lessons")

    async def _told(self, pending: Pending) -> None:
        try:
            await self._pending.next(pending)
        except EngineError as error:
            if not self._closing:
                log.error("the engine goes on without what it had learned: %s", error)
                self._book.forget()

    def _announce(self, state: EngineState, detail: str = "") -> None:
        self._tell(EngineStateChanged(model="engine", state=state, detail=detail))

    def _tell(self, change: EngineStateChanged) -> None:
        for listener in self._listeners:
            listener(change)


def _unexpected(reply: Reply) -> EngineError:
    return EngineError(f"The engine answered with {type(reply).__name__}.")
