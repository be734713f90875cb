"""What agents do with tickets beside answering them, over a real profile."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.events import DeadlinesChanged, DomainEvent, TicketsMoved
from agent_assist.domain.ids import utc_now
from agent_assist.domain.tickets import Queue, TicketQuery, TicketSort
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError
from agent_assist.services import triage as triage_module

ROWS = """id,customer,text,created_at,channel,assignee
T1,李雷,快递到哪了,2026-11-02 10:00,chat,
T2,李雷,退款多久到账,2026-11-02 10:05,email,
T3,Ann,Where is my parcel,2026-11-02 10:10,email,韩梅梅
"""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    opened = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    opened.settings.set_text("agent.name", "我")
    source = tmp_path / "tickets.csv"
    source.write_text(ROWS, encoding="utf-8")
    await opened.tickets.import_paths([source])
    yield opened
    await opened.close()


def heard(app: App) -> list[DomainEvent]:
    events: list[DomainEvent] = []
    app.events.subscribe(events.append)
    return events


async def listed(app: App, queue: Queue, **fields: object) -> list[str]:
    query = TicketQuery(queue=queue, sort=TicketSort.DUE, **fields)  # type: ignore[arg-type]
    return [row.id for row in await app.tickets.page(query, offset=0, limit=9)]


async def test_an_import_says_whose_tickets_are(app: App) -> None:
    assert await listed(app, Queue.UNASSIGNED) == ["T1", "T2"]
    assert await listed(app, Queue.WAITING, assignee="韩梅梅") == ["T3"]


async def test_mine_are_those_that_i_took(app: App) -> None:
    events = heard(app)
    move = await app.triage.assign(["T1", "T2"], app.triage.me)
    assert move.ticket_ids == ("T1", "T2")
    assert events == [TicketsMoved(ticket_ids=("T1", "T2"))]
    assert await listed(app, Queue.MINE) == ["T1", "T2"]
    counts = await app.tickets.counts()
    assert (counts[Queue.MINE], counts[Queue.UNASSIGNED], counts[Queue.WAITING]) == (2, 0, 3)
    undone = await app.triage.undo(move.id)
    assert (undone.ticket_ids, undone.left) == (("T1", "T2"), 0)
    assert await listed(app, Queue.MINE) == []


async def test_tickets_are_given_to_people_that_are_known(app: App) -> None:
    app.settings.set_text("agent.colleagues", "Bob， 王芳、Bob")
    assert await app.triage.people() == ["我", "Bob", "王芳", "韩梅梅"]
    await app.triage.assign(["T1"], " 王芳 ")
    with pytest.raises(InputError, match="Known are 我, Bob"):
        await app.triage.assign(["T1"], "Bop")
    await app.triage.assign(["T1"], "")
    assert await listed(app, Queue.UNASSIGNED) == ["T1", "T2"]


async def test_a_snooze_ends_by_itself_and_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    now = utc_now()
    await app.triage.snooze(["T1", "T2"], now + timedelta(minutes=5))
    await app.triage.settle()
    assert await listed(app, Queue.SNOOZED) == ["T1", "T2"]
    monkeypatch.setattr(app.clock, "now", lambda: now + timedelta(minutes=6))
    events = heard(app)
    await app.triage.settle()
    [event] = events
    assert isinstance(event, TicketsMoved)
    assert (sorted(event.ticket_ids), event.returned) == (["T1", "T2"], 2)
    assert await listed(app, Queue.WAITING) == ["T1", "T2", "T3"]


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=400)])
async def test_a_snooze_lies_within_a_year(app: App, ahead: timedelta) -> None:
    with pytest.raises(InputError, match="next year"):
        await app.triage.snooze(["T1"], app.clock.now() + ahead)


async def test_a_move_in_portions_is_one_move(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage_module, "PORTION", 2)
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return len(told) != 3

    move = await app.triage.finish(["T1", "T2", "T3"], progress=progress)
    assert told == [(2, 3), (3, 3)]
    assert await listed(app, Queue.DONE) == ["T1", "T2", "T3"]
    last = await app.triage.last_move()
    assert last is not None
    assert last == move
    await app.triage.undo(last.id)
    assert await listed(app, Queue.DONE) == []
    assert await app.triage.last_move() is None
    stopped = await app.triage.finish(["T1", "T2", "T3"], progress=progress)
    assert stopped.ticket_ids == ("T1", "T2")
    assert await listed(app, Queue.WAITING) == ["T3"]


async def test_overdue_follows_the_settings(app: App) -> None:
    assert await listed(app, Queue.OVERDUE) == ["T1", "T2", "T3"]
    events = heard(app)
    app.settings.set_text("service.email_hours", "720")
    app.settings.set_text("service.chat_first_seconds", "5")
    await app.triage.settle()
    assert events == [DeadlinesChanged()]
    in_force = {row.id: row.due for row in await app.tickets.page(TicketQuery(), offset=0, limit=9)}
    for row in await app.tickets.page(TicketQuery(), offset=0, limit=9):
        assert in_force[row.id] == app.clock.deadline(row).due
    await app.triage.settle()
    assert len(events) == 1


async def test_a_reply_takes_the_ticket(app: App) -> None:
    sent = await app.feedback.send("T1", "在查", suggestion=None)
    assert (await app.tickets.get("T1")).assignee == "我"
    await app.feedback.undo(sent.id)
    assert await listed(app, Queue.UNASSIGNED) == ["T1", "T2"]


async def test_times_are_read_by_the_shops_hours(app: App) -> None:
    app.settings.set_text("service.opens", "10:30")
    app.settings.set_text("service.closes", "19:00")
    found = app.triage.parse_until("明天")
    assert found is not None
    assert (found.astimezone().hour, found.astimezone().minute) == (10, 30)
    assert app.triage.parse_until("whenever") is None
    assert all(choice.until > app.clock.now() for choice in app.triage.snooze_choices())
