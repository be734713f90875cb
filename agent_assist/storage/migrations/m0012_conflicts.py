"""Articles that say the same twice or contradict each other: what was found, for which state of them, and what a person
said is none."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    # The state of each article (digest, encoder, way of comparing) when it was compared with the others.
    "CREATE TABLE conflict_checks (doc_id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE conflicts (
        -- doc_ids in alphabetical order
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        kind TEXT NOT NULL,
        -- digests of the articles in which it was found; for others it says nothing
        digest_one TEXT NOT NULL,
        digest_other TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (one, other)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX conflicts_by_other ON conflicts (other)",
    """
    CREATE TABLE conflict_dismissals (
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        kind TEXT NOT NULL,
        -- of what the two articles said then; a dismissal ends with either
        content_one TEXT NOT NULL,
        content_other TEXT NOT NULL,
        at INTEGER NOT NULL,
        author TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (one, other, kind)
    )
    """,
)


def apply(db: "Database") -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute(statement)
