"""The suggestion and the agent's own text for the open ticket. No Qt.

The agent's typing is never overwritten: a suggestion goes into the editor only when that is empty and only when asked.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from agent_assist.domain.feedback import NO_ORIGIN, FeedbackEvent, Origin, RejectReason
from agent_assist.domain.suggestion import ReplyCheck, SentenceSource, Source, Suggestion
from agent_assist.domain.tickets import Role, TicketState
from agent_assist.domain.wording import NO_WISH, Wish
from ui.composer.acts import Acts, Recorded
from ui.composer.canned import CannedPresenter
from ui.composer.comparing import Comparison
from ui.composer.offer import Offer
from ui.composer.own_text import OwnText
from ui.composer.phases import Confirm, Phase, rejected
from ui.composer.places import Place, Places
from ui.composer.renewal import Renewal, Why
from ui.composer.watch import ReplyWatch
from ui.observable import Changes
from ui.ports import Canned, Feedback, Knowledge, ReplyChecks, Suggestions, Tickets, TicketView
from ui.tasks import Scope

__all__ = ["ComposerPresenter", "Confirm", "Phase", "Place"]


class ComposerPresenter:
    """`changes` tells of the card, `replaced` that the editor's text was set from here. `recorded` is called with every
    act that is stored, `gone` after it with a reply that was to be sent and left behind."""

    def __init__(
        self,
        *,
        tickets: Tickets,
        suggestions: Suggestions,
        feedback: Feedback,
        reply_checks: ReplyChecks,
        canned: Canned,
        knowledge: Knowledge,
        scope: Scope,
        recorded: Recorded,
        gone: Recorded = lambda event: None,
        typing: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._feedback = feedback
        self._scope = scope
        self._typing = typing
        self._clock = clock
        self._opened = 0.0
        self._left = False
        self.view: TicketView | None = None
        self.confirming: Confirm | None = None
        self.dismissed = False  # put away by the agent, who may say why
        self.pointed: SentenceSource | None = None
        self.origin: Callable[[], Origin] = lambda: NO_ORIGIN  # what a reply came from beside the suggestion
        self.changes = Changes()
        self.replaced = Changes()
        self.renewal = Renewal()
        self.canned = CannedPresenter(canned, scope)
        self.comparison = Comparison(reply_checks, self.changes, self._two_texts)
        self._acts = Acts(scope, self.changes, recorded=recorded, gone=gone)
        self._own = OwnText(tickets, scope, self.changes, self.replaced)
        self._places = Places(knowledge, scope, self.changes)
        self._watch = ReplyWatch(reply_checks, scope, self.changes)
        self._offer = Offer(suggestions, scope, self.changes, cleared=self._cleared)

    # opening and leaving a ticket

    def show(self, view: TicketView | None) -> None:
        """Show a ticket, newly opened or loaded again after a change."""
        before = self.view
        same = before is not None and view is not None and before.ticket.id == view.ticket.id
        if not same:
            self.leave()
            self._opened = self._clock()
            self.comparison.forget()
            self.renewal.forget()
            self.canned.forget()
        self._left = False
        self.view = view
        if view is None:
            self._offer.clear(Phase.IDLE)
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
        self._offer.leave()
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
            self._watch.look_over(self.view.ticket.id, self.text, self._offer.present, self.canned.said)

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
    def phase(self) -> Phase:
        """What the card shows."""
        return self._offer.phase

    @property
    def suggestion(self) -> Suggestion | None:
        """The whole suggestion, None while there is none."""
        return self._offer.suggestion

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the suggestion rests on; known before its text is."""
        return self._offer.sources

    @property
    def draft(self) -> str:
        """The suggestion's text as far as it is written."""
        return self._offer.draft

    @property
    def rejected_as(self) -> RejectReason | None:
        """Why it was rejected."""
        return self._offer.rejected_as

    @property
    def can_reject(self) -> bool:
        """Whether there is a whole suggestion to say something about, put away or not."""
        return self.phase is Phase.READY and not self._left and not self._acts.busy

    @property
    def can_accept(self) -> bool:
        """Whether there is a whole suggestion before the agent's eyes."""
        return self.can_reject and not self.dismissed

    @property
    def can_take(self) -> bool:
        """Whether there is something to put into the editor: a suggestion, or a question to ask back."""
        asks = self.phase is Phase.NONE and self.suggestion is not None and bool(self.suggestion.clarifying)
        return self.can_accept or (asks and not self._left and not self._acts.busy)

    def ask(self, *, again: bool = False, wish: Wish = NO_WISH) -> None:
        """Ask for a suggestion; `again` for another than the one kept, with a `wish` for one as it says."""
        if self.view is not None:
            self._offer.ask(self.view.ticket, again=again, wish=wish)

    def stop(self) -> bool:
        """Write no further; False where nothing is written. What stood before stands again."""
        return self._offer.stop()

    def show_candidate(self, suggestion: Suggestion) -> None:
        """Show another candidate for the same ticket in the place of the suggestion."""
        self._offer.show(suggestion)
        self.changes.notify()

    def engine_ready(self) -> None:
        """The engine is back: ask again for what it could not give."""
        if self.phase is Phase.AWAY:
            self.ask()

    def check_standing(self, why: Why) -> None:
        """Something changed that the suggestion on the screen may rest on: withdraw and renew it where it does."""

        def fallen(suggestion: Suggestion) -> None:
            self.renewal.withdraw(why, self.draft)
            self.ask(wish=suggestion.wish)

        self._offer.check_standing(fallen)

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

    def unfold_next(self) -> int | None:
        """Show the next source in its place, alone; its number, None behind the last."""
        return self._places.unfold_next(() if self.dismissed else self.sources)

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
        """Send the suggestion as it is and go on. Doubts are confirmed by a second press."""
        suggestion = self.suggestion
        if not self.can_accept or suggestion is None:
            return
        doubt = self._doubt(suggestion)
        if doubt is not None and self.confirming is not doubt:
            self.confirming = doubt
            self.changes.notify()
            return
        seconds, origin = self._seconds(), self.origin()
        self._acts.do(
            lambda: self._feedback.accept(
                suggestion, confirmed=suggestion.doubts, seconds_open=seconds, origin=origin, held=True
            ),
            done=self._sent(),
            goes_on=True,
        )

    def send(self, *, goes_on: bool = False) -> bool:
        """Send the agent's text; False when there is none. What it says without a source is confirmed by a second
        press. With `goes_on` the ticket is left behind."""
        view, text = self.view, self.text
        if view is None or self._left or not text.strip():
            return False
        suggestion, seconds = self._offer.present, self._seconds()
        origin = replace(self.origin(), canned=self.canned.used_in(text))
        confirmed, said = self.confirming is Confirm.EDITED, self.canned.said

        async def work() -> FeedbackEvent | None:
            check = await self._watch.look_now(view.ticket.id, text, suggestion, said)
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
                held=True,
            )

        self._acts.do(work, done=self._sent(), goes_on=goes_on)
        return True

    def keep_note(self) -> None:
        """Keep the suggestion's next action as an internal note."""
        suggestion = self.suggestion
        if suggestion is not None and not self._left:
            self._acts.do(lambda: self._feedback.note(suggestion))

    def dismiss(self) -> None:
        """Put the suggestion away, so that no key takes or sends it; the agent may say why, or have it back."""
        if self.can_accept:
            self.dismissed, self.confirming = True, None
            self.changes.notify()

    def restore(self) -> None:
        """Have the dismissed suggestion back."""
        if self.dismissed:
            self.dismissed = False
            self.changes.notify()

    def reject(self, reason: RejectReason) -> None:
        """Say that the suggestion is no good."""
        suggestion = self.suggestion
        if self.can_reject and suggestion is not None:
            self._acts.do(lambda: self._feedback.reject(suggestion, reason), done=lambda: self._reject(reason))

    # inside

    def _sent(self) -> Callable[[], None]:
        """What there is to do when the reply is stored: the text that was sent goes, what was typed since stays."""
        sent = self.text

        def done() -> None:
            self.confirming = None
            if self.text == sent:
                self._own.show("")
                self.canned.forget()

        return done

    def _reject(self, reason: RejectReason) -> None:
        self.confirming, self.dismissed = None, False
        self._offer.reject(reason)

    def _ask_to_confirm(self, text: str) -> None:
        if self.text == text:
            self.confirming = Confirm.EDITED
            self.changes.notify()

    def _begin(self, view: TicketView) -> None:
        kept = view.suggestion
        if kept is not None and kept.ticket_version == view.ticket.version:
            self._offer.show(kept, rejected_as=rejected(view))
        elif view.ticket.state is TicketState.WAITING:
            self.ask()
        else:
            self._offer.clear(Phase.ANSWERED)

    def _cleared(self) -> None:
        """Something else is on offer: what was said of the one before holds no longer."""
        self.confirming, self.dismissed, self.pointed = None, False, None
        self._places.forget()
        self._watch.forget()

    def _doubt(self, suggestion: Suggestion) -> Confirm | None:
        if self.text.strip() and self.text.strip() != suggestion.draft.strip():
            return Confirm.OWN_TEXT
        return Confirm.UNSUPPORTED if suggestion.unsupported else None

    def _two_texts(self) -> tuple[str, str] | None:
        whole = self.view is not None and self.phase is not Phase.WRITING
        return (self.draft, self.text) if whole and self.draft and self.text.strip() else None

    def _seconds(self) -> float:
        return self._clock() - self._opened
