"""`agent-assist understand`: intents, entities, sentiment and urgency of messages."""

from itertools import islice
from pathlib import Path
from typing import Any

import click

from agent_assist.cli.rejections import finish, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.threads import Thread, read_threads
from agent_assist.composition import App
from agent_assist.domain.understanding import Understanding

BATCH = 64


@click.command()
@click.option("--input", "source", type=click.Path(path_type=Path), required=True, help="JSONL rows: id and text.")
@pass_session
def understand(session: Session, source: Path) -> None:
    """Read messages: language, intents, scope, entities, sentiment, urgency."""
    output = session.output

    async def work(app: App) -> int:
        rejected = 0
        shown: list[tuple[object, ...]] = []
        rows = read_threads(source)
        while batch := list(islice(rows, BATCH)):
            threads = [row for row in batch if isinstance(row, Thread)]
            read = await app.reading.read_unstored([thread.ticket for thread in threads])
            results = iter(zip(threads, read, strict=True))
            for row in batch:
                if not isinstance(row, Thread):
                    tell(output, row)
                    rejected += 1
                    continue
                thread, message = next(results)
                if output.as_json:
                    output.record({"id": thread.id} | as_record(message.understanding))
                else:
                    shown.append((thread.id, *as_cells(message.understanding)))
        if not output.as_json:
            output.table("", ("id", "language", "intents", "entities", "sentiment", "urgency"), shown)
        return rejected

    finish(session.run(work, engine=True))


def as_record(understanding: Understanding) -> dict[str, Any]:
    """The contract's fields."""
    return {
        "language": understanding.language,
        "intents": [{"label": one.label, "score": round(one.score, 4)} for one in understanding.intents],
        "in_scope": understanding.in_scope,
        "entities": [
            {"type": one.type, "start": one.start, "end": one.end, "text": one.text, "score": round(one.score, 4)}
            for one in understanding.entities
        ],
        "sentiment": {
            "label": understanding.sentiment.label,
            "score": round(understanding.sentiment.score, 4),
        },
        "urgency": {"label": understanding.urgency.label, "score": round(understanding.urgency.score, 4)},
    }


def as_cells(understanding: Understanding) -> tuple[str, ...]:
    """The same for a table: language, intents, entities, sentiment, urgency."""
    intents = ", ".join(f"{one.label} {one.score:.2f}" for one in understanding.intents)
    return (
        understanding.language,
        intents if understanding.in_scope else f"out of scope ({intents})",
        ", ".join(f"{one.type}={one.text}" for one in understanding.entities),
        understanding.sentiment.label,
        understanding.urgency.label,
    )
