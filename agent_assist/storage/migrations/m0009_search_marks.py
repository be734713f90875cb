"""What the first pass of a search looks at: narrow rows with the filters and a code a vector; and how words sound.

The tables of bytes go: a code of four bits a value needs half of their room, is compared six times as fast, and can
be joined with any filter.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    "DROP TABLE passage_bytes",
    "DROP TABLE question_bytes",
    "DROP TABLE passage_terms",
    *(
        statement
        for what in ("passage", "question")
        for statement in (
            f"""
            CREATE TABLE {what}_marks (
                key INTEGER PRIMARY KEY REFERENCES {what}s (key) ON DELETE CASCADE,
                article_key INTEGER NOT NULL,
                language TEXT NOT NULL,
                internal INTEGER NOT NULL,
                embedded INTEGER NOT NULL,
                -- of the vector, NULL until there is a scale
                code BLOB
            )
            """,
            f"CREATE INDEX {what}_marks_uncoded ON {what}_marks (key) WHERE embedded AND code IS NULL",
        )
    ),
    """
    INSERT INTO passage_marks (key, article_key, language, internal, embedded)
    SELECT key, article_key, language, internal, EXISTS (SELECT 1 FROM passage_vectors AS v WHERE v.key = passages.key)
    FROM passages
    """,
    """
    INSERT INTO question_marks (key, article_key, language, internal, embedded)
    SELECT q.key, q.article_key, coalesce(v.language, 'zh'), coalesce(v.internal, 0), v.key IS NOT NULL
    FROM questions AS q LEFT JOIN question_vectors AS v ON v.key = q.key
    """,
    # One row: mean and spread of each of the values (float32) of the encoder's vectors.
    "CREATE TABLE vector_scale (one INTEGER PRIMARY KEY CHECK (one = 1), model TEXT NOT NULL, body BLOB NOT NULL)",
    "CREATE VIRTUAL TABLE passage_places USING fts5vocab (passage_text, 'instance')",
    # `spelling`: how a Chinese pair sounds, or a Latin word with a letter left out; many terms share one.
    "CREATE TABLE spelled_terms (term TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE spellings (spelling TEXT NOT NULL, term TEXT NOT NULL, PRIMARY KEY (spelling, term)) WITHOUT ROWID",
)


def apply(db: "Database") -> None:
    """Replace the tables; codes and spellings are made by the next indexing."""
    for statement in STATEMENTS:
        db.execute(statement)
