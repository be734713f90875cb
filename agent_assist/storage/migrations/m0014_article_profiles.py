"""What the questions of each article want, for search."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

PROFILES = """
    CREATE TABLE article_profiles (
        article_key INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
        -- of the article when it was read; where that is another, it is read again
        digest TEXT NOT NULL,
        -- the encoder whose heads read it
        model TEXT NOT NULL,
        -- one profile a question, and one of the intents that it was given
        body TEXT NOT NULL
    )
"""


def apply(db: "Database") -> None:
    """Create the table."""
    db.execute(PROFILES)
