"""How a text with slots reads for the open ticket. No Qt."""

from collections.abc import Callable

from agent_assist.domain.knowledge import Article
from agent_assist.domain.slots import FilledText, find_slots
from ui.observable import Changes
from ui.ports import Previews
from ui.tasks import Scope


class Filling:
    """`filled` is the preview, None for a text without slots; `ticket_id` the ticket it is of, "" for none."""

    def __init__(self, previews: Previews, scope: Scope, *, ticket: Callable[[], str]) -> None:
        self._previews = previews
        self._scope = scope
        self._ticket = ticket
        self.filled: FilledText | None = None
        self.ticket_id = ""
        self.changes = Changes()

    def fill(self, article: Article | None) -> None:
        """Fill the slots of `article` from the open ticket."""
        if article is None or not find_slots(article.text):
            self._scope.cancel("preview")
            self._show(None, "")
            return
        ticket_id = self._ticket()

        async def work() -> None:
            self._show(await self._previews.preview(article, ticket_id=ticket_id or None), ticket_id)

        self._scope.restart("preview", work)

    def _show(self, filled: FilledText | None, ticket_id: str) -> None:
        if (filled, ticket_id) != (self.filled, self.ticket_id):
            self.filled, self.ticket_id = filled, ticket_id
            self.changes.notify()
