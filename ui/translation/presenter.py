"""Translations of the open ticket's messages, kept while the window is open; the original is never touched. No Qt."""

from contextlib import aclosing
from dataclasses import dataclass, replace

from agent_assist.domain.language import Language
from agent_assist.domain.wording import Refusal, Rewording
from agent_assist.errors import EngineError
from agent_assist.services.rewriting import RewriteChunk, RewriteProgress, RewriteReady, RewriteRefused
from ui.observable import Changes
from ui.ports import Rewriting, TicketView
from ui.tasks import Scope

# Messages whose translation stays in memory, over all tickets.
MOST_KEPT = 200

Place = tuple[str, int, Language]


@dataclass(frozen=True, slots=True)
class Translation:
    """A message in `language`: so much of it as there is. `refusal` or `away` where the model gives none; `doubts` are
    figures that the two texts do not share."""

    language: Language
    text: str = ""
    share: float = 0.0
    writing: bool = False
    refusal: Refusal | None = None
    away: bool = False
    doubts: tuple[str, ...] = ()


class TranslationPresenter:
    """`changes` tells that a translation is new, longer or hidden."""

    def __init__(self, rewriting: Rewriting, scope: Scope) -> None:
        self._rewriting = rewriting
        self._scope = scope
        self._ticket_id: str | None = None
        self._shown: dict[Place, Translation] = {}
        self._kept: dict[Place, Translation] = {}
        self.changes = Changes()

    def show(self, view: TicketView | None) -> None:
        """Show a ticket; what is being translated for another one stops."""
        ticket_id = view.ticket.id if view else None
        if ticket_id != self._ticket_id:
            self._scope.close()
            self._shown = {place: one for place, one in self._shown.items() if not one.writing}
            self._ticket_id = ticket_id

    def of(self, index: int, language: Language) -> Translation | None:
        """What is shown beneath message `index`, None for nothing."""
        return self._shown.get((self._ticket_id or "", index, language))

    def toggle(self, index: int, text: str, language: Language) -> None:
        """Translate a message, or hide its translation and stop what is being written of it."""
        place = (self._ticket_id or "", index, language)
        if place in self._shown:
            self._scope.cancel(_key(place))
            del self._shown[place]
        elif place in self._kept:
            self._shown[place] = self._kept[place]
        else:
            self._shown[place] = Translation(language, writing=True)
            self._scope.restart(_key(place), lambda: self._translate(place, text))
        self.changes.notify()

    @property
    def writing(self) -> bool:
        """Whether anything is being written."""
        return any(one.writing for one in self._shown.values())

    def hide_all(self) -> None:
        """Show originals alone."""
        self._scope.close()
        self._shown.clear()
        self.changes.notify()

    def stop(self) -> bool:
        """Stop everything that is being written; False where nothing is."""
        writing = [place for place, one in self._shown.items() if one.writing]
        for place in writing:
            self._scope.cancel(_key(place))
            del self._shown[place]
        if writing:
            self.changes.notify()
        return bool(writing)

    async def _translate(self, place: Place, text: str) -> None:
        language = place[2]
        try:
            async with aclosing(self._rewriting.rewrite(text, Rewording.TRANSLATE, to=language)) as steps:
                async for step in steps:
                    now = self._shown.get(place) or Translation(language, writing=True)
                    match step:
                        case RewriteChunk(text=piece):
                            now = replace(now, text=now.text + piece)
                        case RewriteProgress(written=written, about=about):
                            now = replace(now, share=min(1.0, written / max(1, about)))
                        case RewriteReady(rewritten=done):
                            now = Translation(language, text=done.text, share=1.0, doubts=(*done.lost, *done.added))
                            self._keep(place, now)
                        case RewriteRefused(refusal=refusal):
                            now = Translation(language, refusal=refusal)
                    self._put(place, now)
        except EngineError:
            self._put(place, Translation(language, away=True))

    def _put(self, place: Place, translation: Translation) -> None:
        self._shown[place] = translation
        self.changes.notify()

    def _keep(self, place: Place, translation: Translation) -> None:
        self._kept[place] = translation
        while len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))


def _key(place: Place) -> str:
    return f"translate {place[0]} {place[1]} {place[2]}"
