"""Where articles come from (folders and files with what was read of them), the state of indexing, and vectors that can
be used again: of a passage by the hash of its text, of one that was taken out by what `spare_vectors` keeps."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    # What the encoder read of a passage or question, hashed; x'' for rows of before, whose vectors are made anew.
    "ALTER TABLE passages ADD COLUMN text_hash BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE questions ADD COLUMN text_hash BLOB NOT NULL DEFAULT x''",
    "CREATE INDEX passages_by_hash ON passages (text_hash)",
    "CREATE INDEX questions_by_hash ON questions (text_hash)",
    """
    CREATE TABLE spare_vectors (
        -- grows with every vector laid by; the smallest are forgotten first
        key INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        text_hash BLOB NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX spare_vectors_by_text ON spare_vectors (text_hash, model)",
    """
    CREATE TABLE knowledge_sources (
        key INTEGER PRIMARY KEY,
        -- absolute
        path TEXT NOT NULL UNIQUE,
        watched INTEGER NOT NULL DEFAULT 0,
        -- somebody asked for it, and it has not been gone through to the end since
        wanted INTEGER NOT NULL DEFAULT 1,
        -- why it could not be gone through, a sentence for people; '' where it could
        problem TEXT NOT NULL DEFAULT '',
        -- microseconds since 1970 UTC; NULL before the first time
        checked_at INTEGER
    )
    """,
    """
    CREATE TABLE source_files (
        key INTEGER PRIMARY KEY,
        source_key INTEGER NOT NULL REFERENCES knowledge_sources (key) ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        -- nanoseconds; -1 where the file changed while it was read and must be looked at again
        mtime_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        -- the way of reading and cutting it was read with
        scheme TEXT NOT NULL,
        -- 'read', 'failed' or 'cancelled'
        state TEXT NOT NULL,
        -- the last error or remark, a sentence for people; '' for none
        error TEXT NOT NULL,
        UNIQUE (source_key, path)
    )
    """,
    """
    CREATE TABLE source_articles (
        file_key INTEGER NOT NULL REFERENCES source_files (key) ON DELETE CASCADE,
        -- as the file names it; a renamed file keeps its articles under the ids they had
        given_id TEXT NOT NULL,
        doc_id TEXT NOT NULL,
        PRIMARY KEY (file_key, given_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX source_articles_by_doc ON source_articles (doc_id)",
    """
    CREATE TABLE indexing (
        key INTEGER PRIMARY KEY CHECK (key = 1),
        paused INTEGER NOT NULL,
        -- asks the program that indexes to stop
        cancel INTEGER NOT NULL,
        -- how far that program is, as JSON, for other programs to show; '' where none has begun
        progress TEXT NOT NULL
    )
    """,
    "INSERT INTO indexing (key, paused, cancel, progress) VALUES (1, 0, 0, '')",
)


def apply(db: "Database") -> None:
    """Add the columns and create the tables."""
    for statement in STATEMENTS:
        db.execute(statement)
