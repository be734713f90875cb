"""The suggestion for the open ticket, from the asking to its last word. No Qt."""

from collections.abc import Callable
from contextlib import aclosing

from agent_assist.domain.feedback import RejectReason
from agent_assist.domain.suggestion import NoneReason, Source, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.errors import EngineError
from agent_assist.services.suggestions import DraftChunk, DraftRestarted, SourcesFound, SuggestionReady
from ui.composer.phases import Phase
from ui.observable import Changes
from ui.ports import Suggestions
from ui.tasks import Scope

ASK, STANDING = "suggest", "standing"


class Offer:
    """What is offered, as far as it is there. `changes` tells of it; `cleared` is called when it makes room."""

    def __init__(
        self, suggestions: Suggestions, scope: Scope, changes: Changes, *, cleared: Callable[[], None] = lambda: None
    ) -> None:
        self._suggestions = suggestions
        self._scope = scope
        self._changes = changes
        self._cleared = cleared
        self._before: Suggestion | None = None
        self.phase = Phase.IDLE
        self.suggestion: Suggestion | None = None
        self.sources: tuple[Source, ...] = ()
        self.draft = ""
        self.rejected_as: RejectReason | None = None

    @property
    def present(self) -> Suggestion | None:
        """The suggestion that a text in the editor goes with."""
        return self.suggestion if self.phase in (Phase.READY, Phase.NONE) else None

    def ask(self, ticket: Ticket, *, again: bool = False, wish: Wish = NO_WISH) -> None:
        """Ask for a suggestion; what stood before for the same thread comes back where that is stopped."""
        before = self.present
        self.clear(Phase.SEARCHING)
        self._before = before if before is not None and before.ticket_version == ticket.version else None
        self._scope.restart(ASK, lambda: self._follow(ticket.id, again, wish))
        self._changes.notify()

    def leave(self) -> None:
        """Another ticket is on its way: write no further."""
        self._scope.cancel(ASK)

    def stop(self) -> bool:
        """Write no further; False where nothing is written. What stood before stands again."""
        if not self._scope.busy(ASK):
            return False
        before = self._before
        self.clear(Phase.STOPPED)
        if before is not None:
            self._finish(before)
        self._changes.notify()
        return True

    def show(self, suggestion: Suggestion, *, rejected_as: RejectReason | None = None) -> None:
        """Offer a whole suggestion, or tell that it was rejected."""
        self.clear(Phase.IDLE)
        self._finish(suggestion)
        if rejected_as is not None:
            self.reject(rejected_as)

    def reject(self, reason: RejectReason) -> None:
        """It was no good."""
        self.phase, self.rejected_as = Phase.REJECTED, reason

    def clear(self, phase: Phase) -> None:
        """Offer nothing; `phase` says why."""
        self._scope.cancel(ASK)
        self.phase = phase
        self.suggestion, self.sources, self.draft, self._before = None, (), "", None
        self.rejected_as = None
        self._cleared()

    def check_standing(self, fallen: Callable[[Suggestion], None]) -> None:
        """Look whether all that it rests on still says so; `fallen` is called where it does not."""
        suggestion = self.present
        if suggestion is None:
            return

        async def work() -> None:
            if not await self._suggestions.stands(suggestion) and self.suggestion is suggestion:
                fallen(suggestion)
                self._before = None  # it must not come back

        self._scope.restart(STANDING, work)

    async def _follow(self, ticket_id: str, again: bool, wish: Wish) -> None:
        try:
            async with aclosing(self._suggestions.suggest(ticket_id, again=again, wish=wish)) as steps:
                async for step in steps:
                    self._take_step(step)
                    self._changes.notify()
        except EngineError:
            self.clear(Phase.AWAY)
            self._changes.notify()

    def _take_step(self, step: object) -> None:
        match step:
            case SourcesFound(sources=sources):
                self.sources = sources
            case DraftChunk(text=text):
                self.phase = Phase.WRITING
                self.draft += text
            case DraftRestarted():
                self.draft = ""
            case SuggestionReady(suggestion=suggestion):
                self._finish(suggestion)

    def _finish(self, suggestion: Suggestion) -> None:
        self.suggestion, self.draft, self.sources = suggestion, suggestion.text, suggestion.sources
        if suggestion.kind is not SuggestionKind.NONE:
            self.phase = Phase.READY
        elif suggestion.reason is NoneReason.ENGINE_UNAVAILABLE:
            self.phase = Phase.AWAY
        else:
            self.phase = Phase.NONE
