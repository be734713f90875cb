"""`agent-assist attachments`: files that came with a ticket's messages; `agent-assist customer`: who wrote it."""

from pathlib import Path

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.attachments import Attachment
from agent_assist.domain.customers import CustomerHistory
from agent_assist.errors import NotFoundError


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--save", "number", type=click.IntRange(min=1), help="Save the file of this number in the list.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; its own name here if left out.")
@pass_session
def attachments(session: Session, ticket_id: str, number: int | None, out: Path | None) -> None:
    """List the files that came with TICKET, or save one of them; none is ever opened."""

    async def work(app: App) -> tuple[tuple[Attachment, ...], Path | None]:
        found = await app.attachments.of(ticket_id)
        if number is None:
            return found, None
        if number > len(found):
            raise NotFoundError(f"Ticket {ticket_id} has {len(found)} attachments; there is no number {number}.")
        chosen = found[number - 1]
        place = out or Path(chosen.name)
        await app.attachments.save(chosen.id, place)
        return (chosen,), place

    found, place = session.run(work)
    output = session.output
    if output.as_json:
        for row, one in enumerate(found, start=1 if number is None else number):
            record = {"number": row, "message_index": one.message_index, "name": one.name}
            record |= {"media_type": one.media_type, "size": one.size, "kind": one.kind, "fault": one.fault}
            output.record(record | {"risky": one.risky, "out": str(place) if place else None})
        return
    if place is not None:
        output.say(f"{found[0].name} saved to {place} ({found[0].size:,} bytes).")
        return
    rows = [
        (str(row), str(one.message_index), one.name, f"{one.size:,}", one.fault or one.kind)
        for row, one in enumerate(found, start=1)
    ]
    output.table("", ("number", "message", "name", "bytes", "kind"), rows)
    if not found:
        output.say("No files came with this ticket.")


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--limit", type=click.IntRange(1, 400), default=20, show_default=True, help="Tickets at most.")
@pass_session
def customer(session: Session, ticket_id: str, limit: int) -> None:
    """Show the other tickets and the orders of TICKET's customer, and why they are taken for theirs."""

    async def work(app: App) -> CustomerHistory:
        order = (await app.tickets.open(ticket_id)).order
        return await app.customers.history(ticket_id, order_number=order.order_number if order else None, limit=limit)

    history = session.run(work)
    output = session.output
    if output.as_json:
        for other in history.tickets:
            row = other.row
            output.record(
                {
                    "ticket_id": row.id,
                    "why": other.why,
                    "state": row.state,
                    "subject": row.subject,
                    "intent": row.intent,
                    "waiting_since": row.waiting_since.isoformat(),
                    "last_reply": other.last_reply,
                }
            )
        output.record({"total": history.total, "orders": [order.order_number for order in history.orders]})
        return
    rows = [
        (
            other.row.id,
            f"{other.row.waiting_since.astimezone():%Y-%m-%d}",
            other.row.state,
            other.why,
            other.row.preview,
        )
        for other in history.tickets
    ]
    output.table("", ("ticket", "at", "state", "why", "message"), rows)
    output.say(f"{history.total} other tickets, {len(history.orders)} orders.")
