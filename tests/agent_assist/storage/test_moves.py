"""Tickets are moved and moved back, snoozes end, due times follow the rule, and lists run on indexes."""

from datetime import timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent_assist.domain.deadlines import ResponseRule, Targets, WorkingHours
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.tickets import Channel, Queue, TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.domain.triage import Move, MoveKind
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage import ticket_list
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.moves import MoveStore
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import NOON, agent, customer, event, new_id, ticket, undo_of

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def moves(database: Database) -> MoveStore:
    return MoveStore(database)


def a_move(kind: MoveKind, **fields: Any) -> Move:
    return Move(id=new_id(), at=NOON, actor="李雷", kind=kind, **fields)


async def listed(tickets: TicketStore, queue: Queue, **fields: Any) -> list[str]:
    query = TicketQuery(queue=queue, **fields)
    rows = await tickets.page(query, offset=0, limit=100)
    names = [row.id for row in rows]
    assert await tickets.count(query) == len(rows)
    assert await tickets.ids(query, offset=0, limit=100) == names
    return names


async def row_of(tickets: TicketStore, ticket_id: str) -> TicketRow:
    rows = await tickets.page(TicketQuery(), offset=0, limit=200)
    return next(row for row in rows if row.id == ticket_id)


async def three(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("T1", customer("a")),
            ticket("T2", customer("b"), agent("c", minute=1), state=TicketState.ANSWERED),
            ticket("T3", customer("d"), state=TicketState.DONE),
        ]
    )


async def test_an_assignment_and_back(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    given = a_move(MoveKind.ASSIGNED, assignee="韩梅梅")
    assert await moves.move(given, ["T1", "T2", "T1"]) == ["T1", "T2"]
    assert await listed(tickets, Queue.WAITING, assignee="韩梅梅") == ["T1"]
    assert await listed(tickets, Queue.WAITING, assignee="") == []
    assert await tickets.people() == ["韩梅梅"]
    assert (await tickets.get("T1")).assignee == "韩梅梅"
    assert (await moves.get(given.id)).ticket_ids == ("T1", "T2")
    assert sorted(await moves.undo(given.id)) == ["T1", "T2"]
    assert await listed(tickets, Queue.WAITING, assignee="") == ["T1"]
    with pytest.raises(InputError, match="already"):
        await moves.undo(given.id)


async def test_what_changed_since_is_left(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    first, second = a_move(MoveKind.ASSIGNED, assignee="A"), a_move(MoveKind.ASSIGNED, assignee="B")
    await moves.move(first, ["T1", "T2"])
    await moves.move(second, ["T1"])
    assert await moves.undo(first.id) == ["T2"]
    assert (await tickets.get("T1")).assignee == "B"
    await moves.undo(second.id)
    assert (await tickets.get("T1")).assignee == "A"


async def test_nothing_is_moved_where_one_ticket_is_unknown(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    with pytest.raises(NotFoundError, match="T9"):
        await moves.move(a_move(MoveKind.DONE), ["T1", "T9"])
    assert (await tickets.get("T1")).state is TicketState.WAITING
    with pytest.raises(NotFoundError):
        await moves.get("no such move")


async def test_done_and_open_again(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    done = a_move(MoveKind.DONE)
    assert await moves.move(done, ["T1", "T2", "T3"]) == ["T1", "T2"]
    assert sorted(await listed(tickets, Queue.DONE)) == ["T1", "T2", "T3"]
    await moves.undo(done.id)
    assert await listed(tickets, Queue.ANSWERED) == ["T2"]
    opened = a_move(MoveKind.REOPENED)
    assert await moves.move(opened, ["T2", "T3"]) == ["T3"]
    assert await listed(tickets, Queue.WAITING) == ["T1", "T3"]
    await moves.undo(opened.id)
    assert await listed(tickets, Queue.DONE) == ["T3"]


async def test_a_snoozed_ticket_is_nowhere_else(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    snoozed = a_move(MoveKind.SNOOZED, until=LATER)
    assert await moves.move(snoozed, ["T1", "T2", "T3"]) == ["T1", "T2", "T3"]
    assert await listed(tickets, Queue.SNOOZED, sort=TicketSort.DUE) == ["T1", "T2", "T3"]
    for queue in (Queue.WAITING, Queue.ANSWERED, Queue.DONE):
        assert await listed(tickets, queue) == []
    assert await tickets.waiting(limit=9) == []
    assert (await row_of(tickets, "T1")).snoozed_until == LATER
    await moves.undo(snoozed.id)
    assert await listed(tickets, Queue.DONE) == ["T3"]
    assert await listed(tickets, Queue.WAITING) == ["T1"]


async def test_a_snooze_ends_at_its_time(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    snoozed = a_move(MoveKind.SNOOZED, until=LATER)
    await moves.move(snoozed, ["T1", "T2"])
    assert await moves.wake(LATER - timedelta(microseconds=1)) == []
    assert sorted(await moves.wake(LATER)) == ["T1", "T2"]
    # Nobody would look for the answered one where it was: it waits for the agent, from then on.
    assert await listed(tickets, Queue.WAITING, sort=TicketSort.DUE) == ["T1", "T2"]
    assert (await row_of(tickets, "T2")).due == LATER
    assert await moves.undo(snoozed.id) == []


async def test_waking_early_and_back(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    await moves.move(a_move(MoveKind.SNOOZED, until=LATER), ["T1"])
    woken = a_move(MoveKind.WOKEN)
    assert await moves.move(woken, ["T1", "T2"]) == ["T1"]
    await moves.undo(woken.id)
    assert await listed(tickets, Queue.SNOOZED) == ["T1"]


async def test_the_customer_brings_a_snoozed_ticket_back(tickets: TicketStore, moves: MoveStore) -> None:
    await tickets.add([ticket("T1", customer("a")), ticket("T2", customer("a"))])
    await moves.move(a_move(MoveKind.SNOOZED, until=LATER), ["T1", "T2"])
    await tickets.add(
        [ticket("T1", customer("a"), customer("b", minute=9)), ticket("T2", customer("a"), agent("c", minute=9))]
    )
    assert await listed(tickets, Queue.SNOOZED) == ["T2"]
    assert (await tickets.get("T1")).snoozed_until is None


async def test_a_reply_takes_what_was_nobodys_and_ends_a_snooze(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    await moves.move(a_move(MoveKind.SNOOZED, until=LATER), ["T1"])
    sent = event(FeedbackKind.WRITTEN, final_text="在查", actor="李雷")
    await tickets.record(sent, reply=agent("在查", minute=3))
    after = await tickets.get("T1")
    assert (after.assignee, after.snoozed_until, after.state) == ("李雷", None, TicketState.ANSWERED)
    await tickets.undo(undo_of(sent))
    before = await tickets.get("T1")
    assert (before.assignee, before.snoozed_until, before.state) == ("", LATER, TicketState.WAITING)


async def test_a_reply_leaves_a_colleagues_ticket_theirs(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    await moves.move(a_move(MoveKind.ASSIGNED, assignee="韩梅梅"), ["T1"])
    sent = event(FeedbackKind.WRITTEN, final_text="在查", actor="李雷")
    await tickets.record(sent, reply=agent("在查", minute=3))
    await tickets.undo(undo_of(sent))
    assert (await tickets.get("T1")).assignee == "韩梅梅"


async def test_due_times_follow_channel_thread_and_rule(tickets: TicketStore, moves: MoveStore) -> None:
    await tickets.add(
        [
            ticket("new", customer("a")),
            ticket("talk", customer("a"), agent("b", minute=1), customer("c", minute=2)),
            ticket("mail", customer("a"), channel=Channel.EMAIL),
        ]
    )
    due = {row.id: row.due for row in await tickets.page(TicketQuery(sort=TicketSort.DUE), offset=0, limit=9)}
    assert due == {
        "new": NOON + timedelta(seconds=30),
        "talk": NOON + timedelta(minutes=5),
        "mail": NOON + timedelta(hours=24),
    }
    assert list(due) == ["new", "talk", "mail"]
    monday_noon_at_nine = ResponseRule(
        targets=Targets(email=timedelta(hours=2)),
        hours=WorkingHours(opens=540, closes=1080, zone=ZoneInfo("America/New_York")),
    )
    assert not await moves.in_force(monday_noon_at_nine)
    await moves.keep_rule(monday_noon_at_nine)
    assert await moves.refresh_due(after=0, limit=2) is not None
    after = await moves.refresh_due(after=0, limit=9)
    assert after is not None
    assert await moves.refresh_due(after=after, limit=9) is None
    assert await moves.in_force(monday_noon_at_nine)
    # Noon in UTC is 7 in New York, which opens at 9.
    assert (await row_of(tickets, "mail")).due == NOON + timedelta(hours=4)
    await tickets.add([ticket("late", customer("a"), channel=Channel.EMAIL)])
    assert (await row_of(tickets, "late")).due == NOON + timedelta(hours=4)


async def test_counts_are_those_of_the_lists(tickets: TicketStore, moves: MoveStore) -> None:
    await three(tickets)
    await tickets.add([ticket("T4", customer("a", minute=50)), ticket("T5", customer("b", minute=50))])
    await moves.move(a_move(MoveKind.ASSIGNED, assignee="me"), ["T4", "T2"])
    await moves.move(a_move(MoveKind.ASSIGNED, assignee="you"), ["T1"])
    await moves.move(a_move(MoveKind.SNOOZED, until=LATER), ["T5"])
    now = NOON + timedelta(minutes=40)
    counts = await tickets.counts(me="me", now=now)
    meant: dict[Queue, dict[str, Any]] = {
        Queue.MINE: {"assignee": "me"},
        Queue.UNASSIGNED: {"assignee": ""},
        Queue.OVERDUE: {"due_before": now},
    }
    assert counts == {queue: len(await listed(tickets, queue, **meant.get(queue, {}))) for queue in Queue}
    assert counts[Queue.MINE] == counts[Queue.OVERDUE] == counts[Queue.SNOOZED] == 1


async def test_a_row_tells_how_many_tickets_its_customer_has_open(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("T1", customer="李雷"),
            ticket("T2", customer="李雷"),
            ticket("T3", customer="李雷", state=TicketState.DONE),
            ticket("T4", customer=""),
            ticket("T5", customer=""),
        ]
    )
    assert (await row_of(tickets, "T1")).open_tickets == 2
    assert (await row_of(tickets, "T4")).open_tickets == 1
    assert await listed(tickets, Queue.ALL, customer="李雷") == ["T1", "T2", "T3"]


async def test_namesakes_are_told_apart_where_it_is_known_how_they_are_reached(tickets: TicketStore) -> None:
    await tickets.add(
        [
            ticket("T1", customer="李雷", contact="a@example.com"),
            ticket("T2", customer="李雷", contact="b@example.com"),
            ticket("T3", customer="李雷"),
        ]
    )
    assert [(await row_of(tickets, name)).open_tickets for name in ("T1", "T2", "T3")] == [2, 2, 3]
    assert await listed(tickets, Queue.ALL, customer="李雷", contact="a@example.com") == ["T1", "T3"]


async def test_a_name_of_thousands_is_counted_to_a_hundred(tickets: TicketStore) -> None:
    await tickets.add([ticket(f"T{number}", customer="匿名用户") for number in range(120)])
    assert (await row_of(tickets, "T7")).open_tickets == 100


async def test_sentiment_and_all_other_filters_together(tickets: TicketStore) -> None:
    await tickets.add([ticket("T1", customer("快递到哪了")), ticket("T2", customer("快递到哪了"))])
    assert await listed(tickets, Queue.WAITING, sentiment="negative") == []
    assert await listed(tickets, Queue.WAITING, text="快递", language="zh", assignee="") == ["T1", "T2"]


def plan(connection: Connection, query: TicketQuery) -> list[str]:
    condition, values = ticket_list._condition(query)
    rows = connection.execute(
        "EXPLAIN QUERY PLAN SELECT key FROM tickets WHERE "
        f"{condition} ORDER BY {ticket_list._order(query)} LIMIT 200 OFFSET 0",
        values,
    )
    return [row["detail"] for row in rows]


async def test_pages_are_cut_from_an_index_that_is_in_order(database: Database) -> None:
    narrowed: list[dict[str, Any]] = [
        {},
        {"assignee": ""},
        {"due_before": NOON},
        {"intent": "refund.status", "urgency": "high", "language": "zh", "sentiment": "negative"},
    ]
    faults = []
    for queue, sort, fields in product(Queue, TicketSort, narrowed):
        query = TicketQuery(queue=queue, sort=sort, **fields)
        steps = await database.read(lambda one, query=query: plan(one, query))  # type: ignore[misc]
        if any("TEMP B-TREE" in step for step in steps) or not all("INDEX" in step for step in steps):
            faults.append((queue, sort, fields, steps))
        few = queue is Queue.SNOOZED and sort is TicketSort.DUE
        if not few and not all("COVERING INDEX" in step for step in steps):
            faults.append((queue, sort, fields, steps))
    assert faults == []


async def test_ones_own_tickets_are_found_by_name(database: Database) -> None:
    query = TicketQuery(queue=Queue.MINE, assignee="me", sort=TicketSort.DUE)
    [step] = await database.read(lambda one: plan(one, query))
    assert "tickets_by_assignee" in step
