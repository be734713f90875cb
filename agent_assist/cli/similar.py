"""`agent-assist similar`: solved tickets like an open one, with the reply that was sent."""

from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.solved import Quote, SolvedTicket


@click.command()
@click.argument("ticket_id", required=False)
@click.option("--text", help="A customer's words instead of a ticket.")
@click.option("-k", "count", type=click.IntRange(1, 50), default=5, show_default=True, help="Solved tickets at most.")
@pass_session
def similar(session: Session, ticket_id: str | None, text: str | None, count: int) -> None:
    """Show solved tickets like the ticket TICKET_ID, with the reply that was sent."""
    if (ticket_id is None) == (text is None):
        raise click.UsageError("Give a TICKET_ID or --text TEXT, one of them.")
    output = session.output

    async def work(app: App) -> tuple[SolvedTicket, ...]:
        if ticket_id is not None:
            await app.tickets.get(ticket_id)  # a mistyped id is told before the index is brought up to date
        with output.progress() as bar:
            task = bar.add_task("Indexing solved tickets", total=None) if bar else None

            def progress(done: int, total: int) -> None:
                if bar and task is not None:
                    bar.update(task, completed=done, total=total or None)

            await app.similar.catch_up(progress=progress)
        if ticket_id is not None:
            return await app.similar.similar(ticket_id, k=count)
        return await app.similar.similar_text(text or "", k=count)

    found = session.run(work, engine=True)
    for one in found:
        if output.as_json:
            output.record(as_record(one))
        else:
            _show(session, one)
    if not found:
        output.say("No solved ticket is like this one.")


def as_record(one: SolvedTicket) -> dict[str, Any]:
    """A solved ticket with the places of what is quoted."""
    return {
        "rank": one.rank,
        "score": round(one.score, 4),
        "ticket_id": one.ticket_id,
        "language": one.language,
        "question": _as_record(one.question),
        "reply": [_as_record(quote) for quote in one.reply],
        "at": one.at.isoformat(),
        "actor": one.actor,
        "times_sent": one.times_sent,
        "other_customer": one.other_customer,
        "reasons": list(one.reasons),
        "outdated": list(one.outdated),
    }


def _as_record(quote: Quote) -> dict[str, Any]:
    return {"message_index": quote.message_index, "start": quote.start, "end": quote.end, "text": quote.text}


def _show(session: Session, one: SolvedTicket) -> None:
    output = session.output
    notes = [f"sent {one.times_sent} times"] if one.times_sent > 1 else []
    notes += ["another customer's, masked"] if one.other_customer else []
    notes += [f"out of date: {', '.join(one.outdated)}"] if one.outdated else []
    by = f" by {one.actor}" if one.actor else ""
    output.say(f"\n{one.rank}. {one.ticket_id}  {one.score:.2f}  {', '.join(one.reasons)}")
    output.say(f"   asked: {' '.join(one.question.text.split())[:200]}")
    output.say(f"   {one.at:%Y-%m-%d}{by}: {one.reply_text}")
    if notes:
        output.say(f"   ({'; '.join(notes)})")
