"""The agent's own text for the open ticket, stored with every pause. No Qt."""

from ui.observable import Changes
from ui.ports import Tickets
from ui.tasks import Scope

SAVE = "save "  # the key of a text's saving, before the ticket's id


class OwnText:
    """`changes` tells that it was stored, `replaced` that it was set from here and the editor has to show it."""

    def __init__(self, tickets: Tickets, scope: Scope, changes: Changes, replaced: Changes) -> None:
        self._tickets = tickets
        self._scope = scope
        self._changes = changes
        self._replaced = replaced
        self._saved = ""
        self.text = ""

    def show(self, text: str, *, saved: bool = True) -> None:
        """Set the text; `saved` where the store has it already."""
        self.text = text
        if saved:
            self._saved = text
        self._replaced.notify()

    def save(self, ticket_id: str) -> None:
        """Store the text if it is not stored yet."""
        text = self.text
        if text == self._saved:
            return
        self._saved = text

        async def work() -> None:
            await self._tickets.save_composer(ticket_id, text)
            self._changes.notify()

        self._scope.restart(SAVE + ticket_id, work)

    def is_kept(self, ticket_id: str) -> bool:
        """Whether there is a text and it is stored as it stands."""
        return bool(self.text) and self.text == self._saved and not self._scope.busy(SAVE + ticket_id)

    async def stored(self) -> None:
        """Wait for what is being stored."""
        await self._scope.join(SAVE)
