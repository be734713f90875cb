"""The sample shop, whose customers wrote just before it was loaded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.domain.tickets import Queue, Ticket, TicketQuery
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.services.samples import SampleService


async def _waiting(app: App) -> list[Ticket]:
    return [await app.tickets.get(one) for one in await app.tickets.ids(TicketQuery(), offset=0, limit=1000)]


async def test_the_newest_sample_message_was_written_just_now_and_most_customers_can_be_answered_in_time(
    tmp_path: Path,
) -> None:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    before = datetime.now(UTC)
    await app.samples.load()
    after = datetime.now(UTC)
    tickets = await _waiting(app)
    assert before <= max(message.at for ticket in tickets for message in ticket.messages) <= after
    assert all(message.at >= ticket.created_at for ticket in tickets for message in ticket.messages)
    counts = await app.tickets.counts()
    assert 0 < counts[Queue.OVERDUE] < counts[Queue.WAITING] / 2
    await app.close()


async def test_samples_keep_their_times_within_a_conversation_their_files_and_are_not_doubled(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    year = datetime(2028, 3, 1, 9, 0, tzinfo=UTC)
    for later in (timedelta(), timedelta(days=3)):
        samples = SampleService(tickets=app.tickets, knowledge=app.knowledge, now=lambda later=later: year + later)
        await samples.load()
    tickets = {ticket.id: ticket for ticket in await _waiting(app)}
    assert len(tickets) == 130
    assert max(message.at for ticket in tickets.values() for message in ticket.messages) == year
    first, second, third = (message.at for message in tickets["TK-1001"].messages)
    assert (second - first, third - first) == (timedelta(minutes=2), timedelta(minutes=5))
    assert len((await app.tickets.open("TK-1043")).attachments) == 1
    await app.close()


async def test_a_clock_before_the_samples_leaves_them_as_they_are(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    past = datetime(2020, 1, 1, tzinfo=UTC)
    await SampleService(tickets=app.tickets, knowledge=app.knowledge, now=lambda: past).load()
    assert (await app.tickets.get("TK-1001")).created_at == datetime(2026, 11, 21, 2, 42, tzinfo=UTC)
    await app.close()
