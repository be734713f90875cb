"""`agent-assist suggest`: a grounded reply with its sources for each thread."""

from pathlib import Path
from typing import Any

import click

from agent_assist.cli.rejections import finish, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.threads import Thread, read_threads
from agent_assist.composition import App
from agent_assist.domain.suggestion import Suggestion
from agent_assist.errors import EngineUnavailableError


@click.command()
@click.option("--input", "source", type=click.Path(path_type=Path), required=True, help="JSONL rows: id and text.")
@pass_session
def suggest(session: Session, source: Path) -> None:
    """Suggest a reply to each thread, with the passages it rests on."""
    output = session.output

    async def work(app: App) -> int:
        rejected = 0
        for row in read_threads(source):
            if not isinstance(row, Thread):
                tell(output, row)
                rejected += 1
                continue
            suggestion = await app.suggester.suggest(row.ticket)
            if suggestion.reason == "engine_unavailable":
                raise EngineUnavailableError(await app.engine_problem())
            if output.as_json:
                output.record({"id": row.id} | as_record(suggestion))
            else:
                show(session, str(row.id), suggestion)
        return rejected

    finish(session.run(work, engine=True))


def as_record(suggestion: Suggestion) -> dict[str, Any]:
    """The contract's fields, and the reason where there is no draft."""
    first = suggestion.first_token_ms
    record: dict[str, Any] = {
        "kind": suggestion.kind,
        "draft": suggestion.draft,
        "sources": [
            {
                "doc_id": source.doc_id,
                "title": source.title,
                "passage": source.passage,
                "start": source.start,
                "end": source.end,
            }
            for source in suggestion.sources
        ],
        "unsupported": [{"start": one.start, "end": one.end, "reason": one.reason} for one in suggestion.unsupported],
        "sentences": [
            {
                "start": one.start,
                "end": one.end,
                "source": one.source,
                "source_start": None if one.source is None else one.source_start,
                "source_end": None if one.source is None else one.source_end,
                "free": one.free,
            }
            for one in suggestion.sentences
        ],
        "first_token_ms": None if first is None else round(first, 1),
        "total_ms": round(suggestion.total_ms, 1),
    }
    if suggestion.reason:
        record["reason"] = suggestion.reason
    if suggestion.clarifying:
        record["clarifying"] = suggestion.clarifying
    if suggestion.answerable is not None:
        record["answerable"] = round(suggestion.answerable, 4)
    return record


def show(session: Session, name: str, suggestion: Suggestion) -> None:
    """A suggestion for people."""
    output = session.output
    timing = f"{suggestion.total_ms:.0f} ms"
    output.say(f"\n{name}  [{suggestion.kind}{f': {suggestion.reason}' if suggestion.reason else ''}, {timing}]")
    if suggestion.draft:
        output.say(suggestion.draft)
    if suggestion.reason == "not_answered":
        output.say("The sources do not answer this. They were looked at:")
    for one in suggestion.unsupported:
        output.say(f"  ! not in the sources: {suggestion.text[one.start : one.end]} ({one.reason})")
    for sentence in suggestion.sentences:
        if sentence.source is None and not sentence.free:
            output.say(f"  ? rests on no source: {suggestion.text[sentence.start : sentence.end]}")
    for source in suggestion.sources:
        output.say(f"  - {source.title} ({source.doc_id})")
    if suggestion.clarifying:
        output.say(f"  ? to ask the customer: {suggestion.clarifying}")
