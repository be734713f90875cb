"""Texts of articles that somebody is writing and has not saved yet."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def apply(db: "Database") -> None:
    """Create the table."""
    db.execute(
        """
        CREATE TABLE article_drafts (
            -- the doc_id of the article that is edited, or an id of its own for one that is new
            key TEXT PRIMARY KEY,
            -- the version that is worked on; 0 for a new article
            base INTEGER NOT NULL,
            -- microseconds since 1970 UTC
            at INTEGER NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
