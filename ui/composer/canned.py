"""Canned replies (`/`) and macros (`#`), sought while they are typed at the beginning of a line. No Qt."""

import re
from dataclasses import dataclass

from agent_assist.domain.canned import CannedReply
from agent_assist.domain.slots import Slot, find_slots
from ui.observable import Changes
from ui.ports import Canned
from ui.tasks import Scope

FIND = "canned"
# A Chinese input method turns the keys into full-width characters, and / into 、, which no line begins with.
_SIGNS = {"/": False, "／": False, "、": False, "#": True, "＃": True}
_BEGUN = re.compile(rf"(?:^|\n)([{''.join(_SIGNS)}])([^\n{''.join(_SIGNS)}]{{0,40}})$")
# Shorter pieces of a text say nothing of where it came from.
_TELLING = 6


@dataclass(frozen=True, slots=True)
class Begun:
    """What is being sought: the sign stands at character `start`, `words` behind it up to the cursor."""

    start: int
    words: str
    macros: bool


def begun_at(text: str, cursor: int) -> Begun | None:
    """What is begun before character `cursor`, None where no line begins with a sign."""
    found = _BEGUN.search(text[:cursor])
    return Begun(found.start(1), found[2], _SIGNS[found[1]]) if found else None


def open_slot(text: str, behind: int = 0) -> Slot | None:
    """The first slot that nothing filled from character `behind` on, or else the first one at all."""
    slots = [slot for slot in find_slots(text) if slot.name]
    return next((slot for slot in slots if slot.start >= behind), slots[0] if slots else None)


class CannedPresenter:
    """`found` fits what is `begun`; `changes` tells of both. `looking` until the first answer is there."""

    def __init__(self, canned: Canned, scope: Scope) -> None:
        self._canned = canned
        self._scope = scope
        self._left: int | None = None  # where a sign stands that means itself
        self._used: dict[str, str] = {}
        self.begun: Begun | None = None
        self.found: tuple[CannedReply, ...] = ()
        self.looking = False
        self.changes = Changes()

    def look(self, ticket_id: str, text: str, cursor: int) -> None:
        """The text or the cursor changed."""
        begun = begun_at(text, cursor)
        if begun is None or begun.start != self._left:
            self._left = None
        if self._left is not None:
            begun = None
        if begun == self.begun:
            return
        if begun is None:
            self._close()
            return
        self.looking = self.begun is None
        self.begun = begun
        self._scope.restart(FIND, lambda: self._find(ticket_id, begun))
        self.changes.notify()

    def leave(self) -> None:
        """The sign is meant as it stands: offer nothing for it any more."""
        if self.begun is not None:
            self._left = self.begun.start
            self._close()

    def use(self, number: int) -> tuple[Begun, CannedReply] | None:
        """The found text `number`, to be put in place of what is begun; None where there is none."""
        begun = self.begun
        if begun is None or not 0 <= number < len(self.found):
            return None
        chosen = self.found[number]
        self._used[chosen.doc_id] = chosen.filled.text
        self._close()
        return begun, chosen

    def forget(self) -> None:
        """Another ticket, or the reply went out."""
        self._used = {}
        self._left = None
        self._close()

    @property
    def said(self) -> tuple[str, ...]:
        """The texts that were put in: reviewed, so what they say counts as true."""
        return tuple(self._used.values())

    def used_in(self, text: str) -> tuple[str, ...]:
        """Ids of the articles of which something is left in `text`."""
        return tuple(doc_id for doc_id, used in self._used.items() if any(piece in text for piece in _pieces(used)))

    def _close(self) -> None:
        self._scope.cancel(FIND)
        if self.begun is not None or self.found:
            self.begun, self.found, self.looking = None, (), False
            self.changes.notify()

    async def _find(self, ticket_id: str, begun: Begun) -> None:
        found = await self._canned.find(ticket_id, begun.words.strip(), macros=begun.macros)
        if self.begun == begun:
            self.found, self.looking = tuple(found), False
            self.changes.notify()


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split(r"[\n。！？!?.]", text)]
    return [piece for piece in pieces if len(piece) >= _TELLING] or [text]
