"""The shop's knowledge: articles, the passages they are cut into, and the two indexes over those.

`passage_text` holds words and pairs that agent_assist.knowledge has split, joined by blanks; SQLite's own tokenizers
find nothing inside Chinese. The `_bytes` tables hold the vectors with a byte a value, for a fast first pass.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    """
    CREATE TABLE articles (
        key INTEGER PRIMARY KEY,
        doc_id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        -- of the whole article; an equal one is not indexed again
        digest TEXT NOT NULL,
        -- the encoder that made the vectors, '' while there are none
        model TEXT NOT NULL,
        body TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE passages (
        key INTEGER PRIMARY KEY,
        article_key INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        doc_id TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL,
        kind TEXT NOT NULL,
        internal INTEGER NOT NULL,
        language TEXT NOT NULL,
        words TEXT NOT NULL
    )
    """,
    "CREATE INDEX passages_by_article ON passages (article_key)",
    """
    CREATE TABLE questions (
        key INTEGER PRIMARY KEY,
        article_key INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        text TEXT NOT NULL
    )
    """,
    "CREATE INDEX questions_by_article ON questions (article_key)",
    """CREATE VIRTUAL TABLE passage_text USING fts5
        (words, pairs, content='', contentless_delete=1, tokenize='ascii')""",
    "CREATE VIRTUAL TABLE passage_terms USING fts5vocab (passage_text, 'row')",
    # Whole vectors in rows of their own: sqlite-vec keeps its vectors in blobs of a thousand, from which reading a
    # single one means walking through all before it, each page to be decrypted.
    """
    CREATE TABLE passage_vectors (
        key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
        language TEXT NOT NULL,
        internal INTEGER NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE question_vectors (
        key INTEGER PRIMARY KEY REFERENCES questions (key) ON DELETE CASCADE,
        language TEXT NOT NULL,
        internal INTEGER NOT NULL,
        vector BLOB NOT NULL
    )
    """,
    "CREATE VIRTUAL TABLE passage_bytes USING vec0 (vector int8[384], language text, internal integer)",
    "CREATE VIRTUAL TABLE question_bytes USING vec0 (vector int8[384], language text, internal integer)",
)


def apply(db: "Database") -> None:
    """Create the tables of the knowledge room."""
    for statement in STATEMENTS:
        db.execute(statement)
