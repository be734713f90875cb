"""The ticket list's state: query, pages loaded so far, selection. No Qt.

Rows are loaded in pages when somebody looks at them, so 100,000 tickets cost as much as the 15 on the screen.
"""

from collections.abc import Sequence
from dataclasses import replace

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import TicketQuery, TicketRow, TicketSort, TicketState
from ui.observable import Changes
from ui.paging import Loaded, Pages
from ui.ports import Tickets
from ui.tasks import Scope

PAGE_SIZE = 200


class InboxPresenter:
    """What the list shows and which ticket is chosen.

    `counted` tells that the number of rows or the query changed, `loaded` that rows came in (see `last_loaded`),
    `selected` that another ticket was chosen.
    """

    def __init__(self, tickets: Tickets, scope: Scope, *, page_size: int = PAGE_SIZE) -> None:
        self._tickets = tickets
        self._scope = scope
        self._pages = Pages[TicketRow](self._fetch, scope, size=page_size)
        self._pages.loaded.subscribe(self._loaded)
        self.query = TicketQuery(state=TicketState.WAITING)
        self.total = 0
        self.any_tickets: bool | None = None
        self.selected_id: str | None = None
        self.selected_index: int | None = None
        self._awaited_index: int | None = None
        self.counted = Changes()
        self.loaded = Changes()
        self.selected = Changes()

    # what is shown

    def row(self, index: int) -> TicketRow | None:
        """The row at `index`, or None while its page is on the way (which this call asks for)."""
        return self._pages.row(index)

    @property
    def last_loaded(self) -> Loaded:
        """The rows that came in last."""
        return self._pages.last_loaded

    def index_of(self, ticket_id: str) -> int | None:
        """Where a ticket stands, if it is on a loaded page."""
        return next((index for index, row in self._pages.known() if row.id == ticket_id), None)

    @property
    def filtered(self) -> bool:
        """Whether anything besides the state narrows the list."""
        return replace(self.query, state=None, sort=TicketSort.LONGEST_WAITING) != TicketQuery()

    # what is asked for

    def refresh(self) -> None:
        """Count and load again; what is on the screen stays until its successor is there."""
        self._pages.outdate()
        self._scope.restart("count", self._count)

    def set_text(self, text: str) -> None:
        """Search for `text`."""
        self._ask(replace(self.query, text=text.strip()))

    def set_state(self, state: TicketState | None) -> None:
        """Show tickets of one state, or all."""
        self._ask(replace(self.query, state=state))

    def set_intent(self, intent: str) -> None:
        """Show tickets with one intent; "" for any."""
        self._ask(replace(self.query, intent=intent))

    def set_urgency(self, urgency: str) -> None:
        """Show tickets of one urgency; "" for any."""
        self._ask(replace(self.query, urgency=urgency))

    def set_language(self, language: Language | None) -> None:
        """Show tickets in one language, or in both."""
        self._ask(replace(self.query, language=language or ""))

    def set_sort(self, sort: TicketSort) -> None:
        """Order the list anew."""
        self._ask(replace(self.query, sort=sort))

    def clear_filters(self) -> None:
        """Keep the state and the order, drop every other filter."""
        self._ask(TicketQuery(state=self.query.state, sort=self.query.sort))

    # choosing

    def select(self, ticket_id: str | None, index: int | None = None) -> None:
        """Choose a ticket; `index` where the caller knows it."""
        self.selected_index = index if index is not None or ticket_id is None else self.index_of(ticket_id)
        if ticket_id != self.selected_id:
            self.selected_id = ticket_id
            self.selected.notify()

    def select_index(self, index: int) -> None:
        """Choose the row at `index`, at once or when it is loaded."""
        if not 0 <= index < self.total:
            return
        row = self.row(index)
        self._awaited_index = index if row is None else None
        if row is not None:
            self.select(row.id, index)

    def move(self, step: int) -> None:
        """Choose the row `step` further down; the first one when none is chosen."""
        if self.selected_index is None:
            self.select_index(0)
        else:
            self.select_index(max(0, min(self.total - 1, self._place(step))))

    def successor(self) -> TicketRow | None:
        """The row to go on with when the chosen ticket is dealt with: the next one, or the one before the last."""
        if self.selected_index is None:
            return None
        for index in (self._place(1), self._place(-1)):
            row = self.row(index) if 0 <= index < self.total else None
            if row is not None:
                return row
        return None

    def _place(self, step: int) -> int:
        """The index `step` from the chosen ticket; where that has left the list, its old place holds the next one."""
        assert self.selected_index is not None
        here = self.row(self.selected_index) if self.selected_index < self.total else None
        moved_up = here is not None and here.id != self.selected_id
        return self.selected_index + step - (moved_up and step > 0)

    # loading

    def _ask(self, query: TicketQuery) -> None:
        if query == self.query:
            return
        self.query = query
        self._pages.clear()
        self._scope.restart("count", self._count)

    async def _count(self) -> None:
        total = await self._tickets.count(self.query)
        if total:
            self.any_tickets = True
        else:
            self.any_tickets = bool(await self._tickets.count(TicketQuery()))
        first = await self._fetch(0, self._pages.size)
        self.total = total
        self._pages.keep(0, first)
        self.counted.notify()

    async def _fetch(self, offset: int, limit: int) -> Sequence[TicketRow]:
        return await self._tickets.page(self.query, offset=offset, limit=limit)

    def _loaded(self) -> None:
        first, last = self.last_loaded.first, self.last_loaded.last
        self._follow_selection(first, last)
        self.loaded.notify()
        if self._awaited_index is not None and first <= self._awaited_index <= last:
            self.select_index(self._awaited_index)

    def _follow_selection(self, first: int, last: int) -> None:
        """The chosen ticket may have moved when its page was loaded anew."""
        for index, row in self._pages.known():
            if first <= index <= last and row.id == self.selected_id:
                self.selected_index = index
                return
