"""What the encoder made of messages that agents corrected, so that a start teaches the models without encoding."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

LESSONS = """
    CREATE TABLE lessons (
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        message_index INTEGER NOT NULL,
        -- the encoder that made the features; those of another are of no use
        trunk TEXT NOT NULL,
        features BLOB NOT NULL,
        PRIMARY KEY (ticket_key, message_index)
    )
"""


def apply(db: "Database") -> None:
    """Create the table."""
    db.execute(LESSONS)
    db.execute("CREATE INDEX events_by_kind ON events (kind, seq)")
