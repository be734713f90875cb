"""`agent-assist feedback accept|send|reject|note|intents|sentiment|urgency|undo`: the agent's acts without a window."""

from collections.abc import Sequence
from pathlib import Path

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.domain.next_action import NOTES
from agent_assist.domain.suggestion import Suggestion, Unsupported
from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from agent_assist.engine.protocol import Learned
from agent_assist.errors import EngineError, InputError

TICKET = click.argument("ticket_id", metavar="TICKET")
MESSAGE = click.option(
    "--message", "index", type=click.IntRange(min=0), help="Which message; the customer's newest if left out."
)
CONFIRM = click.option("--confirm", is_flag=True, help="Send even where facts of the reply are in no source.")


@click.command()
@TICKET
@CONFIRM
@pass_session
def accept(session: Session, ticket_id: str, confirm: bool) -> None:
    """Send the suggestion for TICKET as it is."""

    async def work(app: App) -> FeedbackEvent:
        suggestion = await _kept(app, ticket_id)
        doubts = await _doubts(app, ticket_id, suggestion.text, suggestion, confirm=confirm)
        return await app.feedback.accept(suggestion, confirmed=doubts)

    _tell(session, session.run(work))


@click.command()
@TICKET
@click.option("--text", help="The reply.")
@click.option("--file", "source", type=click.Path(path_type=Path, dir_okay=False), help="A file with the reply.")
@CONFIRM
@pass_session
def send(session: Session, ticket_id: str, text: str | None, source: Path | None, confirm: bool) -> None:
    """Send a reply of your own, or an edited suggestion, to TICKET."""
    if (text is None) == (source is None):
        raise click.UsageError("Give --text or --file, one of them.")
    reply = text if text is not None else Path(str(source)).read_text(encoding="utf-8")

    async def work(app: App) -> FeedbackEvent:
        view = await app.tickets.open(ticket_id)
        doubts = await _doubts(app, ticket_id, reply, view.suggestion, confirm=confirm)
        return await app.feedback.send(ticket_id, reply, suggestion=view.suggestion, confirmed=doubts)

    _tell(session, session.run(work))


@click.command()
@TICKET
@click.option("--reason", type=click.Choice([reason.value for reason in RejectReason]), required=True)
@click.option("--note", default="", help="A word for those who read the log.")
@pass_session
def reject(session: Session, ticket_id: str, reason: str, note: str) -> None:
    """Say that the suggestion for TICKET is no good, and why."""

    async def work(app: App) -> FeedbackEvent:
        return await app.feedback.reject(await _kept(app, ticket_id), RejectReason(reason), note=note)

    _tell(session, session.run(work))


@click.command()
@TICKET
@click.option("--text", default="", help="The note in your own words; the next action as prefilled if left out.")
@pass_session
def note(session: Session, ticket_id: str, text: str) -> None:
    """Keep an internal note on TICKET that is sent to nobody: your words, or its next action (a refund form, an
    escalation)."""

    async def work(app: App) -> FeedbackEvent:
        suggestion = (await app.tickets.open(ticket_id)).suggestion
        action = suggestion.next_action if suggestion else None
        if text.strip() and (action is None or action.kind not in NOTES):
            return await app.feedback.add_note(ticket_id, text)
        return await app.feedback.note(await _kept(app, ticket_id), text=text)

    _tell(session, session.run(work))


@click.command()
@TICKET
@click.argument("labels", nargs=-1)
@MESSAGE
@click.option("--new", is_flag=True, help="Labels may be new ones, of the shop's own.")
@pass_session
def intents(session: Session, ticket_id: str, labels: tuple[str, ...], index: int | None, new: bool) -> None:
    """Put LABELS in place of the intents that the model saw in TICKET, and have it learn; none means out of scope."""

    async def work(app: App) -> tuple[FeedbackEvent, Learned | None]:
        if not new:
            await _known(app, labels)
        chosen = await _message(app, ticket_id, index)
        await app.start(background=False)
        event = await app.feedback.correct_intents(ticket_id, chosen, labels)
        return event, await _learn(session, app)

    _tell(session, *session.run(work))


@click.command()
@TICKET
@click.argument("label", type=click.Choice(SENTIMENTS))
@MESSAGE
@pass_session
def sentiment(session: Session, ticket_id: str, label: str, index: int | None) -> None:
    """Put LABEL in place of the sentiment that the model saw in TICKET."""

    async def work(app: App) -> FeedbackEvent:
        return await app.feedback.correct_sentiment(ticket_id, await _message(app, ticket_id, index), label)

    _tell(session, session.run(work))


@click.command()
@TICKET
@click.argument("label", type=click.Choice(URGENCIES))
@MESSAGE
@pass_session
def urgency(session: Session, ticket_id: str, label: str, index: int | None) -> None:
    """Put LABEL in place of the urgency that the model saw in TICKET."""

    async def work(app: App) -> FeedbackEvent:
        return await app.feedback.correct_urgency(ticket_id, await _message(app, ticket_id, index), label)

    _tell(session, session.run(work))


@click.command()
@click.argument("event_id", metavar="EVENT")
@pass_session
def undo(session: Session, event_id: str) -> None:
    """Take back the act EVENT (`agent-assist feedback list` shows the ids), and forget what was learned from it."""

    async def work(app: App) -> tuple[FeedbackEvent, Learned | None]:
        learned_from = (await app.feedback.get(event_id)).kind is FeedbackKind.INTENTS_CORRECTED
        if learned_from:
            await app.start(background=False)
        event = await app.feedback.undo(event_id)
        return event, await _learn(session, app) if learned_from else None

    _tell(session, *session.run(work))


async def _message(app: App, ticket_id: str, index: int | None) -> int:
    return index if index is not None else (await app.tickets.get(ticket_id)).last_customer_index() or 0


async def _known(app: App, labels: Sequence[str]) -> None:
    known = dict.fromkeys(load_taxonomy().intents)
    known |= dict.fromkeys(name for one in await app.learning.corrections() for name in one.intents)
    if unknown := [label for label in labels if label not in known]:
        raise InputError(
            f"There is no intent {', '.join(unknown)}; the intents are: {', '.join(known)}. Add one with --new."
        )


async def _learn(session: Session, app: App) -> Learned | None:
    try:
        return await app.learning.settle()
    except EngineError as error:
        session.output.note(f"This is stored, and learned when the models are there. {error}")
        return None


async def _doubts(
    app: App, ticket_id: str, text: str, suggestion: Suggestion | None, *, confirm: bool
) -> tuple[Unsupported, ...]:
    """What of the reply is in no source, confirmed by the option. What blocks is told when it is sent."""
    checked = await app.reply_checks.check(ticket_id, text, suggestion=suggestion)
    if checked.doubts and not checked.blocking and not confirm:
        doubtful = ", ".join(f"{text[one.start : one.end]} ({one.reason})" for one in checked.doubts)
        raise InputError(f"No source holds: {doubtful}. Send with --confirm, or edit with `feedback send`.")
    return checked.doubts


async def _kept(app: App, ticket_id: str) -> Suggestion:
    suggestion = (await app.tickets.open(ticket_id)).suggestion
    if suggestion is None:
        raise InputError(f"Ticket {ticket_id} has no suggestion yet; run `agent-assist triage` first.")
    return suggestion


def _tell(session: Session, event: FeedbackEvent, learned: Learned | None = None) -> None:
    if session.output.as_json:
        row: dict[str, object] = {"id": event.id, "kind": event.kind, "ticket_id": event.ticket_id}
        if learned is not None:
            row["learned"] = {
                "held": learned.held,
                "doubtful": len(learned.doubtful),
                "seconds": round(learned.seconds, 3),
                "model_version": learned.model_version,
            }
        session.output.record(row)
        return
    session.output.say(f"{event.kind}: {event.ticket_id} ({event.id})")
    if learned is not None:
        session.output.say(f"The model learned it in {learned.seconds:.2f} s and holds {learned.held} corrections.")
