"""The versions of articles: append-only, as the log of what agents did is."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """
    CREATE TABLE article_versions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        -- of an article that may be gone by now
        doc_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        at INTEGER NOT NULL,
        -- '' for the program itself
        author TEXT NOT NULL,
        cause TEXT NOT NULL,
        note TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (doc_id, number)
    )
    """,
    """CREATE TRIGGER article_versions_keep BEFORE UPDATE ON article_versions
        BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
    """CREATE TRIGGER article_versions_stay BEFORE DELETE ON article_versions
        BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
)


def apply(db: "Database") -> None:
    """Create the table; what is stored already becomes the first version of each article."""
    for statement in STATEMENTS:
        db.execute(statement)
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    db.execute(
        """INSERT INTO article_versions (doc_id, number, at, author, cause, note, body)
           SELECT doc_id, 1, ?, '', 'import', coalesce(json_extract(body, '$.source'), ''), body
           FROM articles ORDER BY key""",
        (now,),
    )
