"""What is done with one or many tickets, and what the list does then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from agent_assist.domain.tickets import Queue, TicketState
from agent_assist.domain.triage import Move, MoveKind
from tests.ui.doubles import Shelf, TicketsDouble, sample_tickets
from tests.ui.doubles.triage import TriageDouble
from ui.inbox.presenter import InboxPresenter
from ui.ports.desk import MoveProgress
from ui.tasks import Tasks
from ui.triage.presenter import TriagePresenter


def _raise(error: Exception) -> None:
    raise error


class Bench:
    def __init__(self, count: int = 6) -> None:
        tickets = [replace(sample_tickets()[0], id=f"T{n}", customer=f"C{n}") for n in range(count)]
        self.shelf = Shelf({ticket.id: ticket for ticket in tickets})
        self.service = TriageDouble(self.shelf)
        self.tasks = Tasks(_raise)
        self.inbox = InboxPresenter(TicketsDouble(self.shelf), self.tasks.scope(), people=self.service.people)
        self.moves: list[Move] = []
        self.triage = TriagePresenter(self.service, self.inbox, self.tasks.scope(), moved=self.moves.append)

    async def start(self) -> None:
        self.inbox.refresh()
        await self.tasks.idle()


@pytest.fixture
async def bench() -> Bench:
    made = Bench()
    await made.start()
    return made


async def test_the_chosen_ticket_is_taken_and_stays_chosen(bench: Bench) -> None:
    bench.inbox.select_index(1)
    bench.triage.take()
    await bench.tasks.idle()
    assert bench.shelf.tickets["T1"].assignee == "me"
    assert bench.inbox.selected_id == "T1"
    assert [move.kind for move in bench.moves] == [MoveKind.ASSIGNED]
    assert bench.inbox.counts[Queue.MINE] == 1
    assert bench.triage.people == ["me", "王芳"]


async def test_done_goes_on_with_the_next_ticket(bench: Bench) -> None:
    bench.inbox.select_index(1)
    bench.triage.finish()
    await bench.tasks.idle()
    assert bench.shelf.tickets["T1"].state is TicketState.DONE
    assert (bench.inbox.selected_id, bench.inbox.selected_index, bench.inbox.total) == ("T2", 1, 5)


async def test_many_at_once_leave_the_choice_where_it_can_stay(bench: Bench) -> None:
    bench.inbox.select_index(1)
    for index in (0, 1, 2):
        bench.inbox.toggle_mark(index)
    bench.triage.snooze(bench.shelf.now + timedelta(hours=1))
    await bench.tasks.idle()
    [move] = bench.moves
    assert move.ticket_ids == ("T0", "T1", "T2")
    assert bench.inbox.selected_id == "T3"
    assert not bench.inbox.marks
    bench.service.let_time_pass(timedelta(hours=2))
    await bench.start()
    assert bench.inbox.total == 6


async def test_done_opens_again_what_is_done(bench: Bench) -> None:
    bench.shelf.tickets["T0"] = replace(bench.shelf.tickets["T0"], state=TicketState.DONE)
    bench.inbox.set_queue(Queue.DONE)
    await bench.tasks.idle()
    bench.inbox.select_index(0)
    assert bench.triage.opens_again
    bench.triage.finish()
    await bench.tasks.idle()
    assert bench.shelf.tickets["T0"].state is TicketState.WAITING
    assert bench.inbox.total == 0


async def test_snoozed_tickets_are_brought_back(bench: Bench) -> None:
    until = bench.shelf.now + timedelta(hours=1)
    bench.shelf.tickets["T0"] = replace(bench.shelf.tickets["T0"], snoozed_until=until)
    bench.inbox.set_queue(Queue.SNOOZED)
    await bench.tasks.idle()
    bench.inbox.select_index(0)
    assert bench.triage.wakes
    bench.triage.wake()
    await bench.tasks.idle()
    assert bench.shelf.tickets["T0"].snoozed_until is None


async def test_nothing_is_done_where_nothing_is_chosen(bench: Bench) -> None:
    bench.triage.finish()
    await bench.tasks.idle()
    assert bench.moves == []
    assert not bench.triage.stop()


async def test_a_long_move_tells_how_far_it_is_and_stops(bench: Bench) -> None:
    seen: list[tuple[int, int]] = []
    bench.triage.changes.subscribe(lambda: seen.append((bench.triage.done, bench.triage.total)))
    going_on: list[bool] = []

    async def finish(ticket_ids: Sequence[str], *, progress: MoveProgress | None = None) -> Move:
        assert progress is not None
        going_on.append(progress(1, 6))
        assert bench.triage.stop()
        going_on.append(progress(2, 6))
        return await TriageDouble.finish(bench.service, ticket_ids[:2])

    bench.service.finish = finish  # type: ignore[method-assign,assignment]
    bench.inbox.mark_all()
    await bench.tasks.idle()
    bench.triage.finish()
    await bench.tasks.idle()
    assert going_on == [True, False]
    assert seen == [(1, 6), (2, 6), (0, 0)]
    assert bench.moves[0].ticket_ids == ("T0", "T1")
