"""The rows of one article in the tables and indexes; every function works inside the caller's transaction."""

from collections.abc import Iterable

from agent_assist.domain.knowledge import Article, Visibility
from agent_assist.storage.articles.indexed import IndexedPassage, text_hash
from agent_assist.storage.articles.spare_vectors import lay_by
from agent_assist.storage.bigrams import fold
from agent_assist.storage.codec import encode, to_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.searching.coding import code_of
from agent_assist.storage.searching.terms import insert_spellings

# An article whose rows are not all there yet has neither digest nor model: it counts as changed and as outdated.
UNFINISHED = ""


def insert_article(connection: Connection, article: Article) -> int:
    """The row of a new, unfinished article without passages; returns its key."""
    key = connection.execute(
        "INSERT INTO articles (doc_id, title, digest, model, body) VALUES (?, ?, ?, ?, ?)",
        (article.doc_id, article.title, UNFINISHED, UNFINISHED, ""),
    ).lastrowid
    assert key is not None
    return key


def write_body(connection: Connection, key: int, article: Article) -> None:
    """What is shown and filtered of the article."""
    limits = [to_micros(moment) if moment else None for moment in (article.valid_from, article.valid_until)]
    connection.execute(
        "UPDATE articles SET title = ?, body = ?, status = ?, valid_from = ?, valid_until = ? WHERE key = ?",
        (article.title, encode(article), str(article.status), *limits, key),
    )
    labels = [("tag", tag) for tag in article.tags] + [("product", sku) for sku in article.products]
    connection.execute("DELETE FROM article_labels WHERE article_key = ?", (key,))
    connection.executemany(
        "INSERT OR IGNORE INTO article_labels (article_key, kind, value) VALUES (?, ?, ?)",
        [(key, kind, fold(value)) for kind, value in labels],
    )


def sign(connection: Connection, key: int, *, digest: str, model: str) -> None:
    """Say what the rows are of; `UNFINISHED` twice while some are missing."""
    connection.execute("UPDATE articles SET digest = ?, model = ? WHERE key = ?", (digest, model, key))


def insert_passage(
    connection: Connection, article: Article, article_key: int, item: IndexedPassage, *, key: int | None = None
) -> None:
    """A passage in all indexes; `key` gives it the place of one that is gone."""
    passage = item.passage
    key = connection.execute(
        """INSERT INTO passages
           (key, article_key, doc_id, title, text, start_char, end_char, kind, internal, language, words, text_hash)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(key, article_key, article.doc_id, passage.title, passage.text, passage.start, passage.end),
            *(str(passage.kind), internal(article), str(article.language), item.words, item.text_hash),
        ),
    ).lastrowid
    assert key is not None
    connection.execute("INSERT INTO passage_text (rowid, words, pairs) VALUES (?, ?, ?)", (key, item.words, item.pairs))
    insert_spellings(connection, {*item.words.split(), *item.pairs.split()})
    _insert_mark(connection, "passage", key, article_key, article)
    insert_vector(connection, "passage", key, article, item.vector)


def insert_question(connection: Connection, article: Article, article_key: int, text: str, vector: bytes) -> None:
    """One of the article's own questions."""
    key = connection.execute(
        "INSERT INTO questions (article_key, text, text_hash) VALUES (?, ?, ?)",
        (article_key, text, text_hash(text, question=True)),
    ).lastrowid
    assert key is not None
    _insert_mark(connection, "question", key, article_key, article)
    insert_vector(connection, "question", key, article, vector)


def _insert_mark(connection: Connection, what: str, key: int, article_key: int, article: Article) -> None:
    connection.execute(
        f"INSERT INTO {what}_marks (key, article_key, language, internal, embedded) VALUES (?, ?, ?, ?, 0)",
        (key, article_key, str(article.language), internal(article)),
    )


def insert_vector(connection: Connection, what: str, key: int, article: Article, vector: bytes) -> None:
    """The vector of a "passage" or "question", whole and as a code; b"" stores none."""
    if not vector:
        return
    connection.execute(
        f"INSERT INTO {what}_vectors (key, language, internal, vector) VALUES (?, ?, ?, ?)",
        (key, str(article.language), internal(article), vector),
    )
    connection.execute(
        f"UPDATE {what}_marks SET embedded = 1, code = ? WHERE key = ?",
        (code_of(connection, what, key, vector), key),
    )


def remove_vectors(connection: Connection, what: str, keys: Iterable[int]) -> None:
    """Take out the vectors of passages or questions; they are kept for texts that come back."""
    keys = list(keys)
    lay_by(connection, what, keys)
    connection.executemany(f"DELETE FROM {what}_vectors WHERE key = ?", [(key,) for key in keys])
    connection.executemany(f"UPDATE {what}_marks SET embedded = 0, code = NULL WHERE key = ?", [(key,) for key in keys])


def remove_rows(connection: Connection, what: str, keys: Iterable[int]) -> None:
    """Take passages or questions out of all tables; the virtual one knows no foreign keys."""
    keys = list(keys)
    remove_vectors(connection, what, keys)
    if what == "passage":
        connection.executemany("DELETE FROM passage_text WHERE rowid = ?", [(key,) for key in keys])
    connection.executemany(f"DELETE FROM {what}s WHERE key = ?", [(key,) for key in keys])


def remove_article(connection: Connection, doc_id: str) -> bool:
    """Take an article out of list and index; False where there is none."""
    row = connection.execute("SELECT key FROM articles WHERE doc_id = ?", (doc_id,)).fetchone()
    if row is None:
        return False
    for what in ("passage", "question"):
        keys = connection.execute(f"SELECT key FROM {what}s WHERE article_key = ?", (row[0],)).fetchall()
        remove_rows(connection, what, [int(key[0]) for key in keys])
    connection.execute("DELETE FROM articles WHERE key = ?", (row[0],))
    return True


def internal(article: Article) -> int:
    """1 for an article that customers may not see."""
    return int(article.visibility is Visibility.INTERNAL)
