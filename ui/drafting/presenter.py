"""Other candidates, wishes, and texts worded anew for the open ticket. No Qt.

The agent's typing is never overwritten: a rewrite is shown beside the text it came from, and goes into the editor only
when it is taken and the editor still holds that text (or nothing).
"""

from contextlib import aclosing
from dataclasses import dataclass, replace

from agent_assist.domain.feedback import Origin
from agent_assist.domain.suggestion import ReplyCheck, Suggestion
from agent_assist.domain.wording import Refusal, Rewording, Rewritten, Tone, Wish
from agent_assist.services.rewriting import RewriteChunk, RewriteProgress, RewriteReady, RewriteRefused, RewriteStep
from agent_assist.services.suggestions import CandidateFound, CandidatesReady
from ui.composer.presenter import ComposerPresenter, Phase
from ui.observable import Changes
from ui.ports import Rewriting, Suggestions
from ui.tasks import Scope

CANDIDATES = 3
MORE, REWRITE, KEEP = "candidates", "rewrite", "keep candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A text on its way to another wording: `text` as far as it may be shown, then `done` or `refusal`.

    `typed`: the original stood in the editor. `share` of it is written, from 0 to 1.
    """

    manner: Rewording
    original: str
    typed: bool
    text: str = ""
    share: float = 0.0
    done: Rewritten | None = None
    check: ReplyCheck = ReplyCheck()  # noqa: RUF009  (frozen)
    refusal: Refusal | None = None

    @property
    def writing(self) -> bool:
        """Whether it is still being written."""
        return self.done is None and self.refusal is None


class DraftingPresenter:
    """`changes` tells that something of it is new."""

    def __init__(
        self, *, composer: ComposerPresenter, suggestions: Suggestions, rewriting: Rewriting, scope: Scope
    ) -> None:
        self._composer = composer
        self._suggestions = suggestions
        self._rewriting = rewriting
        self._scope = scope
        self._about: tuple[str, int] | None = None
        self._wanted = 0
        self._taken: list[Rewritten] = []
        self.candidates: tuple[Suggestion, ...] = ()
        self.exhausted = False
        self.found = 0
        self.hinting = False
        self.rewrite: Rewrite | None = None
        self.changes = Changes()
        composer.origin = self.origin
        composer.changes.subscribe(self._follow_composer)
        scope.changes.subscribe(self.changes.notify)

    def origin(self) -> Origin:
        """What the reply in the editor or the card came from beside the suggestion itself."""
        shown = self._composer.suggestion
        others = [one.draft for one in self.candidates if one is not shown]
        return Origin(passed_over=tuple(others), rewrites=tuple(self._taken))

    # candidates

    @property
    def writing(self) -> bool:
        """Whether other candidates are being written."""
        return self._scope.busy(MORE)

    @property
    def shown(self) -> int:
        """The number of the candidate in the card, 0 where there is none to choose."""
        return next((n for n, one in enumerate(self.candidates, 1) if one is self._composer.suggestion), 0)

    def choose(self, number: int) -> bool:
        """Show candidate `number`; where there are none yet, have them written first. False where it is not there."""
        if not self._composer.can_reject:
            return False
        if self.candidates:
            if not 0 < number <= len(self.candidates):
                return False
            self._show(self.candidates[number - 1])
            return True
        view = self._composer.view
        assert view is not None
        self._wanted, self.found, ticket_id = number, 0, view.ticket.id
        self._scope.start(MORE, lambda: self._write(ticket_id))
        return True

    # wishes

    def open_hint(self) -> bool:
        """Let the agent say what the reply has to say; False where no ticket is open."""
        self.hinting = self._composer.view is not None
        self.changes.notify()
        return self.hinting

    def close_hint(self) -> None:
        """Ask for nothing."""
        self.hinting = False
        self.changes.notify()

    def wish(self, *, hint: str = "", tone: Tone | None = None) -> None:
        """Have the reply written anew: with a hint, in a tone. A hint stays where only the tone changes."""
        shown = self._composer.suggestion
        before = shown.wish if shown else Wish()
        wish = Wish(tone=tone or before.tone, hint=hint.strip() or before.hint)
        self.hinting = False
        if wish:
            self._composer.ask(wish=wish)
        self.changes.notify()

    # rewrites

    def reword(self, manner: Rewording) -> bool:
        """Word the editor's text anew, or the suggestion where that is empty; False where there is neither."""
        composer = self._composer
        view, typed = composer.view, bool(composer.text.strip())
        original = composer.text if typed else composer.draft if composer.can_take else ""
        if view is None or not original.strip():
            return False
        self.rewrite = Rewrite(manner=manner, original=original, typed=typed)
        ticket_id, suggestion = view.ticket.id, composer.suggestion
        self._scope.restart(REWRITE, lambda: self._reword(ticket_id, suggestion))
        self.changes.notify()
        return True

    def take(self) -> bool:
        """Put the rewrite into the editor; False where there is none, or the editor holds something else by now."""
        rewrite, now = self.rewrite, self._composer.text.strip()
        if rewrite is None or rewrite.done is None or (now and now != rewrite.original.strip()):
            return False
        self._taken.append(rewrite.done)
        self.rewrite = None
        self._composer.put(rewrite.done.text)
        self.changes.notify()
        return True

    def close(self) -> None:
        """Put the rewrite away, or stop it."""
        self._scope.cancel(REWRITE)
        self.rewrite = None
        self.changes.notify()

    def stop(self) -> bool:
        """Stop what is being written, and put a rewrite away; False where there is neither."""
        busy = self.writing or self.rewrite is not None
        self._scope.cancel(MORE)
        self.close()
        return self._composer.stop() or busy

    # inside

    def _follow_composer(self) -> None:
        view = self._composer.view
        about = (view.ticket.id, view.ticket.version) if view else None
        if about != self._about:
            self._about = about
            self._taken = []
            self._forget()
            self.close()
        elif self._outdated():
            self._forget()

    def _outdated(self) -> bool:
        """Whether something else than one of the candidates stands in the card."""
        shown = self._composer.suggestion
        other = bool(self.candidates) and shown is not None and all(one is not shown for one in self.candidates)
        return other or (self.writing and self._composer.phase is not Phase.READY)

    def _forget(self) -> None:
        self._scope.cancel(MORE)
        self.candidates, self.exhausted, self.found, self.hinting = (), False, 0, False
        self.changes.notify()

    def _show(self, suggestion: Suggestion) -> None:
        self._composer.show_candidate(suggestion)
        self._scope.restart(KEEP, lambda: self._suggestions.choose(suggestion))
        self.changes.notify()

    async def _write(self, ticket_id: str) -> None:
        async with aclosing(self._suggestions.candidates(ticket_id, count=CANDIDATES)) as steps:
            async for step in steps:
                if isinstance(step, CandidateFound):
                    self.found += 1
                elif isinstance(step, CandidatesReady):
                    self.candidates, self.exhausted = step.candidates, step.exhausted
                    self._show(self.candidates[min(self._wanted, len(self.candidates)) - 1])
                self.changes.notify()

    async def _reword(self, ticket_id: str, suggestion: Suggestion | None) -> None:
        rewrite = self.rewrite
        assert rewrite is not None
        steps = self._rewriting.rewrite(rewrite.original, rewrite.manner, ticket_id=ticket_id, suggestion=suggestion)
        try:
            async with aclosing(steps):
                async for step in steps:
                    if self.rewrite is not None:
                        self.rewrite = _after(self.rewrite, step)
                    self.changes.notify()
        finally:
            if self.rewrite is not None and self.rewrite.writing:  # it failed: the error is told elsewhere
                self.rewrite = None


def _after(rewrite: Rewrite, step: RewriteStep) -> Rewrite:
    match step:
        case RewriteChunk(text=text):
            return replace(rewrite, text=rewrite.text + text)
        case RewriteProgress(written=written, about=about):
            return replace(rewrite, share=min(1.0, written / max(1, about)))
        case RewriteReady(rewritten=done, check=check):
            return replace(rewrite, text=done.text, done=done, check=check)
        case RewriteRefused(refusal=refusal):
            return replace(rewrite, text="", refusal=refusal)
