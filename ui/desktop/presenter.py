"""Which urgent tickets are new since the agent looked away. No Qt."""

import asyncio
from collections.abc import Callable, Sequence

from agent_assist.domain.events import DomainEvent, TicketChanged, TicketsArrived
from agent_assist.domain.tickets import TicketQuery, TicketRow, TicketSort, TicketState
from ui.ports import Tickets
from ui.tasks import Scope

URGENT = "critical"
# The newest urgent tickets that are looked at; more at once are told as a number anyway.
LOOKED_AT = 50


class UrgentNotices:
    """Calls `tell` with the urgent tickets that came in while `away` and `wanted` are true.

    What was urgent before the first look, or while the agent was there, is known to them. A burst of events is looked
    at once, `pause` seconds after it began.
    """

    def __init__(
        self,
        tickets: Tickets,
        scope: Scope,
        *,
        away: Callable[[], bool],
        wanted: Callable[[], bool],
        tell: Callable[[Sequence[TicketRow]], object],
        pause: float,
    ) -> None:
        self._tickets = tickets
        self._scope = scope
        self._away, self._wanted, self._tell = away, wanted, tell
        self._pause = pause
        self._known: set[tuple[str, int]] | None = None
        self._again = False

    def start(self) -> None:
        """Take what is urgent now as known."""
        self._scope.start("urgent", self._look)

    def handle(self, event: DomainEvent) -> None:
        """A ticket came in, or was read and found urgent."""
        if isinstance(event, TicketsArrived | TicketChanged):
            self._again = True
            self._scope.start("urgent", self._look_soon)

    async def _look_soon(self) -> None:
        while self._again:
            await asyncio.sleep(self._pause)
            self._again = False
            await self._look()

    async def _look(self) -> None:
        query = TicketQuery(state=TicketState.WAITING, urgency=URGENT, sort=TicketSort.NEWEST)
        rows = await self._tickets.page(query, offset=0, limit=LOOKED_AT)
        now = {(row.id, row.version) for row in rows}
        known, self._known = self._known, now if self._known is None else self._known | now
        # The version counts messages: labelled anew a ticket is the same, but not after its customer wrote again.
        fresh = [row for row in rows if known is not None and (row.id, row.version) not in known]
        if fresh and self._away() and self._wanted():
            self._tell(fresh)
