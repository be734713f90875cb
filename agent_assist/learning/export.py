"""Writing training rows of the whole feedback log to a JSON Lines file."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.errors import InputError, NotFoundError, StorageFaultError
from agent_assist.learning.rows import (
    Row,
    TicketHistory,
    entity_rows,
    intent_rows,
    preference_rows,
    sentiment_rows,
    sft_rows,
    urgency_rows,
)
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore

_log = logging.getLogger(__name__)


class ExportKind(StrEnum):
    """What the rows are for; see `agent_assist.learning.rows` for their layouts."""

    SFT = "sft"
    PREFERENCE = "preference"
    INTENT = "intent"
    ENTITIES = "entities"
    SENTIMENT = "sentiment"
    URGENCY = "urgency"


_ROWS: dict[ExportKind, Callable[[TicketHistory], Iterator[Row]]] = {
    ExportKind.SFT: sft_rows,
    ExportKind.PREFERENCE: preference_rows,
    ExportKind.INTENT: intent_rows,
    ExportKind.ENTITIES: entity_rows,
    ExportKind.SENTIMENT: sentiment_rows,
    ExportKind.URGENCY: urgency_rows,
}


async def export(
    kind: ExportKind, out: Path, *, log: FeedbackLog, tickets: TicketStore, now: datetime | None = None
) -> int:
    """Write all rows of `kind` to `out`, one JSON object a line, and return how many.

    Undone acts and replies that have not gone out by `now` (None: by the clock) are left out, and every text is masked.
    The file is replaced only when the export is complete; no rows give an empty file. Raises `InputError` for a place
    that cannot hold a file, `StorageFaultError` when writing fails.
    """
    _check_place(out)
    partial = out.with_name(out.name + ".partial")
    try:
        count = await _write(partial, export_rows(kind, log=log, tickets=tickets, now=now or datetime.now(UTC)))
        partial.replace(out)
    except OSError as error:
        raise StorageFaultError(f"{out} cannot be written: {error.strerror}. The old file is unchanged.") from error
    finally:
        partial.unlink(missing_ok=True)
    _log.info("exported %d rows of kind %s", count, kind.value)
    return count


def _check_place(out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"{out} cannot be written. Name a file in a folder that exists.")


async def export_rows(kind: ExportKind, *, log: FeedbackLog, tickets: TicketStore, now: datetime) -> AsyncIterator[Row]:
    """The rows that `export` writes, ticket by ticket."""
    events: dict[str, list[FeedbackEvent]] = {}
    for event in await log.events(oldest_first=True):
        if event.leaves_at <= now:
            events.setdefault(event.ticket_id, []).append(event)
    for ticket_id, acts in events.items():
        try:
            history = TicketHistory(
                ticket=await tickets.get(ticket_id),
                understandings=await tickets.understandings(ticket_id),
                events=acts,
            )
        except NotFoundError:
            _log.warning("a ticket of the log is gone; its acts are left out")
            continue
        for row in _ROWS[kind](history):
            yield row


async def _write(path: Path, rows: AsyncIterator[Row]) -> int:
    encoder = msgspec.json.Encoder()
    count = 0
    with path.open("wb") as file:
        async for row in rows:
            file.write(encoder.encode(row) + b"\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count
