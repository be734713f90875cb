"""Summaries of threads, the newest of each ticket and language."""

from agent_assist.domain.language import Language
from agent_assist.domain.summary import Summary
from agent_assist.domain.tickets import Ticket
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database
from agent_assist.storage.threads import ticket_key


class SummaryStore:
    """The summaries of a profile; they can be written again, so a power cut may take the newest."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def get(self, ticket: Ticket, *, language: Language) -> Summary | None:
        """The summary in `language` of exactly this version of the ticket. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: _get(connection, ticket, language))

    async def keep(self, summary: Summary) -> None:
        """Keep it in place of the one before, unless that is of a newer version. Raises `NotFoundError`."""
        await self._database.write_rebuildable(lambda connection: _keep(connection, summary))


def _get(connection: Connection, ticket: Ticket, language: Language) -> Summary | None:
    row = connection.execute(
        "SELECT body FROM summaries WHERE ticket_key = ? AND language = ? AND ticket_version = ?",
        (ticket_key(connection, ticket.id), language, ticket.version),
    ).fetchone()
    return decode(row["body"], Summary) if row else None


def _keep(connection: Connection, summary: Summary) -> None:
    connection.execute(
        """INSERT INTO summaries (ticket_key, language, ticket_version, body) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET ticket_version = excluded.ticket_version, body = excluded.body
        WHERE excluded.ticket_version >= ticket_version""",
        (ticket_key(connection, summary.ticket_id), summary.language, summary.ticket_version, encode(summary)),
    )
