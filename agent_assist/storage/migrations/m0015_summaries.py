"""Summaries of threads, one a ticket and language."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """
    CREATE TABLE summaries (
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        language TEXT NOT NULL,
        ticket_version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (ticket_key, language)
    ) WITHOUT ROWID
    """,
)


def apply(db: "Database") -> None:
    """Create the table."""
    for statement in STATEMENTS:
        db.execute(statement)
