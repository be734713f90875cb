"""The list loads what is looked at, and nothing else; the choice survives changes of the list."""

import asyncio
from dataclasses import replace

import pytest

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Queue, Ticket, TicketSort, TicketState
from tests.ui.doubles import Shelf, TicketsDouble, sample_tickets
from ui.inbox.presenter import InboxPresenter
from ui.paging import KEPT_PAGES
from ui.tasks import Tasks


class Inbox:
    def __init__(self, tickets: list[Ticket], *, page_size: int = 10) -> None:
        self.shelf = Shelf({ticket.id: ticket for ticket in tickets})
        self.service = TicketsDouble(self.shelf)
        self.tasks = Tasks(_raise)
        self.presenter = InboxPresenter(self.service, self.tasks.scope(), page_size=page_size)

    async def load(self) -> InboxPresenter:
        self.presenter.refresh()
        await self.tasks.idle()
        return self.presenter


def _raise(error: Exception) -> None:
    raise error


def many(count: int) -> list[Ticket]:
    return [replace(sample_tickets()[0], id=f"T{n:05}", customer=f"C{n}") for n in range(count)]


async def test_only_the_pages_looked_at_are_loaded() -> None:
    inbox = Inbox(many(1000))
    presenter = await inbox.load()
    assert presenter.total == 1000
    assert presenter.row(3) is not None
    assert presenter.row(505) is None
    await inbox.tasks.idle()
    row = presenter.row(505)
    assert row is not None
    assert row.id == "T00505"
    assert inbox.service.pages == [0, 500]


async def test_a_fast_scroll_loads_the_last_pages_only() -> None:
    inbox = Inbox(many(2000))
    presenter = await inbox.load()
    for index in range(0, 2000, 10):
        presenter.row(index)
    await inbox.tasks.idle()
    assert inbox.service.pages[1:] == [1990, 1980, 1970]


async def test_old_pages_are_let_go() -> None:
    inbox = Inbox(many(1000))
    presenter = await inbox.load()
    for page in range(KEPT_PAGES + 5):
        presenter.row(page * 10)
        await inbox.tasks.idle()
    assert presenter.row(0) is None


async def test_filters_and_orders_reach_the_query() -> None:
    inbox = Inbox(list(sample_tickets()))
    presenter = await inbox.load()
    presenter.set_text("  James ")
    presenter.set_urgency("high")
    presenter.set_intent("return.request")
    presenter.set_language(Language.ZH)
    presenter.set_sentiment("neutral")
    presenter.set_assignee("")
    presenter.set_sort(TicketSort.NEWEST)
    await inbox.tasks.idle()
    query = presenter.query
    assert (query.text, query.urgency, query.intent, query.language) == ("James", "high", "return.request", "zh")
    assert (query.sentiment, query.assignee) == ("neutral", "")
    assert presenter.filtered
    presenter.clear_filters()
    assert not presenter.filtered
    assert (presenter.query.sort, presenter.query.queue) == (TicketSort.NEWEST, Queue.WAITING)
    await inbox.tasks.idle()


async def test_an_empty_list_knows_whether_there_are_tickets_at_all() -> None:
    inbox = Inbox(many(3))
    presenter = await inbox.load()
    presenter.set_text("nobody")
    await inbox.tasks.idle()
    assert (presenter.total, presenter.any_tickets) == (0, True)
    empty = Inbox([])
    assert (await empty.load()).any_tickets is False


async def test_moving_stays_within_the_list() -> None:
    inbox = Inbox(many(3))
    presenter = await inbox.load()
    seen = []
    for step in (1, 1, 1, 1, -1, -1, -1):
        presenter.move(step)
        seen.append(presenter.selected_id)
    assert seen == ["T00000", "T00001", "T00002", "T00002", "T00001", "T00000", "T00000"]


async def test_a_row_that_is_on_its_way_is_chosen_when_it_comes() -> None:
    inbox = Inbox(many(100))
    presenter = await inbox.load()
    presenter.select_index(57)
    assert presenter.selected_id is None
    await inbox.tasks.idle()
    assert presenter.selected_id == "T00057"


async def test_the_choice_follows_its_ticket_when_rows_before_it_go() -> None:
    inbox = Inbox(many(30))
    presenter = await inbox.load()
    presenter.select_index(5)
    first = inbox.shelf.tickets["T00000"]
    inbox.shelf.tickets["T00000"] = replace(first, state=TicketState.DONE)
    await inbox.load()
    assert (presenter.selected_id, presenter.selected_index) == ("T00005", 4)


@pytest.mark.parametrize(("chosen", "following"), [(0, "T00001"), (2, "T00001")])
async def test_the_successor_is_the_next_or_the_one_before_the_last(chosen: int, following: str) -> None:
    inbox = Inbox(many(3))
    presenter = await inbox.load()
    presenter.select_index(chosen)
    row = presenter.successor()
    assert row is not None
    assert row.id == following


async def test_the_successor_is_none_of_those_that_leave_too() -> None:
    presenter = await Inbox(many(5)).load()
    presenter.select_index(1)
    row = presenter.successor({"T00001", "T00002", "T00003"})
    assert row is not None
    assert row.id == "T00004"
    assert presenter.successor({f"T0000{n}" for n in range(5)}) is None


async def test_a_queue_remembers_its_order() -> None:
    inbox = Inbox(many(3))
    presenter = await inbox.load()
    presenter.set_sort(TicketSort.URGENCY)
    presenter.set_queue(Queue.DONE)
    assert presenter.query.sort is TicketSort.NEWEST
    presenter.set_queue(Queue.WAITING)
    assert presenter.query.sort is TicketSort.URGENCY
    await inbox.tasks.idle()


async def test_queues_are_counted() -> None:
    inbox = Inbox(many(3))
    inbox.shelf.tickets["T00000"] = replace(inbox.shelf.tickets["T00000"], assignee="me")
    inbox.shelf.tickets["T00001"] = replace(inbox.shelf.tickets["T00001"], state=TicketState.DONE)
    presenter = await inbox.load()
    counts = presenter.counts
    assert (counts[Queue.MINE], counts[Queue.UNASSIGNED], counts[Queue.DONE], counts[Queue.ALL]) == (1, 1, 1, 3)


async def test_a_customers_tickets_and_back() -> None:
    tickets = [replace(one, customer="李雷" if place % 2 else one.customer) for place, one in enumerate(many(6))]
    inbox = Inbox(tickets)
    presenter = await inbox.load()
    presenter.set_urgency("")
    presenter.show_customer()
    assert not presenter.query.customer  # none is chosen
    presenter.select_index(1)
    presenter.show_customer()
    await inbox.tasks.idle()
    assert (presenter.total, presenter.query.queue) == (3, Queue.ALL)
    row = presenter.row(0)
    assert row is not None
    assert row.open_tickets == 3
    assert presenter.leave_customer()
    await inbox.tasks.idle()
    assert (presenter.total, presenter.query.queue) == (6, Queue.WAITING)
    assert not presenter.leave_customer()


async def test_marks_are_of_tickets_not_of_lines() -> None:
    inbox = Inbox(many(30))
    presenter = await inbox.load()
    presenter.toggle_mark(2)
    presenter.mark_to(5)
    await inbox.tasks.idle()
    assert presenter.targets == ["T00002", "T00003", "T00004", "T00005"]
    presenter.toggle_mark(3)
    del inbox.shelf.tickets["T00000"]
    await inbox.load()
    assert presenter.targets == ["T00002", "T00004", "T00005"]
    presenter.set_text("C1")
    assert presenter.targets == []
    await inbox.tasks.idle()


async def test_the_whole_list_is_marked_without_being_loaded() -> None:
    inbox = Inbox(many(500))
    presenter = await inbox.load()
    presenter.mark_all()
    await inbox.tasks.idle()
    assert len(presenter.marks) == 500
    assert inbox.service.pages == [0]


async def test_stepping_marks_on_the_way() -> None:
    presenter = await Inbox(many(9)).load()
    presenter.mark_step(1)
    assert presenter.targets == []
    presenter.select_index(4)
    presenter.mark_step(1)
    presenter.mark_step(1)
    assert presenter.targets == ["T00004", "T00005", "T00006"]


async def test_counting_rests_between_and_never_misses_the_last_change() -> None:
    inbox = Inbox(many(3))
    seen: list[int] = []
    inbox.presenter.tallied.subscribe(lambda: seen.append(inbox.presenter.counts[Queue.ALL]))
    inbox.presenter.tally()
    await asyncio.sleep(0)
    for name in ("T00000", "T00001"):
        del inbox.shelf.tickets[name]
        inbox.presenter.tally()
    await inbox.tasks.idle()
    assert len(seen) <= 2
    assert seen[-1] == 1


async def test_one_row_a_customer_opens_and_closes() -> None:
    tickets = [replace(one, customer=f"C{number % 3}") for number, one in enumerate(many(12))]
    inbox = Inbox(tickets)
    presenter = await inbox.load()
    presenter.set_grouped(True)
    await inbox.tasks.idle()
    rows = [presenter.row(index) for index in range(presenter.total)]
    assert [(row.customer, row.grouped) for row in rows if row] == [("C0", 4), ("C1", 4), ("C2", 4)]
    assert not presenter.filtered
    presenter.select_index(1)
    presenter.show_customer()
    await inbox.tasks.idle()
    assert presenter.total == 4  # each by itself
    assert presenter.leave_customer()
    await inbox.tasks.idle()
    assert presenter.total == 3
    presenter.set_queue(Queue.ALL)
    await inbox.tasks.idle()
    assert presenter.total == 12
    presenter.set_queue(Queue.WAITING)
    presenter.clear_filters()
    await inbox.tasks.idle()
    assert (presenter.total, presenter.query.grouped) == (3, True)
    presenter.mark_all()
    await inbox.tasks.idle()
    assert len(presenter.marks) == 3  # what is seen, nothing behind it
