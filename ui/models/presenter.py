"""The models: their state, the self-test, and taking one's own in. No Qt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged
from agent_assist.errors import AgentAssistError
from agent_assist.services.self_test import Outcome, Part, SelfTestStep
from ui.observable import Changes
from ui.ports.program import ModelCard, Models, ModelState, SelfTest
from ui.tasks import Scope

REPLY, SERVER = "reply", "server"


@dataclass(frozen=True, slots=True)
class Copying:
    """A model is being tried, then copied; `total` is 0 before the copying begins."""

    name: str
    done: int = 0
    total: int = 0


class ModelsPresenter:
    """`loaded_anew` is called after the models were loaded anew by wish. `changes` tells of anything new."""

    def __init__(
        self,
        models: Models,
        self_test: SelfTest,
        scope: Scope,
        *,
        loaded_anew: Callable[[], object] = lambda: None,
    ) -> None:
        self._models = models
        self._self_test = self_test
        self._scope = scope
        self._loaded_anew = loaded_anew
        self._events: dict[str, EngineStateChanged] = {}
        self.active = False
        self.states: Sequence[ModelState] = ()
        self.cards: Sequence[ModelCard] | None = None
        self.steps: dict[Part, SelfTestStep] = {}
        self.copying: Copying | None = None
        self.problem = ""
        self.notes: tuple[str, ...] = ()
        self.needs_loading = False
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    # what is shown

    @property
    def testing(self) -> bool:
        """Whether the self-test runs."""
        return self._scope.busy("self-test")

    @property
    def loading(self) -> bool:
        """Whether the models are being loaded anew by wish."""
        return self._scope.busy("load")

    def card_of(self, role: str) -> ModelCard | None:
        """The model on this machine that does a role ("encoder", "reply", "reranker")."""
        kinds = {REPLY, SERVER} if role == REPLY else {role}
        found = [card for card in self.cards or () if card.kind in kinds and not card.shipped]
        return next((card for card in found if card.active), found[0] if found else None)

    @property
    def starter(self) -> ModelCard | None:
        """The reply model that came with the program, where another one is chosen."""
        chosen = self.card_of(REPLY)
        found = next((c for c in self.cards or () if c.kind == REPLY and not c.own and not c.shipped), None)
        return None if chosen is None or found is None or chosen.name == found.name else found

    @property
    def adapters(self) -> Sequence[ModelCard]:
        """The user's adapters, which are used with their reply model."""
        return [card for card in self.cards or () if card.kind == "adapter" and card.own]

    def event(self, role: str) -> EngineStateChanged | None:
        """The newest state that the engine told of a model, where it has not said more."""
        return self._events.get(role) or self._events.get("engine")

    # what happens

    def activate(self) -> None:
        """The screen is looked at: read everything anew."""
        self.active = True
        self.refresh()

    def deactivate(self) -> None:
        """Nobody looks; the self-test goes on."""
        self.active = False

    def handle(self, event: DomainEvent) -> None:
        """A model loads, is ready, or is gone."""
        if not isinstance(event, EngineStateChanged):
            return
        self._events[event.model] = event
        if event.model == "engine" and event.state is not EngineState.READY:
            self._events = {"engine": event}
            self.states = ()
        if self.active:
            self.refresh()

    def refresh(self) -> None:
        """Read the list, then ask the engine, which may take a while to answer."""
        self._scope.restart("list", self._list)
        self._scope.restart("status", self._status)

    async def _list(self) -> None:
        self.cards = await self._models.list()
        self.changes.notify()

    async def _status(self) -> None:
        self.states = await self._models.status()
        self.changes.notify()

    # the self-test

    def test(self) -> None:
        """Try everything, unless that is under way."""
        if not self.testing:
            self.steps = {}
            self._scope.start("self-test", self._run_test)

    def cancel_test(self) -> None:
        """Leave it; what was tried is still shown."""
        self._scope.cancel("self-test")
        self.steps = {part: step for part, step in self.steps.items() if step.outcome is not Outcome.RUNNING}
        self.changes.notify()

    async def _run_test(self) -> None:
        async with aclosing(self._self_test.run()) as steps:
            async for step in steps:
                self.steps[step.part] = step
                self.changes.notify()

    # other models

    def add(self, path: Path) -> None:
        """Try a file or a folder, and take it in where it can be used."""

        async def work() -> None:
            loop = asyncio.get_running_loop()

            def report(done: int, total: int) -> None:  # called in the thread that copies
                loop.call_soon_threadsafe(self._copied, done, total)

            self.copying = Copying(path.name)
            self.changes.notify()
            _, self.notes = await self._models.add(path, progress=report)

        self._take_in(work)

    def add_server(self, url: str, *, key: str = "", allow_public: bool = False) -> None:
        """Ask a server of the local network for its model, and use that."""

        async def work() -> None:
            self.copying = Copying(url)
            self.changes.notify()
            await self._models.add_server(url.strip(), key=key, allow_public=allow_public)

        self._take_in(work)

    def cancel_adding(self) -> None:
        """Do not take it, after all; nothing of it stays."""
        self._scope.cancel("add")
        self.copying = None
        self.changes.notify()

    def use(self, card: ModelCard) -> None:
        """Make a model the one of its kind."""
        self._change(lambda: self._models.use(card.name))

    def leave(self, card: ModelCard) -> None:
        """Use a reranker no longer."""
        self._change(lambda: self._models.leave(card.name))

    def remove(self, card: ModelCard) -> None:
        """Delete a model that was added."""
        self._change(lambda: self._models.remove(card.name))

    def load_anew(self) -> None:
        """Let the engine load what is chosen and set by now."""

        async def work() -> None:
            self.steps = {}
            await self._models.load_anew()
            self.needs_loading = False
            self._loaded_anew()
            self.changes.notify()

        self._scope.start("load", work)

    def _copied(self, done: int, total: int) -> None:
        if self.copying is not None:
            self.copying = Copying(self.copying.name, done, total)
            self.changes.notify()

    def _take_in(self, work: Callable[[], Awaitable[None]]) -> None:
        async def guarded() -> None:
            self.problem, self.notes = "", ()
            try:
                await work()
                self.needs_loading = True
                await self._list()
            except AgentAssistError as error:
                self.problem = str(error)
            finally:
                self.copying = None
            self.changes.notify()

        self._scope.start("add", guarded)

    def _change(self, act: Callable[[], Awaitable[object]]) -> None:
        async def work() -> None:
            self.problem, self.notes = "", ()
            try:
                await act()
                self.needs_loading = True
            except AgentAssistError as error:
                self.problem = str(error)
            await self._list()

        self._scope.start("change", work)
