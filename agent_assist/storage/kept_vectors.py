"""Vectors that an article has already and keeps where its texts did not change."""

from dataclasses import replace

from agent_assist.storage.connection import Connection
from agent_assist.storage.knowledge import IndexedArticle


def with_kept_vectors(connection: Connection, indexed: IndexedArticle) -> IndexedArticle:
    """`indexed` with the stored vectors of equal passages and questions of its doc_id.

    The encoder's name goes with them where none is missing then; otherwise the article has no vectors at all, so that
    it counts as outdated as a whole.
    """
    row = connection.execute("SELECT key, model FROM articles WHERE doc_id = ?", (indexed.article.doc_id,)).fetchone()
    if row is None or not row["model"] or indexed.model:
        return indexed
    passages = _vectors(connection, "passage", "title || char(0) || text", row["key"])
    questions = _vectors(connection, "question", "text", row["key"])
    filled = replace(
        indexed,
        model=row["model"],
        passages=tuple(
            replace(one, vector=passages.get(f"{one.passage.title}\0{one.passage.text}", b""))
            for one in indexed.passages
        ),
        questions=tuple((text, questions.get(text, b"")) for text, _ in indexed.questions),
    )
    whole = all(one.vector for one in filled.passages) and all(vector for _, vector in filled.questions)
    return filled if whole else indexed


def _vectors(connection: Connection, what: str, key: str, article_key: int) -> dict[str, bytes]:
    rows = connection.execute(
        f"""SELECT {key}, vector FROM {what}s JOIN {what}_vectors USING (key) WHERE article_key = ?""", (article_key,)
    )
    return {str(row[0]): bytes(row[1]) for row in rows}
