"""Models and their self-test in memory."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from agent_assist.domain.events import EngineState
from agent_assist.engine.protocol import ModelStatus
from agent_assist.engine.registry import ModelInfo
from agent_assist.errors import InputError
from agent_assist.services.self_test import Outcome, Part, SelfTestStep

WHY_CPU = "CPU: no GPU was found; context 4,096 of 32,768: 9.1 GB free"


def card(name: str, kind: str, *, active: bool = True, own: bool = False, shipped: bool = False) -> ModelInfo:
    return ModelInfo(
        name=name,
        kind=kind,
        version="2026.11",
        license="Gemma" if kind == "reply" else "MIT",
        base="",
        path=f"/models/{kind}/{name}",
        size=253_000_000,
        active=active,
        shipped=shipped,
        own=own,
    )


class ModelsDouble:
    """`hold`, where it is set, keeps additions waiting; `refusal` refuses them."""

    def __init__(self) -> None:
        self.cards = {
            one.name: one
            for one in (
                card("e5-small", "encoder"),
                card("gemma3-270m", "reply"),
                card("starter", "heads", shipped=True),
                card("reply-starter", "adapter", shipped=True),
            )
        }
        self.states = [
            ModelStatus(
                name="encoder",
                state=EngineState.READY,
                version="e5",
                device="cpu",
                detail="CPU (onnxruntime, int8): no NVIDIA driver was found",
                memory_mb=212.4,
            ),
            ModelStatus(
                name="reply", state=EngineState.READY, version="g3", device="cpu", detail=WHY_CPU, memory_mb=431.0
            ),
        ]
        self.added: list[object] = []
        self.loads = 0
        self.hold: asyncio.Event | None = None
        self.refusal = ""

    async def list(self) -> tuple[ModelInfo, ...]:
        return tuple(self.cards.values())

    async def status(self) -> tuple[ModelStatus, ...]:
        return tuple(self.states)

    async def add(
        self,
        path: Path,
        *,
        name: str = "",
        base: str = "",
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> tuple[ModelInfo, tuple[str, ...]]:
        progress(30, 100)
        await self._wait()
        self.added.append(path)
        self._choose(added := card(path.stem, "reply", own=True))
        return added, ("it has no chat template, so a plain prompt is used",)

    async def add_server(
        self, url: str, *, name: str = "", model: str = "", key: str = "", allow_public: bool = False
    ) -> ModelInfo:
        await self._wait()
        self.added.append((url, key, allow_public))
        self._choose(added := card("served", "server", own=True))
        return added

    async def use(self, name: str) -> ModelInfo:
        self._choose(self.cards[name])
        return self.cards[name]

    async def leave(self, name: str) -> ModelInfo:
        self.cards[name] = card(name, self.cards[name].kind, active=False, own=True)
        return self.cards[name]

    async def remove(self, name: str) -> ModelInfo:
        return self.cards.pop(name)

    async def load_anew(self) -> None:
        self.loads += 1

    async def _wait(self) -> None:
        if self.hold is not None:
            await self.hold.wait()
        if self.refusal:
            raise InputError(self.refusal)

    def _choose(self, chosen: ModelInfo) -> None:
        alike = {"reply", "server"} if chosen.kind in {"reply", "server"} else {chosen.kind}
        for name, one in self.cards.items():
            if one.kind in alike and not one.shipped:
                self.cards[name] = card(name, one.kind, active=False, own=one.own)
        self.cards[chosen.name] = card(chosen.name, chosen.kind, own=chosen.own)


class SelfTestDouble:
    """`hold`, where it is set, is waited for before writing; `fails` has the sentence of each part that fails."""

    def __init__(self) -> None:
        self.hold: asyncio.Event | None = None
        self.fails: dict[Part, str] = {}
        self.left = False

    async def run(self) -> AsyncGenerator[SelfTestStep, None]:
        try:
            for part in Part:
                yield SelfTestStep(part=part, outcome=Outcome.RUNNING, done=1, total=2)
                if part is Part.WRITING and self.hold is not None:
                    await self.hold.wait()
                problem = self.fails.get(part, "")
                yield SelfTestStep(
                    part=part,
                    outcome=Outcome.FAILED if problem else Outcome.PASSED,
                    milliseconds=None if part is Part.FILES else 12.4,
                    tokens_per_second=55.2 if part is Part.WRITING else None,
                    problem=problem,
                )
        except GeneratorExit:
            self.left = True
            raise
