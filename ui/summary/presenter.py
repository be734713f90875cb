"""The summary of the open thread: written when it is asked for, shown again where it is kept. No Qt."""

from contextlib import aclosing

from agent_assist.domain.summary import Summary
from agent_assist.domain.wording import Refusal
from agent_assist.services.summaries import SummaryProgress, SummaryReady, SummaryRefused
from ui.observable import Changes
from ui.ports import Summaries, TicketView
from ui.tasks import Scope

WRITE, LOOK = "summarise", "look for a summary"
# A thread that is read at a glance needs no summary.
FEWEST_MESSAGES = 3


class SummaryPresenter:
    """`changes` tells that there is something else to show."""

    def __init__(self, summaries: Summaries, scope: Scope) -> None:
        self._summaries = summaries
        self._scope = scope
        self._about: tuple[str, int] | None = None
        self.summary: Summary | None = None
        self.refusal: Refusal | None = None
        self.share = 0.0
        self.unfolded = False
        self.messages = 0
        self.changes = Changes()
        scope.changes.subscribe(self.changes.notify)

    @property
    def writing(self) -> bool:
        """Whether a summary is being written."""
        return self._scope.busy(WRITE)

    @property
    def offered(self) -> bool:
        """Whether the bar is worth its place: the thread is long, or there is something in it."""
        something = self.summary is not None or self.refusal is not None or self.writing
        return self._about is not None and (something or self.messages >= FEWEST_MESSAGES)

    def show(self, view: TicketView | None) -> None:
        """Show a ticket, newly opened or loaded again."""
        about = (view.ticket.id, view.ticket.version) if view else None
        self.messages = len(view.ticket.messages) if view else 0
        if about == self._about:
            return
        self._scope.cancel(WRITE)
        self._scope.cancel(LOOK)
        self._about = about
        self.summary, self.refusal, self.share = None, None, 0.0
        if about is not None:
            self._scope.restart(LOOK, lambda: self._look(about))
        self.changes.notify()

    def toggle(self) -> None:
        """Unfold the bar, with a summary written where there is none; or fold it up, which stops the writing."""
        if self._about is None:
            return
        self.unfolded = not self.unfolded
        if not self.unfolded:
            self.stop()
        elif self.summary is None:
            self.write()
        self.changes.notify()

    def write(self, *, again: bool = False) -> None:
        """Have a summary written."""
        about = self._about
        if about is not None:
            self.refusal, self.share, self.unfolded = None, 0.0, True
            self._scope.restart(WRITE, lambda: self._write(about, again))
            self.changes.notify()

    def stop(self) -> bool:
        """Stop the writing; False where nothing is written."""
        busy = self.writing
        self._scope.cancel(WRITE)
        self.changes.notify()
        return busy

    async def _look(self, about: tuple[str, int]) -> None:
        kept = await self._summaries.kept(about[0])
        if about == self._about and self.summary is None:
            self.summary = kept
            self.changes.notify()

    async def _write(self, about: tuple[str, int], again: bool) -> None:
        async with aclosing(self._summaries.summarise(about[0], again=again)) as steps:
            async for step in steps:
                match step:
                    case SummaryProgress(written=written, about=expected):
                        self.share = min(1.0, written / max(1, expected))
                    case SummaryReady(summary=summary):
                        self.summary = summary
                    case SummaryRefused(refusal=refusal):
                        self.refusal = refusal
                self.changes.notify()
