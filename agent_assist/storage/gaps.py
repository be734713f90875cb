"""The store of questions that nothing answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.domain.gaps import UnansweredQuestion
from agent_assist.storage.codec import decode, encode, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database


def asked_by(ticket_id: str, version: int) -> str:
    """The name of the question that a version of a ticket asks."""
    return f"ticket:{version}:{ticket_id}"


class GapStore:
    """Unanswered questions of one profile. They were asked once and are kept through a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, asked: str, question: UnansweredQuestion, *, event_id: str | None = None) -> bool:
        """Keep a question unless one is there under the name `asked`; False where one was."""
        return await self._database.write(lambda connection: _add(connection, asked, question, event_id))

    async def since(self, moment: datetime, *, limit: int) -> list[UnansweredQuestion]:
        """The newest `limit` questions from `moment` on, oldest first."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT * FROM gap_questions WHERE at >= ? ORDER BY at DESC, key DESC LIMIT ?",
                (to_micros(moment), limit),
            ).fetchall()
        )
        return [_question(row) for row in reversed(rows)]

    async def dismiss(self, keys: Sequence[int], *, dismissed: bool = True) -> None:
        """Say of questions that nothing is to be written for them, or take that back."""
        await self._database.write(
            lambda connection: connection.executemany(
                "UPDATE gap_questions SET dismissed = ? WHERE key = ?", [(dismissed, key) for key in keys]
            )
        )

    async def keep_vectors(self, vectors: Mapping[int, bytes], *, model: str) -> None:
        """Keep the vectors that the encoder `model` made of questions, by their keys."""
        await self._database.write_rebuildable(
            lambda connection: connection.executemany(
                "UPDATE gap_questions SET vector = ?, model = ? WHERE key = ?",
                [(vector, model, key) for key, vector in vectors.items()],
            )
        )

    async def new_rejections(self) -> list[FeedbackEvent]:
        """Rejections for want of relevance that stand and are not among the questions yet, oldest first."""
        return await self._database.read(_new_rejections)

    async def forget_undone(self) -> None:
        """Drop the questions whose rejection was taken back."""
        if await self._database.read(_undone):
            await self._database.write(
                lambda connection: connection.executemany(
                    "DELETE FROM gap_questions WHERE key = ?", [(key,) for key in _undone(connection)]
                )
            )


def _add(connection: Connection, asked: str, question: UnansweredQuestion, event_id: str | None) -> bool:
    body = encode(replace(question, vector=b"", model=""))
    cursor = connection.execute(
        "INSERT OR IGNORE INTO gap_questions (asked, at, event_id, body, model, vector) VALUES (?, ?, ?, ?, ?, ?)",
        (asked, to_micros(question.at), event_id, body, question.model, question.vector),
    )
    return bool(cursor.rowcount)


def _question(row: Row) -> UnansweredQuestion:
    question = decode(row["body"], UnansweredQuestion)
    return replace(
        question,
        key=row["key"],
        vector=bytes(row["vector"]),
        model=row["model"],
        dismissed=bool(row["dismissed"]),
    )


def _new_rejections(connection: Connection) -> list[FeedbackEvent]:
    rows = connection.execute(
        """SELECT event.body FROM events AS event WHERE kind = ?
           AND NOT EXISTS (SELECT 1 FROM events AS undo WHERE undo.undoes = event.id)
           AND NOT EXISTS (SELECT 1 FROM gap_questions WHERE event_id = event.id)
           AND NOT EXISTS (SELECT 1 FROM gap_questions WHERE asked =
               'ticket:' || json_extract(event.body, '$.ticket_version') || ':' || event.ticket_id)
           ORDER BY seq""",
        (FeedbackKind.REJECTED.value,),
    )
    events = (decode(row["body"], FeedbackEvent) for row in rows)
    return [event for event in events if event.reason is RejectReason.NOT_RELEVANT]


def _undone(connection: Connection) -> list[int]:
    rows = connection.execute(
        """SELECT key FROM gap_questions WHERE event_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM events WHERE undoes = event_id)"""
    )
    return [int(row["key"]) for row in rows]
