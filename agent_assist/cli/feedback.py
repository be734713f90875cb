"""`agent-assist feedback list|sent|export|learned`."""

from pathlib import Path

import click

from agent_assist.cli import acts
from agent_assist.cli.session import Session, pass_session
from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.understanding import OUT_OF_SCOPE
from agent_assist.learning.export import ExportKind

# Characters of a message in a table.
_SHOWN = 60


@click.group()
def feedback() -> None:
    """What agents did with suggestions and labels."""


@feedback.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Newest N acts.")
@click.option("--all", "include_undone", is_flag=True, help="Undone acts and the undos too.")
@pass_session
def list_events(session: Session, limit: int, include_undone: bool) -> None:
    """The newest acts first."""
    events = session.run(lambda app: app.feedback.events(limit=limit, include_undone=include_undone))
    output = session.output
    if output.as_json:
        for event in events:
            output.record(
                {
                    "id": event.id,
                    "at": event.at,
                    "kind": event.kind,
                    "ticket_id": event.ticket_id,
                    "actor": event.actor,
                    "reason": event.reason,
                    "suggestion_kind": event.suggestion.kind if event.suggestion else None,
                    "suggestion_reason": event.suggestion.reason if event.suggestion else None,
                    "model_version": event.suggestion.model_version if event.suggestion else None,
                    "candidate": event.suggestion.candidate if event.suggestion else None,
                    "tone": event.suggestion.tone if event.suggestion else None,
                    "hint": event.suggestion.wish.hint if event.suggestion else None,
                    "rewrites": [one.manner for one in event.origin.rewrites],
                    "intents": event.intents,
                    "sentiment": event.sentiment,
                    "urgency": event.urgency,
                    "action": event.action,
                    "note": event.note,
                    "undoes": event.undoes,
                }
            )
        return
    rows = [
        (
            f"{event.at.astimezone():%Y-%m-%d %H:%M}",
            event.kind,
            event.ticket_id,
            event.actor,
            event.reason or ", ".join(event.intents or ()) or event.sentiment or event.urgency or _otherwise(event),
            event.id,
        )
        for event in events
    ]
    output.table("", ("at", "kind", "ticket", "by", "detail", "id"), rows)
    if not rows:
        output.say("Nothing is logged yet: accept, edit, reject or relabel a suggestion first.")


@feedback.command("sent")
@click.option("--after", default="", metavar="EVENT", help="Only what went out after this act.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Oldest N replies.")
@pass_session
def list_sent(session: Session, after: str, limit: int) -> None:
    """Replies that went out, oldest first, to hand on to a help desk or a channel. What can still be taken back
    (`sending.undo_seconds`) is not among them."""
    events = session.run(lambda app: app.feedback.sent(after=after, limit=limit))
    output = session.output
    if output.as_json:
        for event in events:
            output.record(
                {
                    "id": event.id,
                    "at": event.at,
                    "sent_at": event.leaves_at,
                    "ticket_id": event.ticket_id,
                    "kind": event.kind,
                    "actor": event.actor,
                    "text": event.final_text,
                }
            )
        return
    rows = [
        (
            f"{event.leaves_at.astimezone():%Y-%m-%d %H:%M:%S}",
            event.ticket_id,
            event.actor,
            " ".join((event.final_text or "").split())[:_SHOWN],
            event.id,
        )
        for event in events
    ]
    output.table("", ("sent", "ticket", "by", "reply", "id"), rows)
    if not rows:
        output.say("No reply has gone out yet." if not after else "No reply has gone out since.")


def _otherwise(event: FeedbackEvent) -> str:
    """The action of a note, or why there was no draft to the reply."""
    return event.action or ((event.suggestion.reason or "") if event.suggestion else "")


@feedback.command()
@click.argument("kind", type=click.Choice([kind.value for kind in ExportKind]))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL file to write.")
@pass_session
def export(session: Session, kind: str, out: Path) -> None:
    """Write masked training rows: sft and preference in chat format, the others as labelled text."""
    rows = session.run(lambda app: app.feedback.export(kind, out))
    if session.output.as_json:
        session.output.record({"kind": kind, "rows": rows, "out": str(out)})
    else:
        session.output.say(f"{rows} rows written to {out}.")


@feedback.command()
@pass_session
def learned(session: Session) -> None:
    """The corrections that the models learn from, the newest first; `feedback undo` forgets one."""
    corrections = session.run(lambda app: app.learning.corrections())
    output = session.output
    if output.as_json:
        for one in corrections:
            output.record(
                {
                    "id": one.event_id,
                    "at": one.at,
                    "ticket_id": one.ticket.id,
                    "message_index": one.message_index,
                    "intents": one.intents,
                }
            )
        return
    rows = [
        (
            f"{one.at.astimezone():%Y-%m-%d %H:%M}",
            one.ticket.id,
            " ".join(one.ticket.messages[one.message_index].text.split())[:_SHOWN],
            ", ".join(one.intents) or OUT_OF_SCOPE,
            one.actor,
            one.event_id,
        )
        for one in corrections
    ]
    output.table("", ("at", "ticket", "message", "intents", "by", "id"), rows)
    if not rows:
        output.say("Nothing is learned yet: correct a message with `agent-assist feedback intents` or in the window.")


for act in (acts.accept, acts.send, acts.reject, acts.note, acts.intents, acts.sentiment, acts.urgency, acts.undo):
    feedback.add_command(act)
