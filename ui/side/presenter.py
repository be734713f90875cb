"""What the customer wrote before and how like questions were solved; which sections are folded up. No Qt."""

import asyncio
from collections.abc import Callable, Iterable
from enum import StrEnum

from agent_assist.domain.customers import CustomerHistory
from agent_assist.domain.solved import SolvedTicket
from agent_assist.errors import EngineError
from ui.observable import Changes
from ui.ports import Customers, Similar, TicketView
from ui.tasks import Scope

MOST_EARLIER, MOST_SIMILAR = 12, 5
# Tickets that "back" leads through.
MOST_BACK = 20


class Section(StrEnum):
    """The panel's parts, from the top."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCTS = "products"
    EARLIER = "earlier"
    SIMILAR = "similar"


class SidePresenter:
    """`changes` tells of another state. `open_ticket` is called with the ticket to show.

    An agent who walks down the list opens a ticket for a moment only: nothing is looked for before one stays open for
    `pause` seconds.
    """

    def __init__(
        self,
        customers: Customers,
        similar: Similar,
        scope: Scope,
        *,
        open_ticket: Callable[[str], None],
        pause: float,
    ) -> None:
        self._customers = customers
        self._similar = similar
        self._scope = scope
        self._open_ticket = open_ticket
        self._pause = pause
        self._about: tuple[str, int, str | None] | None = None
        self.history: CustomerHistory | None = None
        self.similar: tuple[SolvedTicket, ...] | None = None
        self.unfolded: set[int] = set()
        self.folded: set[Section] = set()
        self._came_from: list[str] = []
        self.changes = Changes()

    @property
    def came_from(self) -> str | None:
        """The ticket that "back" leads to, None where there is none."""
        return self._came_from[-1] if self._came_from else None

    def show(self, view: TicketView | None) -> None:
        """Show a ticket, newly opened or loaded again."""
        order = view.order.order_number if view and view.order else None
        about = (view.ticket.id, view.ticket.version, order) if view else None
        if about == self._about:
            return
        if about is None or self._about is None or about[0] != self._about[0]:
            self.history, self.similar, self.unfolded = None, None, set()
        self._about = about
        for key in ("history", "similar"):
            self._scope.cancel(key)
        if about is not None:
            self._scope.restart("history", lambda: self._look_back(about))
            self._scope.restart("similar", lambda: self._look_around(about))
        self.changes.notify()

    def toggle(self, section: Section) -> None:
        """Fold a section up, or out again."""
        self.folded ^= {section}
        self.changes.notify()

    def unfold(self, section: Section) -> None:
        """Fold a section out."""
        if section in self.folded:
            self.toggle(section)

    def fold_all(self, sections: Iterable[str]) -> None:
        """Fold up the sections named, as they were left; other names are passed over."""
        self.folded = {Section(name) for name in sections if name in set(Section)}
        self.changes.notify()

    def expand(self, number: int) -> None:
        """Show a similar ticket's reply whole, or its beginning again."""
        self.unfolded ^= {number}
        self.changes.notify()

    def go_to(self, ticket_id: str) -> None:
        """Open another ticket; "back" leads to this one."""
        if self._about is not None and self._about[0] != ticket_id:
            self._came_from = [*self._came_from, self._about[0]][-MOST_BACK:]
        self._open_ticket(ticket_id)

    def go_back(self) -> bool:
        """Open the ticket from which the present one was opened; False where there is none."""
        while self._came_from:
            ticket_id = self._came_from.pop()
            if self._about is None or ticket_id != self._about[0]:
                self._open_ticket(ticket_id)
                self.changes.notify()
                return True
        return False

    async def _look_back(self, about: tuple[str, int, str | None]) -> None:
        await asyncio.sleep(self._pause)
        history = await self._customers.history(about[0], order_number=about[2], limit=MOST_EARLIER)
        if about == self._about:
            self.history = history
            self.changes.notify()

    async def _look_around(self, about: tuple[str, int, str | None]) -> None:
        await asyncio.sleep(self._pause)
        try:
            found = await self._similar.similar(about[0], k=MOST_SIMILAR)
        except EngineError:  # the status bar says how the engine is; what is known by words alone comes without it
            found = ()
        if about == self._about:
            self.similar = found
            self.changes.notify()
