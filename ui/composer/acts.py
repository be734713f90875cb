"""One act of the agent at a time, from the key to what is stored. No Qt."""

from collections.abc import Awaitable, Callable

from agent_assist.domain.feedback import FeedbackEvent
from ui.observable import Changes
from ui.tasks import Scope

ACT = "act"
Recorded = Callable[[FeedbackEvent], None]


class Acts:
    """`recorded` is told of every act that is stored, `gone` after it of those that leave their ticket behind."""

    def __init__(self, scope: Scope, changes: Changes, *, recorded: Recorded, gone: Recorded) -> None:
        self._scope = scope
        self._changes = changes
        self._recorded, self._gone = recorded, gone

    @property
    def busy(self) -> bool:
        """Whether one is being stored; another is not begun meanwhile, however often a key is pressed."""
        return self._scope.busy(ACT)

    def do(
        self,
        act: Callable[[], Awaitable[FeedbackEvent | None]],
        *,
        done: Callable[[], None] = lambda: None,
        goes_on: bool = False,
    ) -> None:
        """Store an act, then call `done`. An act that gives None was not done after all."""

        async def work() -> None:
            event = await act()
            if event is None:
                return
            done()
            self._recorded(event)
            if goes_on:
                self._gone(event)

        self._scope.start(ACT, work)
        self._changes.notify()
