"""The program's side of the picture child: started at the first picture, replaced when it crashes or hangs."""

import asyncio
from collections.abc import Sequence

import msgspec

from agent_assist.domain.attachments import Picture, PictureFault
from agent_assist.files.child import command, environment
from agent_assist.pictures.limits import IDLE_SECONDS, SECONDS, START_SECONDS
from agent_assist.pictures.wire import Order, Reply, decode_reply, encode


class PictureReader:
    """Decodes pictures, one after the other.

    `command` starts another program in its place, for tests; `seconds` is what one picture may take.
    """

    def __init__(self, *, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = tuple(command or picture_program())
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def read(self, data: bytes, *, width: int, height: int) -> Picture | PictureFault:
        """The picture at most `width` x `height` pixels large, or why there is none. Whatever befalls the child is the
        picture's fault; the next one gets a new child."""
        async with self._turn:
            self._stop_idling()
            try:
                child = self._child or await self._start()
                async with asyncio.timeout(self._seconds):
                    return await _ask(child, data, width, height)
            except TimeoutError:
                await self._end()
                return PictureFault.TOO_LONG
            except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError):
                await self._end()
                return PictureFault.BROKEN
            except BaseException:  # cancelled amid a picture: what the child says next would be of the wrong one
                await self._end()
                raise
            finally:
                self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._kill)

    async def close(self) -> None:
        """End the child; the next picture starts another."""
        async with self._turn:
            self._stop_idling()
            await self._end()

    async def _start(self) -> asyncio.subprocess.Process:
        child = self._child = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a library may print what the file says
            env=environment(),
        )
        assert child.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            decode_reply(await child.stdout.readline())
        return child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            child.kill()
            await child.wait()

    def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None and not self._turn.locked():
            self._child.kill()
            self._child = None

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


async def _ask(child: asyncio.subprocess.Process, data: bytes, width: int, height: int) -> Picture | PictureFault:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(encode(Order(size=len(data), width=width, height=height)) + data)
    await child.stdin.drain()
    reply: Reply = decode_reply(await child.stdout.readline())
    if reply.fault is not None:
        return reply.fault
    if reply.width > width or reply.height > height or reply.width < 1 or reply.height < 1:
        return PictureFault.BROKEN
    return Picture(
        width=reply.width,
        height=reply.height,
        pixels=await child.stdout.readexactly(reply.size),
        full_width=reply.full_width,
        full_height=reply.full_height,
    )


def picture_program() -> list[str]:
    """Command line of the child."""
    return command("agent_assist.pictures", frozen=("pictures",))
