"""One row a customer: what SQL gives is what grouping the ungrouped list by hand gives, whatever order and filters."""

import random
from datetime import timedelta

import pytest

from agent_assist.domain.tickets import Queue, TicketQuery, TicketSort, TicketState
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import NOON, customer, ticket, understanding

NAMES = ("", "王芳", "Kim", "匿名用户", "李雷")
CONTACTS = ("", "a@b.cn", "13800000000")


@pytest.fixture
async def filled(tickets: TicketStore) -> TicketStore:
    """Sixty tickets of a few customers, some answered, some of namesakes, some without a name."""
    dice = random.Random(7)
    made = []
    for number in range(60):
        minute = dice.randrange(600)
        made.append(
            ticket(
                f"T{number:02}",
                customer("退款" if dice.random() < 0.5 else "parcel", minute=minute),
                customer=dice.choice(NAMES),
                contact=dice.choice(CONTACTS),
                assignee=dice.choice(("", "王芳")),
                state=TicketState.WAITING if dice.random() < 0.8 else TicketState.DONE,
            )
        )
    await tickets.add(made)
    for one in made[::2]:
        await tickets.save_understanding(
            one.id,
            ticket_version=1,
            message_index=0,
            understanding=understanding("refund.status", urgency=dice.choice(("critical", "high", "high", "low"))),
            vector=b"",
        )
    return tickets


async def by_hand(tickets: TicketStore, query: TicketQuery) -> list[tuple[str, int]]:
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in await tickets.page(query, offset=0, limit=1000):
        groups.setdefault((row.customer, row.contact, "" if row.customer else row.id), []).append(row.id)
    return [(ids[0], len(ids)) for ids in groups.values()]


@pytest.mark.parametrize("sort", list(TicketSort))
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"assignee": "王芳"},
        {"assignee": "", "queue": Queue.UNASSIGNED},
        {"urgency": "high"},
        {"text": "退款"},
        {"intent": "refund"},
        {"due_before": NOON + timedelta(hours=9), "queue": Queue.OVERDUE},
    ],
    ids=str,
)
async def test_groups_are_those_of_the_list(filled: TicketStore, sort: TicketSort, filters: dict[str, object]) -> None:
    asked = TicketQuery(**{"queue": Queue.WAITING, **filters}, sort=sort)  # type: ignore[arg-type]
    query = TicketQuery(**{"queue": Queue.WAITING, **filters}, sort=sort, grouped=True)  # type: ignore[arg-type]
    expected = await by_hand(filled, asked)
    assert any(size > 1 for _, size in expected)
    pages = [await filled.page(query, offset=offset, limit=4) for offset in range(0, 80, 4)]
    assert [(row.id, row.grouped) for page in pages for row in page] == expected
    assert await filled.count(query) == len(expected)
    ids = [name for offset in range(0, 80, 7) for name in await filled.ids(query, offset=offset, limit=7)]
    assert ids == [name for name, _ in expected]


@pytest.mark.parametrize("fields", [{"queue": Queue.DONE}, {"queue": Queue.ALL}, {"customer": "Kim"}], ids=str)
async def test_what_does_not_wait_is_not_grouped(filled: TicketStore, fields: dict[str, object]) -> None:
    rows = await filled.page(TicketQuery(**fields, grouped=True), offset=0, limit=1000)  # type: ignore[arg-type]
    assert [row.id for row in rows] == await filled.ids(TicketQuery(**fields), offset=0, limit=1000)  # type: ignore[arg-type]
    assert {row.grouped for row in rows} == {1}


async def test_grouping_reads_the_index_alone(filled: TicketStore, database: Database) -> None:
    """Of 100,000 rows none is read but those of the page."""
    plans = await database.read(
        lambda connection: [
            row["detail"]
            for row in connection.execute(
                """EXPLAIN QUERY PLAN SELECT key, min(due_at), count(*) FROM tickets INDEXED BY tickets_by_group
                WHERE place = 0 AND customer <> '' AND place = 0 AND urgency = 'high' AND assignee = ''
                GROUP BY customer, contact"""
            )
        ]
    )
    assert [plan for plan in plans if "COVERING INDEX tickets_by_group" in plan] == plans
