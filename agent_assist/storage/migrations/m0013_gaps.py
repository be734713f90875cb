"""Questions that nothing answered, as they came, masked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """
    CREATE TABLE gap_questions (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        -- a question of one version of a ticket, or a search of one day, counts once
        asked TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        -- the event that rejected what was suggested
        event_id TEXT,
        dismissed INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        -- the encoder that made the vector, '' while there is none
        model TEXT NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    "CREATE INDEX gap_questions_by_time ON gap_questions (at)",
    "CREATE INDEX gap_questions_by_event ON gap_questions (event_id) WHERE event_id IS NOT NULL",
)


def apply(db: "Database") -> None:
    """Create the table."""
    for statement in STATEMENTS:
        db.execute(statement)
