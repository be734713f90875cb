"""Programs of the neural half: what they print is streamed, and what they log is passed on."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from agent_assist.engine.programs import neural_program
from agent_assist.errors import EngineError

log = logging.getLogger(__name__)

# A line may hold a whole report.
_MAX_LINE = 64_000_000


async def child_lines(module: str, *arguments: str) -> AsyncGenerator[bytes, None]:
    """Stream what `module` prints. The process ends with the generator, whatever ends that.

    Raises `EngineError` with the last line of its standard error where it fails without having printed why.
    """
    process = await asyncio.create_subprocess_exec(
        *neural_program(module, *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_MAX_LINE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    try:
        while line := await process.stdout.readline():
            yield line
        if await process.wait() != 0:
            told = (await errors).decode("utf-8", "replace").strip().splitlines()
            raise EngineError(told[-1] if told else f"{module} ended with code {process.returncode}.")
    finally:
        errors.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def pass_on_log(process: asyncio.subprocess.Process) -> None:
    """The engine's standard error, line by line, until its end."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        log.debug("engine: %s", line.decode("utf-8", "replace").rstrip())
