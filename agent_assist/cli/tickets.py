"""`agent-assist import` and `agent-assist triage`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from agent_assist.cli import suggest as suggest_command
from agent_assist.cli import understand as understand_command
from agent_assist.cli.rejections import as_records, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import Queue, Ticket, TicketQuery
from agent_assist.domain.understanding import Understanding
from agent_assist.errors import EngineUnavailableError
from agent_assist.services.importing import ImportReport

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
PAGE = 200


@click.command("import")
@PATHS
@pass_session
def import_tickets(session: Session, paths: tuple[Path, ...]) -> None:
    """Bring in tickets from CSV, JSONL, XLSX, EML, MBOX files, or folders of them."""
    _tell_report(session, session.run(lambda app: _import(session, app, paths)))


@click.command()
@PATHS
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N tickets that wait.")
@pass_session
def triage(session: Session, paths: tuple[Path, ...], limit: int | None) -> None:
    """Bring in tickets, understand them, search the knowledge and suggest a reply to each that waits."""

    async def work(app: App) -> None:
        report = await _import(session, app, paths)
        for row in report.rejected:
            tell(session.output, row)
        await triage_waiting(session, app, limit=limit)

    session.run(work, engine=True)


async def triage_waiting(session: Session, app: App, *, limit: int | None) -> None:
    """The headless main job over every waiting ticket, longest waiting first."""
    output = session.output
    query = TicketQuery(queue=Queue.WAITING)
    total = min(await app.tickets.count(query), limit or 10**9)
    done = 0
    with output.progress() as bar:
        task = bar.add_task("Suggesting replies", total=total) if bar else None
        while done < total:
            page = await app.tickets.page(query, offset=done, limit=min(PAGE, total - done))
            if not page:
                break
            for row in page:
                ticket = await app.tickets.get(row.id)
                suggestion = await app.suggestions.finished(row.id)
                if suggestion.reason == "engine_unavailable":
                    raise EngineUnavailableError(await app.engine_problem())
                understanding = (await app.tickets.open(row.id)).understandings.get(ticket.last_customer_index() or 0)
                done += 1
                if bar and task is not None:
                    bar.update(task, completed=done)
                _show(session, ticket, understanding, suggestion)
    output.say(f"\n{done} tickets.")


async def _import(session: Session, app: App, paths: Sequence[Path]) -> ImportReport:
    with session.output.progress() as bar:
        task = bar.add_task("Reading", total=None) if bar else None
        progress = (lambda done, total: bar.update(task, completed=done)) if bar and task is not None else None
        return await app.tickets.import_paths(paths, progress=progress)


def _tell_report(session: Session, report: ImportReport) -> None:
    output = session.output
    if output.as_json:
        output.record(
            {
                "imported": report.imported,
                "duplicates": report.duplicates,
                "rejected": as_records(report.rejected),
            }
        )
        return
    output.say(f"{report.imported} tickets imported, {report.duplicates} were there already.")
    for row in report.rejected:
        tell(output, row)


def _show(session: Session, ticket: Ticket, understanding: Understanding | None, suggestion: Suggestion) -> None:
    output = session.output
    if output.as_json:
        record: dict[str, Any] = {"id": ticket.id}
        record |= {"understanding": understand_command.as_record(understanding)} if understanding else {}
        output.record(record | {"suggestion": suggest_command.as_record(suggestion)})
        return
    message = ticket.messages[ticket.last_customer_index() or 0]
    output.say(f"\n{'─' * 80}\n{ticket.id}  {ticket.customer}  {ticket.subject}")
    output.say(f"> {' '.join(message.text.split())[:300]}")
    if understanding:
        language, intents, entities, sentiment, urgency = understand_command.as_cells(understanding)
        output.say(f"  {language} | {intents} | {sentiment} | urgency {urgency}{' | ' + entities if entities else ''}")
    suggest_command.show(session, "  =>", suggestion)
