"""New urgent tickets are told once, only to whoever is elsewhere and wants it, by name and number alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent_assist.domain.events import TicketChanged, TicketsArrived
from agent_assist.domain.tickets import Channel, TicketQuery, TicketRow, TicketState
from tests.ui.conftest import Desk
from tests.ui.doubles.samples import sample_tickets
from ui.desktop.presenter import UrgentNotices
from ui.tasks import Tasks


def row(ticket_id: str, *, version: int = 1, urgency: str = "critical") -> TicketRow:
    ticket = sample_tickets()[0]
    return TicketRow(
        id=ticket_id,
        customer=f"Customer of {ticket_id}",
        subject="secret words",
        preview="secret words",
        channel=Channel.CHAT,
        state=TicketState.WAITING,
        waiting_since=ticket.messages[0].at,
        version=version,
        urgency=urgency,
    )


class Bench:
    def __init__(self) -> None:
        self.rows = [row("T-1")]
        self.away, self.wanted = True, True
        self.told: list[list[str]] = []
        self.asked: list[TicketQuery] = []
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.notices = UrgentNotices(
            self,  # type: ignore[arg-type]
            self.tasks.scope(),
            away=lambda: self.away,
            wanted=lambda: self.wanted,
            tell=lambda rows: self.told.append([one.id for one in rows]),
            pause=0.0,
        )

    async def page(self, query: TicketQuery, *, offset: int, limit: int) -> Sequence[TicketRow]:
        self.asked.append(query)
        return [one for one in self.rows if one.urgency == query.urgency][:limit]

    async def do(self, act: Callable[[], object]) -> None:
        act()
        await self.tasks.idle()


async def test_what_was_there_is_not_news_and_what_comes_is_told_once() -> None:
    bench = Bench()
    await bench.do(bench.notices.start)
    bench.rows.append(row("T-2"))
    await bench.do(lambda: bench.notices.handle(TicketsArrived(count=1)))
    await bench.do(lambda: bench.notices.handle(TicketChanged(ticket_id="T-2")))
    assert bench.told == [["T-2"]]
    assert bench.errors == []


async def test_a_ticket_becomes_urgent_by_being_read_and_again_by_a_new_message() -> None:
    bench = Bench()
    bench.rows.append(row("T-2", urgency="normal"))
    await bench.do(bench.notices.start)
    bench.rows[1] = replace(bench.rows[1], urgency="critical")
    await bench.do(lambda: bench.notices.handle(TicketChanged(ticket_id="T-2")))
    bench.rows[1] = replace(bench.rows[1], version=2)
    await bench.do(lambda: bench.notices.handle(TicketChanged(ticket_id="T-2")))
    assert bench.told == [["T-2"], ["T-2"]]


async def test_whoever_looks_or_does_not_want_it_is_not_told_later_either() -> None:
    bench = Bench()
    await bench.do(bench.notices.start)
    for name, away, wanted in (("T-2", False, True), ("T-3", True, False)):
        bench.away, bench.wanted = away, wanted
        bench.rows.append(row(name))
        await bench.do(lambda: bench.notices.handle(TicketsArrived(count=1)))
    bench.away = bench.wanted = True
    await bench.do(lambda: bench.notices.handle(TicketsArrived(count=0)))
    assert bench.told == []


async def test_a_burst_of_events_is_looked_at_a_few_times_only() -> None:
    bench = Bench()
    await bench.do(bench.notices.start)
    bench.rows.append(row("T-2"))
    for _ in range(500):
        bench.notices.handle(TicketChanged(ticket_id="T-2"))
    await bench.tasks.idle()
    assert len(bench.asked) <= 3
    assert bench.told == [["T-2"]]


class Noted:
    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.clicked: Callable[[], object] = lambda: None

    def show(self, title: str, text: str, *, clicked: Callable[[], object]) -> None:
        self.shown.append((title, text))
        self.clicked = clicked


def test_the_notice_has_names_and_numbers_only_and_opens_its_ticket(desk: Desk) -> None:
    noted = Noted()
    desk.session.rooms.notices_room.notifier = noted
    rows = [row("TK-1009"), row("TK-1011")]
    desk.act(lambda: desk.session.rooms.notices_room.presenter._tell(rows[:1]))
    desk.act(lambda: desk.session.rooms.notices_room.presenter._tell(rows))
    assert noted.shown == [
        ("Urgent ticket: Customer of TK-1009", "TK-1009"),
        ("2 urgent tickets", "TK-1009, TK-1011"),
    ]
    desk.act(desk.session.show_knowledge)
    desk.act(noted.clicked)
    assert desk.session.desk.inbox.selected_id == "TK-1009"
    assert desk.window.pages.currentWidget() is desk.session.view
