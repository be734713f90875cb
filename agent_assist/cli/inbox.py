"""`agent-assist tickets`: the inbox's views, and what is done with tickets beside answering them."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import Queue, TicketQuery, TicketRow, TicketSort
from agent_assist.domain.triage import Move
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from agent_assist.errors import InputError

PAGE = 500
IDS = click.argument("ids", nargs=-1, required=True, metavar="TICKET...")


@click.group()
def tickets() -> None:
    """List tickets by view, and assign, snooze, close or reopen them; TICKET may be - to read ids from the input."""


@tickets.command("list")
@click.option("--view", type=click.Choice([queue.value for queue in Queue]), default="waiting", show_default=True)
@click.option("--text", default="", help="Only tickets that hold this text.")
@click.option("--intent", default="", help="Only this intent, or topic.")
@click.option("--urgency", type=click.Choice(URGENCIES), default=None)
@click.option("--language", type=click.Choice(["zh", "en"]), default=None)
@click.option("--sentiment", type=click.Choice(SENTIMENTS), default=None)
@click.option("--customer", default="", help="Only this customer's tickets.")
@click.option("--assignee", default=None, help="Only this person's tickets; \"\" for nobody's.")
@click.option("--sort", type=click.Choice([sort.value for sort in TicketSort]), default="due", show_default=True)
@click.option("--by-customer", is_flag=True, help="One row a customer, the first ticket of theirs; what waits only.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(min=0), default=0)
@pass_session
def list_tickets(
    session: Session, /, view: str, sort: str, by_customer: bool, limit: int, offset: int, **filters: str | None
) -> None:
    """The tickets of a view, those first that are due first."""
    given = {name: value for name, value in filters.items() if value is not None}
    _check_intent(given.get("intent", ""))
    query = TicketQuery(queue=Queue(view), sort=TicketSort(sort), grouped=by_customer, **given)  # type: ignore[arg-type]

    async def work(app: App) -> None:
        await app.triage.settle()
        total = await app.tickets.count(query)
        rows: list[TicketRow] = []
        while len(rows) < limit:
            page = await app.tickets.page(query, offset=offset + len(rows), limit=min(PAGE, limit - len(rows)))
            if not page:
                break
            rows += page
        _show(session, rows, total, of="customers" if query.groups else "tickets")

    session.run(work)


@tickets.command()
@pass_session
def counts(session: Session) -> None:
    """How many tickets each view holds."""

    async def work(app: App) -> dict[Queue, int]:
        await app.triage.settle()
        return await app.tickets.counts()

    found = session.run(work)
    if session.output.as_json:
        session.output.record({queue.value: number for queue, number in found.items()})
        return
    session.output.table("", ("view", "tickets"), found.items())


@tickets.command()
@pass_session
def people(session: Session) -> None:
    """Who tickets can be assigned to; the setting agent.colleagues names more."""

    async def work(app: App) -> list[str]:
        return await app.triage.people()

    for name in session.run(work):
        if session.output.as_json:
            session.output.record({"name": name})
        else:
            session.output.say(name)


@tickets.command()
@IDS
@click.option("--to", "name", default=None, help="Whose the tickets are; yourself if left out.")
@click.option("--nobody", is_flag=True, help="They are nobody's any more.")
@pass_session
def assign(session: Session, ids: tuple[str, ...], name: str | None, nobody: bool) -> None:
    """Take tickets, or give them to somebody."""
    if nobody and name is not None:
        raise click.UsageError("Give --to or --nobody, one of them.")
    _move(session, ids, lambda app, found: app.triage.assign(found, "" if nobody else name or app.triage.me))


@tickets.command()
@IDS
@click.option("--until", required=True, help='"2h", "tomorrow 9:00", 周五, "12-24 10:00" or an ISO time.')
@pass_session
def snooze(session: Session, ids: tuple[str, ...], until: str) -> None:
    """Put tickets out of the way until a time, or until their customer writes."""

    async def act(app: App, found: Sequence[str]) -> Move:
        moment = app.triage.parse_until(until)
        if moment is None:
            raise InputError(
                f"{until!r} is no time to come. Write 30m, 2h, 14:30, tomorrow 9:00, friday or 2026-12-24 10:00."
            )
        return await app.triage.snooze(found, moment)

    _move(session, ids, act)


@tickets.command()
@IDS
@pass_session
def wake(session: Session, ids: tuple[str, ...]) -> None:
    """Bring snoozed tickets back now."""
    _move(session, ids, lambda app, found: app.triage.wake(found))


@tickets.command()
@IDS
@pass_session
def done(session: Session, ids: tuple[str, ...]) -> None:
    """Close tickets; a new message of the customer opens them again."""
    _move(session, ids, lambda app, found: app.triage.finish(found))


@tickets.command()
@IDS
@pass_session
def reopen(session: Session, ids: tuple[str, ...]) -> None:
    """Open closed tickets again."""
    _move(session, ids, lambda app, found: app.triage.reopen(found))


@tickets.command()
@click.argument("move_id", metavar="MOVE", required=False)
@pass_session
def undo(session: Session, move_id: str | None) -> None:
    """Take back MOVE, as the command that did it named it, or the newest one."""

    async def work(app: App) -> None:
        chosen = move_id
        if chosen is None:
            last = await app.triage.last_move()
            if last is None:
                raise InputError("Nothing was assigned, snoozed or closed that could be taken back.")
            chosen = last.id
        undone = await app.triage.undo(chosen)
        if session.output.as_json:
            session.output.record(
                {"id": undone.move.id, "undone": undone.move.kind, "tickets": undone.ticket_ids, "left": undone.left}
            )
            return
        session.output.say(f"{undone.move.kind} taken back for {len(undone.ticket_ids)} tickets.")
        if undone.left:
            session.output.say(f"{undone.left} were changed since and stay as they are.")

    session.run(work)


def _move(session: Session, ids: Sequence[str], act: Callable[[App, Sequence[str]], Awaitable[Move]]) -> None:
    found: list[str] = []
    for one in ids:
        found += sys.stdin.read().split() if one == "-" else [one]
    if not found:
        raise click.UsageError("No ticket was named.")

    async def work(app: App) -> Move:
        await app.triage.settle()
        return await act(app, found)

    move = session.run(work)
    if session.output.as_json:
        row: dict[str, Any] = {"id": move.id, "kind": move.kind, "tickets": move.ticket_ids}
        if move.kind == "assigned":
            row["assignee"] = move.assignee
        if move.until is not None:
            row["until"] = move.until.isoformat()
        session.output.record(row)
        return
    until = f" until {move.until.astimezone():%Y-%m-%d %H:%M}" if move.until else ""
    to = f" to {move.assignee or 'nobody'}" if move.kind == "assigned" else ""
    number = len(move.ticket_ids)
    session.output.say(f"{number} {'ticket' if number == 1 else 'tickets'} {move.kind}{to}{until}. ({move.id})")
    if number < len(found):
        session.output.say(f"{len(found) - number} were so already.")


def _show(session: Session, rows: Sequence[TicketRow], total: int, *, of: str) -> None:
    if session.output.as_json:
        for row in rows:
            session.output.record(as_record(row))
        return
    now = datetime.now(UTC)
    columns = ("ticket", "due", "customer", "message", "intent", "urgency", "assignee")
    session.output.table(
        "",
        columns,
        (
            (
                row.id,
                _due(row, now),
                row.customer + (f" ×{row.open_tickets}" if row.open_tickets > 1 else ""),
                row.preview[:60],
                row.intent,
                row.urgency,
                row.assignee,
            )
            for row in rows
        ),
    )
    session.output.say(f"{len(rows)} of {total} {of}.")


def as_record(row: TicketRow) -> dict[str, Any]:
    """A line of the list for programs; times in ISO 8601, null where there is none."""
    return {
        "id": row.id,
        "customer": row.customer,
        "subject": row.subject,
        "preview": row.preview,
        "channel": row.channel,
        "state": row.state,
        "assignee": row.assignee,
        "waiting_since": row.waiting_since.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "snoozed_until": row.snoozed_until.isoformat() if row.snoozed_until else None,
        "language": row.language,
        "intent": row.intent,
        "urgency": row.urgency,
        "sentiment": row.sentiment,
        "open_tickets": row.open_tickets,
        "grouped": row.grouped,
    }


def _due(row: TicketRow, now: datetime) -> str:
    if row.snoozed_until is not None:
        return f"back {row.snoozed_until.astimezone():%m-%d %H:%M}"
    if row.due is None:
        return ""
    left = row.due - now
    minutes = abs(int(left.total_seconds())) // 60
    size = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"
    return f"{size} left" if left.total_seconds() >= 0 else f"{size} overdue"


def _check_intent(intent: str) -> None:
    taxonomy = load_taxonomy()
    known = {*taxonomy.intents, *(name.split(".")[0] for name in taxonomy.intents), taxonomy.out_of_scope.id}
    if intent and intent not in known:
        raise InputError(f"There is no intent {intent}; the intents are: {', '.join(taxonomy.intents)}.")
