"""Vectors that an article keeps where its texts were known before, so that an edit is searched by meaning at once."""

from agent_assist.storage.articles.indexed import IndexedArticle, text_hash, with_vectors
from agent_assist.storage.articles.spare_vectors import known_vectors
from agent_assist.storage.connection import Connection


def with_kept_vectors(connection: Connection, indexed: IndexedArticle) -> IndexedArticle:
    """`indexed` with vectors of its stored article's encoder that are there for equal passages and questions.

    The encoder's name goes with them where none is missing then; otherwise the article has no vectors at all, so that
    it counts as outdated as a whole.
    """
    row = connection.execute("SELECT model FROM articles WHERE doc_id = ?", (indexed.article.doc_id,)).fetchone()
    if row is None or not row["model"] or indexed.model:
        return indexed
    hashes = [one.text_hash for one in indexed.passages]
    hashes += [text_hash(text, question=True) for text, _ in indexed.questions]
    return with_vectors(indexed, known_vectors(connection, hashes, model=row["model"]), model=row["model"])
