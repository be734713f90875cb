"""The parent's side of the reading child: started at the first file, replaced when it crashes, hangs or runs full."""

import dataclasses
import os
import queue
import subprocess
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from agent_assist.domain.knowledge import Article
from agent_assist.files.child import command, environment
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import rejected
from agent_assist.knowledge.reading.limits import SECONDS, SECONDS_A_ROW, START_SECONDS
from agent_assist.knowledge.reading.wire import Done, Found, Order, Ready, Refused, Reply, decode_reply, encode

# Rows read ahead of whoever uses them; each may be a text of a megabyte.
_AHEAD = 8
TOO_LONG = "Reading the file takes too long; it is damaged or too large. Split it or save it anew, and try again."
FAILED = "The file makes the program that reads it fail; it is damaged. Save it anew and try again."


class Sandbox:
    """Parses files in a child process.

    `command` starts another program in its place, for tests; `seconds` is what one file may take.
    """

    def __init__(self, *, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = tuple(command or reading_program())
        self._seconds = seconds
        self._idle: _Child | None = None

    def parse(self, path: Path, root: Path) -> Iterator[Article | RejectedRow]:
        """Stream the rows of one file; whatever befalls the child is one rejection at the end."""
        # Absolute paths: the child's folder may not stay ours.
        order = Order(path=os.fsencode(path.absolute()), root=os.fsencode(root.absolute()))
        child, self._idle = self._idle, None
        whole = False
        try:
            child = child or _Child(self._command)
            for reply in child.replies(order, self._seconds):
                if isinstance(reply, Found):
                    yield dataclasses.replace(reply.article, source=str(path))
                elif isinstance(reply, Refused):
                    yield rejected(path, reply.reason, line=reply.line)
                else:
                    whole = isinstance(reply, Done) and not reply.last
        except _ChildError as error:
            yield rejected(path, str(error))
        finally:
            # Where nobody wanted the rest the child is amid a file.
            if whole and self._idle is None:
                self._idle = child
            elif child is not None:
                child.end()

    def close(self) -> None:
        """End the child; the next file starts another."""
        if self._idle is not None:
            self._idle.end()
            self._idle = None


class _ChildError(Exception):
    """What befell the child, as a sentence for the file under way."""


class _Child:
    """One process and the thread that waits for what it says.

    A thread, since pipes cannot be waited for with a limit on every system.
    """

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a library may print what the file says
                bufsize=0,  # the lock of a buffer that a thread waits on is fatal when the program ends
                env={**environment(), "OPENBLAS_NUM_THREADS": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise _ChildError(f"The program that reads such files cannot be started: {error.strerror}.") from error
        # A program that ends amid a file: the child dies, and with it the pipe that the thread waits on.
        weakref.finalize(self, self._process.kill)
        self._lines: queue.Queue[bytes] = queue.Queue(_AHEAD)
        self._ended = threading.Event()
        self._pumping = threading.Thread(target=self._pump, name="reading", daemon=True)
        self._pumping.start()
        self._greeted = False

    def replies(self, order: Order, seconds: float) -> Iterator[Reply]:
        """The replies to `order`, until the file is done. `seconds` of waiting are given to it, and a little more for
        each row: a table of 100,000 rows takes its time and is no hang."""
        if not self._greeted:
            self._greeted = isinstance(self._receive(START_SECONDS), Ready)
        self._send(order)
        while seconds > 0 or not self._lines.empty():
            started = time.monotonic()
            reply = self._receive(seconds)
            seconds += SECONDS_A_ROW - (time.monotonic() - started)
            yield reply
            if isinstance(reply, Done):
                return
        raise _ChildError(TOO_LONG)

    def _send(self, order: Order) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(order))
            self._process.stdin.flush()
        except OSError:
            raise _ChildError("The program that reads such files has ended; try again.") from None

    def _receive(self, seconds: float) -> Reply:
        """The next reply. Raises `_ChildError` when none comes in time or at all."""
        try:
            line = self._lines.get(timeout=max(0.0, seconds))
            return decode_reply(line)
        except queue.Empty:
            raise _ChildError(TOO_LONG) from None
        except msgspec.DecodeError:  # an empty line stands for the end
            raise _ChildError(FAILED) from None

    def end(self) -> None:
        """Kill it; nothing it holds is of use to anybody."""
        self._ended.set()
        self._process.kill()
        self._process.wait()
        self._pumping.join(timeout=5.0)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _pump(self) -> None:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        begun: list[bytes] = []
        while chunk := os.read(pipe, 1 << 16):
            *lines, rest = chunk.split(b"\n")
            if lines:
                lines[0] = b"".join([*begun, lines[0]])
                begun = []
            begun.append(rest)
            for line in lines:
                self._put(line)
        self._put(b"")

    def _put(self, line: bytes) -> None:
        while not self._ended.is_set():
            with suppress(queue.Full):
                self._lines.put(line, timeout=0.2)
                return


def reading_program() -> list[str]:
    """Command line of the child."""
    return command("agent_assist.knowledge.reading")
