"""Files that came with messages, unsent notes, and the way from a parcel to its order."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    # The same logo in each of a hundred mails is stored once.
    "CREATE TABLE attachment_bodies (digest TEXT PRIMARY KEY, body BLOB NOT NULL)",
    """
    CREATE TABLE attachments (
        key INTEGER PRIMARY KEY,
        ticket_key INTEGER NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        message_index INTEGER NOT NULL,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        kind TEXT NOT NULL,
        -- why the bytes are not there; then there is no digest
        fault TEXT,
        digest TEXT REFERENCES attachment_bodies (digest),
        UNIQUE (ticket_key, message_index, position)
    )
    """,
    """
    CREATE TABLE note_drafts (
        ticket_key INTEGER PRIMARY KEY REFERENCES tickets (key) ON DELETE CASCADE,
        text TEXT NOT NULL
    )
    """,
    "CREATE INDEX orders_by_tracking ON orders (upper(json_extract(body, '$.tracking_number')))",
)


def apply(db: "Database") -> None:
    """Create the tables and indexes."""
    for statement in STATEMENTS:
        db.execute(statement)
