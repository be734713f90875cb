"""Whether an article may be used, from when until when, and what it can be filtered by."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

STATEMENTS = (
    "ALTER TABLE articles ADD COLUMN status TEXT NOT NULL DEFAULT 'approved'",
    # microseconds since 1970 UTC; NULL for no limit
    "ALTER TABLE articles ADD COLUMN valid_from INTEGER",
    "ALTER TABLE articles ADD COLUMN valid_until INTEGER",
    # Few articles have a limit: what a search must leave out is found here without looking at the others.
    """CREATE INDEX articles_with_limits ON articles (valid_from, valid_until)
        WHERE valid_from IS NOT NULL OR valid_until IS NOT NULL""",
    """
    CREATE TABLE article_labels (
        article_key INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        -- 'tag' or 'product'
        kind TEXT NOT NULL,
        -- folded, so that filters do not mind case and width
        value TEXT NOT NULL,
        PRIMARY KEY (kind, value, article_key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX article_labels_by_article ON article_labels (article_key)",
)


def apply(db: "Database") -> None:
    """Add the columns and the table of labels, and fill the latter from the tags of what is stored."""
    for statement in STATEMENTS:
        db.execute(statement)
    db.execute(
        """INSERT OR IGNORE INTO article_labels (article_key, kind, value)
           SELECT articles.key, 'tag', lower(tag.value) FROM articles, json_each(articles.body, '$.tags') AS tag"""
    )
