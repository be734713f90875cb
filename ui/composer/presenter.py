"""The suggestion and the agent's own text for the open ticket. No Qt.

The agent's typing is never overwritten: a suggestion goes into the editor only when that is empty and only when asked.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from agent_assist.domain.feedback import NO_ORIGIN, FeedbackEvent, Origin, RejectReason
from agent_assist.domain.suggestion import (
    NoneReason,
    ReplyCheck,
    SentenceSource,
    Source,
    Suggestion,
    SuggestionKind,
)
from agent_assist.domain.tickets import Role, TicketState
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.errors import EngineError
from agent_assist.services.suggestions import DraftChunk, DraftRestarted, SourcesFound, SuggestionReady
from ui.composer.own_text import OwnText
from ui.composer.phases import Confirm, Phase, rejected
from ui.composer.places import Place, Places
from ui.composer.renewal import Renewal, Why
from ui.composer.watch import ReplyWatch
from ui.observable import Changes
from ui.ports import Feedback, Knowledge, ReplyChecks, Suggestions, Tickets, TicketView
from ui.tasks import Scope

__all__ = ["ComposerPresenter", "Confirm", "Phase", "Place"]

Recorded = Callable[[FeedbackEvent], None]


class ComposerPresenter:
    """`changes` tells of the card, `replaced` that the editor's text was set from here, `hinted` passes a remark."""

    def __init__(
        self,
        *,
        tickets: Tickets,
        suggestions: Suggestions,
        feedback: Feedback,
        reply_checks: ReplyChecks,
        knowledge: Knowledge,
        scope: Scope,
        recorded: Recorded,
        typing: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._suggestions = suggestions
        self._feedback = feedback
        self._scope = scope
        self._recorded = recorded
        self._typing = typing
        self._clock = clock
        self._opened = 0.0
        self._left = False
        self._before: Suggestion | None = None
        self.view: TicketView | None = None
        self.phase = Phase.IDLE
        self.suggestion: Suggestion | None = None
        self.sources: tuple[Source, ...] = ()
        self.draft = ""
        self.rejected_as: RejectReason | None = None
        self.confirming: Confirm | None = None
        self.pointed: SentenceSource | None = None
        self.origin: Callable[[], Origin] = lambda: NO_ORIGIN  # what a reply came from beside the suggestion
        self.changes = Changes()
        self.replaced = Changes()
        self.renewal = Renewal()
        self._own = OwnText(tickets, scope, self.changes, self.replaced)
        self._places = Places(knowledge, scope, self.changes)
        self._watch = ReplyWatch(reply_checks, scope, self.changes)

    # opening and leaving a ticket

    def show(self, view: TicketView | None) -> None:
        """Show a ticket, newly opened or loaded again after a change."""
        before = self.view
        same = before is not None and view is not None and before.ticket.id == view.ticket.id
        if not same:
            self.leave()
            self._opened = self._clock()
            self.renewal.forget()
        self._left = False
        self.view = view
        if view is None:
            self._reset(Phase.IDLE)
        elif not same:
            self._own.show(view.composer)
            self._begin(view)
        elif before is not None and before.ticket.version != view.ticket.version:
            if not self.text:
                self._own.show(view.composer)
            messages = view.ticket.messages
            if len(messages) > len(before.ticket.messages) and messages[-1].role is Role.CUSTOMER:
                self.renewal.withdraw(Why.MESSAGE, self.draft)
            else:
                self.renewal.forget()
            self._begin(view)
        elif self.phase is Phase.REJECTED and not rejected(view):
            self._begin(view)
        self.changes.notify()

    def leave(self) -> None:
        """Keep the text and stop what was being written: another ticket is on its way.

        Until it is there nothing can be sent, or a quick hand would answer the ticket it has just left.
        """
        self.save()
        self._scope.cancel("suggest")
        self._left = True

    async def finish(self) -> None:
        """Like `leave`, and the text is stored when this returns."""
        self.leave()
        await self._own.stored()

    @property
    def text(self) -> str:
        """The agent's own text."""
        return self._own.text

    def typed(self, text: str) -> None:
        """The agent changed the editor's text."""
        self._own.text = text
        self._typing()
        if self.confirming is not None:
            self.confirming = None
            self.changes.notify()

    def look_over(self) -> None:
        """Look the text over: the agent paused."""
        if self.view is not None and not self._left and self.text.strip():
            self._watch.look_over(self.view.ticket.id, self.text, self._present())

    @property
    def check(self) -> ReplyCheck:
        """What is the matter with the text as it stands, as far as it is known."""
        return self._watch.found_in(self.text)

    def save(self) -> None:
        """Store the text if it is not stored yet."""
        if self.view is not None:
            self._own.save(self.view.ticket.id)

    @property
    def kept(self) -> bool:
        """Whether there is a text and it is stored as it stands."""
        return self._own.is_kept(self.view.ticket.id if self.view else "")

    # the suggestion

    @property
    def can_accept(self) -> bool:
        """Whether there is a whole suggestion to send or to edit."""
        return self.phase is Phase.READY and not self._left and not self._scope.busy("act")

    @property
    def can_take(self) -> bool:
        """Whether there is something to put into the editor: a suggestion, or a question to ask back."""
        asks = self.phase is Phase.NONE and self.suggestion is not None and bool(self.suggestion.clarifying)
        return (self.phase is Phase.READY or asks) and not self._left and not self._scope.busy("act")

    def ask(self, *, again: bool = False, wish: Wish = NO_WISH) -> None:
        """Ask for a suggestion; `again` for another than the one kept, with a `wish` for one as it says."""
        view = self.view
        if view is None:
            return
        ticket_id, before = view.ticket.id, self._present()
        self._reset(Phase.SEARCHING)
        self._before = before if before is not None and before.ticket_version == view.ticket.version else None
        self._scope.restart("suggest", lambda: self._follow(ticket_id, again, wish))
        self.changes.notify()

    def stop(self) -> bool:
        """Write no further; False where nothing is written. What stood before stands again."""
        if not self._scope.busy("suggest"):
            return False
        before = self._before
        self._reset(Phase.STOPPED)
        if before is not None:
            self._finish(before)
        self.changes.notify()
        return True

    def show_candidate(self, suggestion: Suggestion) -> None:
        """Show another candidate for the same ticket in the place of the suggestion."""
        self._reset(Phase.IDLE)
        self._finish(suggestion)
        self.changes.notify()

    def engine_ready(self) -> None:
        """The engine is back: ask again for what it could not give."""
        if self.phase is Phase.AWAY:
            self.ask()

    def check_standing(self, why: Why) -> None:
        """Something changed that the suggestion on the screen may rest on: withdraw and renew it where it does."""
        suggestion = self.suggestion
        if suggestion is None or self.phase not in (Phase.READY, Phase.NONE):
            return

        async def work() -> None:
            if not await self._suggestions.stands(suggestion) and self.suggestion is suggestion:
                self.renewal.withdraw(why, self.draft)
                self.ask(wish=suggestion.wish)
                self._before = None  # it must not come back

        self._scope.restart("standing", work)

    def look_back(self) -> None:
        """Show the withdrawn draft, or hide it again."""
        self.renewal.look()
        self.changes.notify()

    def take(self) -> bool:
        """Put the suggestion (or the question to ask back) into the empty editor; False when there is none or the
        editor has text."""
        return self.can_take and self.suggestion is not None and self.write(self.suggestion.text)

    def write(self, text: str) -> bool:
        """Put a text into the empty editor; False when there is none or the editor has one."""
        if self.view is None or self._left or not text or self.text.strip():
            return False
        self._own.show(text, saved=False)
        self.save()
        return True

    def put(self, text: str) -> None:
        """Put a text into the editor that the agent took; what stood there comes back by the editor's own undo."""
        self._own.show(text, saved=False)
        self.save()
        self.changes.notify()

    def expand(self, number: int) -> None:
        """Show source `number` in its place, or fold it up again."""
        self._places.toggle(number, self.sources)

    @property
    def places(self) -> dict[int, Place | None]:
        """The place of each source that is folded out, by its number; None while it is looked up."""
        return self._places.shown

    def point(self, character: int) -> None:
        """The agent points at a character of the draft: its sentence's source is shown."""
        told = self.suggestion.sentences if self.suggestion and self.phase is Phase.READY else ()
        found = next((one for one in told if one.start <= character < one.end and one.source is not None), None)
        if found != self.pointed:
            self.pointed = found
            self.changes.notify()

    # acts

    def accept(self) -> None:
        """Send the suggestion as it is. Doubts are confirmed by a second press."""
        suggestion = self.suggestion
        if not self.can_accept or suggestion is None:
            return
        doubt = self._doubt(suggestion)
        if doubt is not None and self.confirming is not doubt:
            self.confirming = doubt
            self.changes.notify()
            return
        seconds, origin = self._seconds(), self.origin()
        self._act(
            lambda: self._feedback.accept(suggestion, confirmed=suggestion.doubts, seconds_open=seconds, origin=origin),
            sends=True,
        )

    def send(self) -> bool:
        """Send the agent's text; False when there is none. What it says without a source is confirmed by a second
        press."""
        view, text = self.view, self.text
        if view is None or self._left or not text.strip():
            return False
        suggestion, seconds, origin = self._present(), self._seconds(), self.origin()
        confirmed = self.confirming is Confirm.EDITED

        async def work() -> FeedbackEvent | None:
            check = await self._watch.look_now(view.ticket.id, text, suggestion)
            if check.doubts and not check.blocking and not confirmed:
                self._ask_to_confirm(text)
                return None
            return await self._feedback.send(
                view.ticket.id,
                text,
                suggestion=suggestion,
                confirmed=check.doubts,
                seconds_open=seconds,
                origin=origin,
            )

        self._act(work, sends=True)
        return True

    def keep_note(self) -> None:
        """Keep the suggestion's next action as an internal note."""
        suggestion = self.suggestion
        if suggestion is not None and not self._left:
            self._act(lambda: self._feedback.note(suggestion))

    def reject(self, reason: RejectReason) -> None:
        """Say that the suggestion is no good."""
        suggestion = self.suggestion
        if not self.can_accept or suggestion is None:
            return

        def show() -> None:
            self.phase, self.rejected_as = Phase.REJECTED, reason

        self._act(lambda: self._feedback.reject(suggestion, reason), after=show)

    # inside

    def _act(
        self,
        act: Callable[[], Awaitable[FeedbackEvent | None]],
        *,
        sends: bool = False,
        after: Callable[[], None] | None = None,
    ) -> None:
        sent = self.text

        async def work() -> None:
            event = await act()
            if event is None:
                return
            self.confirming = None
            if sends and self.text == sent:
                self._own.show("")
            if after is not None:
                after()
            self._recorded(event)

        self._scope.start("act", work)
        self.changes.notify()

    def _present(self) -> Suggestion | None:
        """The suggestion that the text in the editor goes with."""
        return self.suggestion if self.phase in (Phase.READY, Phase.NONE) else None

    def _ask_to_confirm(self, text: str) -> None:
        if self.text == text:
            self.confirming = Confirm.EDITED
            self.changes.notify()

    def _begin(self, view: TicketView) -> None:
        kept = view.suggestion
        if kept is not None and kept.ticket_version == view.ticket.version:
            self._reset(Phase.IDLE)
            self._finish(kept)
            if rejected(view):
                self.phase, self.rejected_as = Phase.REJECTED, rejected(view)
        elif view.ticket.state is TicketState.WAITING:
            self.ask()
        else:
            self._reset(Phase.ANSWERED)

    def _reset(self, phase: Phase) -> None:
        self._scope.cancel("suggest")
        self.phase = phase
        self.suggestion, self.sources, self.draft, self._before = None, (), "", None
        self.confirming, self.rejected_as = None, None
        self._places.forget()
        self.pointed = None
        self._watch.forget()

    def _doubt(self, suggestion: Suggestion) -> Confirm | None:
        if self.text.strip() and self.text.strip() != suggestion.draft.strip():
            return Confirm.OWN_TEXT
        return Confirm.UNSUPPORTED if suggestion.unsupported else None

    def _seconds(self) -> float:
        return self._clock() - self._opened

    async def _follow(self, ticket_id: str, again: bool, wish: Wish) -> None:
        try:
            async with aclosing(self._suggestions.suggest(ticket_id, again=again, wish=wish)) as steps:
                async for step in steps:
                    self._take_step(step)
                    self.changes.notify()
        except EngineError:
            self._reset(Phase.AWAY)
            self.changes.notify()

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
