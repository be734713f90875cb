"""The ticket list's state: queue and filters, pages loaded so far, counts, the choice and the marks. No Qt.

Rows are loaded in pages when somebody looks at them, so 100,000 tickets cost as much as the 15 on the screen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Queue, TicketQuery, TicketRow, TicketSort
from ui.inbox.marks import Marks
from ui.observable import Changes
from ui.paging import Loaded, Pages
from ui.ports import Tickets
from ui.tasks import Scope

PAGE_SIZE = 200
# How far the next ticket is looked for behind those that were just dealt with.
_FAR = 200
SORTS = dict.fromkeys((Queue.ANSWERED, Queue.DONE), TicketSort.NEWEST)


async def _nobody() -> Sequence[str]:
    return ()


class InboxPresenter:
    """What the list shows and which ticket is chosen.

    `counted` tells that the number of rows or the query changed, `loaded` that rows came in (see `last_loaded`),
    `tallied` that the queues' counts or the people are known anew, `selected` that another ticket was chosen. `people`
    gives who works here, oneself first. Counting rests for `tally_pause` seconds, since background reading changes
    tickets by the hundred.
    """

    def __init__(
        self,
        tickets: Tickets,
        scope: Scope,
        *,
        people: Callable[[], Awaitable[Sequence[str]]] = _nobody,
        page_size: int = PAGE_SIZE,
        tally_pause: float = 0.0,
    ) -> None:
        self._tickets = tickets
        self._people = people
        self._scope = scope
        self._tally_pause = tally_pause
        self._tally_wanted = False
        self._pages = Pages[TicketRow](self._fetch, scope, size=page_size)
        self._pages.loaded.subscribe(self._loaded)
        self._sorts: dict[Queue, TicketSort] = {}
        self._before_customer: TicketQuery | None = None
        self._anchor: int | None = None
        self.query = TicketQuery(queue=Queue.WAITING, sort=TicketSort.DUE)
        self.total = 0
        self.counts: dict[Queue, int] = {}
        self.people: Sequence[str] = ()
        self.any_tickets: bool | None = None
        self.selected_id: str | None = None
        self.selected_index: int | None = None
        self.marks = Marks()
        self._awaited_index: int | None = None
        self.counted = Changes()
        self.loaded = Changes()
        self.tallied = Changes()
        self.selected = Changes()

    # what is shown

    def row(self, index: int) -> TicketRow | None:
        """The row at `index`, or None while its page is on the way (which this call asks for)."""
        return self._pages.row(index)

    def peek(self, index: int) -> TicketRow | None:
        """The row at `index` where it is loaded; asks for nothing."""
        return self._pages.peek(index)

    @property
    def last_loaded(self) -> Loaded:
        """The rows that came in last."""
        return self._pages.last_loaded

    @property
    def selected_row(self) -> TicketRow | None:
        """The chosen ticket's row, where it is loaded and still in the list."""
        if self.selected_index is None or self.selected_index >= self.total:
            return None
        row = self._pages.peek(self.selected_index)
        return row if row is not None and row.id == self.selected_id else None

    @property
    def shown_index(self) -> int | None:
        """Where the list shows the chosen ticket; None where it has left the list, though it is still open."""
        if self.selected_index is None or self.selected_index >= self.total:
            return None
        row = self._pages.peek(self.selected_index)
        return self.selected_index if row is None or row.id == self.selected_id else None

    def index_of(self, ticket_id: str) -> int | None:
        """Where a ticket stands, if it is on a loaded page."""
        return next((index for index, row in self._pages.known() if row.id == ticket_id), None)

    @property
    def filtered(self) -> bool:
        """Whether anything besides the queue narrows the list."""
        bare = replace(self.query, queue=Queue.ALL, sort=TicketSort.DUE, grouped=False)
        return bare != TicketQuery(sort=TicketSort.DUE)

    # what is asked for

    def refresh(self) -> None:
        """Count and load again; what is on the screen stays until its successor is there."""
        self._pages.outdate()
        self._scope.restart("count", self._count)
        self.tally()

    async def counted_once(self) -> None:
        """Wait until the list that was asked for is there, or could not be read."""
        await self._scope.join("count")

    def tally(self) -> None:
        """Count the queues anew."""
        self._tally_wanted = True
        self._scope.start("tally", self._tally)

    def set_text(self, text: str) -> None:
        """Search for `text`."""
        self._ask(replace(self.query, text=text.strip()))

    def set_queue(self, queue: Queue) -> None:
        """Show another queue, in the order in which it was shown last; other filters stay."""
        sort = self._sorts.get(queue, SORTS.get(queue, TicketSort.DUE))
        self._before_customer = None
        self._ask(replace(self.query, queue=queue, sort=sort, customer="", contact=""))

    def set_intent(self, intent: str) -> None:
        """Show tickets with one intent; "" for any."""
        self._ask(replace(self.query, intent=intent))

    def set_urgency(self, urgency: str) -> None:
        """Show tickets of one urgency; "" for any."""
        self._ask(replace(self.query, urgency=urgency))

    def set_sentiment(self, sentiment: str) -> None:
        """Show tickets of one sentiment; "" for any."""
        self._ask(replace(self.query, sentiment=sentiment))

    def set_language(self, language: Language | None) -> None:
        """Show tickets in one language, or in both."""
        self._ask(replace(self.query, language=language or ""))

    def set_assignee(self, name: str | None) -> None:
        """Show one person's tickets, "" for nobody's, None for anybody's."""
        self._ask(replace(self.query, assignee=name))

    def set_sort(self, sort: TicketSort) -> None:
        """Order the list anew; the queue remembers it."""
        self._sorts[self.query.queue] = sort
        self._ask(replace(self.query, sort=sort))

    def set_grouped(self, on: bool) -> None:
        """Show a customer's waiting tickets as one row, which `show_customer` opens, or each by itself."""
        self._ask(replace(self.query, grouped=on))

    def clear_filters(self) -> None:
        """Keep the queue and the order, drop every other filter."""
        self._before_customer = None
        self._ask(TicketQuery(queue=self.query.queue, sort=self.query.sort, grouped=self.query.grouped))

    def show_customer(self) -> None:
        """Show all tickets of the chosen ticket's customer, unanswered ones first."""
        row = self.selected_row
        if row is None or not row.customer or self.query.customer:
            return
        self._before_customer = self.query
        self._ask(
            TicketQuery(customer=row.customer, contact=row.contact, sort=TicketSort.DUE, grouped=self.query.grouped)
        )

    def leave_customer(self) -> bool:
        """Go back to the list before `show_customer`; False where there is none."""
        if self._before_customer is None:
            return False
        before, self._before_customer = self._before_customer, None
        self._ask(replace(before, grouped=self.query.grouped))
        return True

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

    def successor(self, without: Collection[str] = ()) -> TicketRow | None:
        """The row to go on with when the chosen ticket is dealt with: the next one, or the one before the last.

        `without` names tickets that leave the list together with it.
        """
        if self.selected_index is None:
            return None
        down, up = self._place(1), self._place(-1)
        for index in (*range(down, down + _FAR), *range(up, up - _FAR, -1)):
            row = self.row(index) if 0 <= index < self.total else None
            if row is not None and row.id not in without:
                return row
        return None

    def _place(self, step: int) -> int:
        """The index `step` from the chosen ticket; where that has left the list, its old place holds the next one."""
        assert self.selected_index is not None
        here = self.row(self.selected_index) if self.selected_index < self.total else None
        moved_up = here is not None and here.id != self.selected_id
        return self.selected_index + step - (moved_up and step > 0)

    # marking

    @property
    def targets(self) -> list[str]:
        """What an act is about: the marked tickets, or else the chosen one."""
        if self.marks:
            return self.marks.ids
        return [] if self.selected_id is None else [self.selected_id]

    def toggle_mark(self, index: int | None = None) -> None:
        """Mark the row at `index`, or the chosen one; or no longer."""
        place = self.selected_index if index is None else index
        row = self.row(place) if place is not None and 0 <= place < self.total else None
        if row is not None:
            self._anchor = place
            self.marks.toggle(row.id)

    def mark_to(self, index: int) -> None:
        """Mark all rows from the one that was marked or chosen last to `index`."""
        start = self._anchor if self._anchor is not None else self.selected_index
        first, last = sorted((index if start is None else start, index))
        self._scope.restart("mark", lambda: self._mark(first, last - first + 1))

    def mark_step(self, step: int) -> None:
        """Mark the chosen row and the next one, and choose that."""
        if self.selected_index is None:
            return
        if self.selected_id is not None and self.selected_id not in self.marks:
            self.marks.add([self.selected_id])
        self.move(step)
        if self.selected_id is not None:
            self._anchor = self.selected_index
            self.marks.add([self.selected_id])

    def mark_all(self) -> None:
        """Mark the whole list, loaded or not."""
        self._scope.restart("mark", lambda: self._mark(0, self.total))

    async def _mark(self, offset: int, count: int) -> None:
        query = self.query
        ids = await self._tickets.ids(query, offset=offset, limit=count)
        if query == self.query:
            self.marks.add(ids)

    # loading

    def _ask(self, query: TicketQuery) -> None:
        if query == self.query:
            return
        self.query = query
        self._anchor = None
        self._scope.cancel("mark")
        self.marks.clear()  # nobody acts on what cannot be seen
        self._pages.clear()
        self._scope.restart("count", self._count)

    async def _count(self) -> None:
        total, first = await asyncio.gather(self._tickets.count(self.query), self._fetch(0, self._pages.size))
        if total:
            self.any_tickets = True
        self.total = total
        self._pages.keep(0, first)
        self.counted.notify()

    async def _tally(self) -> None:
        while self._tally_wanted:
            self._tally_wanted = False
            self.counts, self.people = await asyncio.gather(self._tickets.counts(), self._people())
            self.any_tickets = self.counts[Queue.ALL] > 0
            self.tallied.notify()
            await asyncio.sleep(self._tally_pause)

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
