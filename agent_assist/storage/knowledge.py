"""Articles with their passages, full text and vectors.

This store keeps and finds; what words a text has and how the two searches are weighed is decided in
agent_assist.knowledge. What is written here can be rebuilt from the shop's files, so writes do not wait for the disk;
what people write goes through agent_assist.storage.articles, which does. Either way the newest version in
`article_versions` says what is in the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article, Passage, Visibility
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage import article_versions as versions
from agent_assist.storage.bigrams import fold
from agent_assist.storage.candidates import Candidates, PassageQuery, find_candidates
from agent_assist.storage.codec import decode, encode, to_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database

__all__ = [
    "VECTOR_BYTES",
    "ArticleState",
    "IndexedArticle",
    "IndexedPassage",
    "KnowledgeStore",
    "put_article",
    "remove_article",
]

# 384 values of float32, the width of the columns in the schema.
VECTOR_BYTES = 384 * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage, its index words and character pairs (blank-separated), and its unit vector or b""."""

    passage: Passage
    words: str
    pairs: str
    vector: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArticle:
    """All that is stored of an article. `questions` are its own questions with their vectors (or b"")."""

    article: Article
    digest: str
    model: str
    passages: tuple[IndexedPassage, ...]
    questions: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """What is stored: the article's digest, the encoder of its vectors ("" for none), the number of its passages, and
    whether a person `edited` (or reviewed, or restored) it after the last import that changed it."""

    digest: str
    model: str
    passages: int
    edited: bool = False


class KnowledgeStore:
    """Stored knowledge of one profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(self, indexed: IndexedArticle, *, refresh: bool = False) -> bool:
        """Put the article in place of the one with its doc_id, in one transaction; True where there was none.

        Appends a version where the content is new. With `refresh` nothing is written unless the stored article says
        the same: vectors that were made of an older text must not take an edit back.

        Raises InputError for vectors of another width than 384.
        """
        vectors = [item.vector for item in indexed.passages] + [vector for _, vector in indexed.questions]
        if any(len(vector) not in (0, VECTOR_BYTES) for vector in vectors):
            raise InputError("The encoder's vectors do not have 384 values; choose an encoder that is 384 wide.")
        return await self._database.write_rebuildable(lambda connection: _upsert(connection, indexed, refresh))

    async def delete(self, doc_id: str) -> bool:
        """Remove an article with all its parts but its versions; False where there is none."""
        return await self._database.write_rebuildable(lambda connection: _delete(connection, doc_id))

    async def get(self, doc_id: str) -> Article:
        """The article. Raises NotFoundError."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT body FROM articles WHERE doc_id = ?", (doc_id,)).fetchall()
        )
        if not rows:
            raise NotFoundError(f"There is no article {doc_id!r}.")
        return decode(rows[0][0], Article)

    async def articles(self) -> list[Article]:
        """All articles by title."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT body FROM articles ORDER BY title, doc_id").fetchall()
        )
        return [decode(row[0], Article) for row in rows]

    async def state(self, doc_id: str) -> ArticleState | None:
        """What is stored under `doc_id`, None where nothing is."""
        return await self._database.read(lambda connection: _state(connection, doc_id))

    async def outdated(self, model: str) -> list[str]:
        """doc_ids whose vectors are missing or were made by another encoder than `model`."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT doc_id FROM articles WHERE model <> ? ORDER BY key", (model,)
            ).fetchall()
        )
        return [str(row[0]) for row in rows]

    async def counts(self) -> tuple[int, int]:
        """Number of articles and of passages."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
            ).fetchone()
        )
        return int(row[0]), int(row[1])

    async def candidates(self, query: PassageQuery) -> Candidates:
        """Whatever either search finds for `query`, from one state of the database."""
        return await self._database.read(lambda connection: find_candidates(connection, query))


def _state(connection: Connection, doc_id: str) -> ArticleState | None:
    row = connection.execute(
        """SELECT digest, model, (SELECT count(*) FROM passages WHERE article_key = articles.key),
           (SELECT author <> '' FROM article_versions WHERE doc_id = articles.doc_id ORDER BY number DESC LIMIT 1)
           FROM articles WHERE doc_id = ?""",
        (doc_id,),
    ).fetchone()
    return ArticleState(digest=row[0], model=row[1], passages=row[2], edited=bool(row[3])) if row else None


def _delete(connection: Connection, doc_id: str) -> bool:
    removed = remove_article(connection, doc_id)
    if removed:
        versions.note_removal(connection, doc_id)
    return removed


def _upsert(connection: Connection, indexed: IndexedArticle, refresh: bool) -> bool:
    if refresh:
        row = connection.execute("SELECT body FROM articles WHERE doc_id = ?", (indexed.article.doc_id,)).fetchone()
        if row is None or not versions.same_content(decode(row[0], Article), indexed.article):
            return False
    versions.note_import(connection, indexed.article)
    return put_article(connection, indexed)


def remove_article(connection: Connection, doc_id: str) -> bool:
    """Take an article out of list and index, inside the caller's transaction; False where there is none."""
    row = connection.execute("SELECT key FROM articles WHERE doc_id = ?", (doc_id,)).fetchone()
    if row is None:
        return False
    # The virtual tables know no foreign keys.
    for table, indexes in (("passages", ("passage_text", "passage_bytes")), ("questions", ("question_bytes",))):
        keys = connection.execute(f"SELECT key FROM {table} WHERE article_key = ?", (row[0],)).fetchall()
        for index in indexes:
            connection.executemany(f"DELETE FROM {index} WHERE rowid = ?", [(key[0],) for key in keys])
    connection.execute("DELETE FROM articles WHERE key = ?", (row[0],))
    return True


def put_article(connection: Connection, indexed: IndexedArticle) -> bool:
    """Put the article in place of the one with its doc_id, inside the caller's transaction; True where it is new."""
    article = indexed.article
    existed = remove_article(connection, article.doc_id)
    limits = [to_micros(moment) if moment else None for moment in (article.valid_from, article.valid_until)]
    cursor = connection.execute(
        """INSERT INTO articles (doc_id, title, digest, model, body, status, valid_from, valid_until)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(article.doc_id, article.title, indexed.digest, indexed.model, encode(article)),
            *(str(article.status), *limits),
        ),
    )
    article_key = cursor.lastrowid
    assert article_key is not None
    _insert_labels(connection, article, article_key)
    for item in indexed.passages:
        _insert_passage(connection, article, article_key, item)
    _insert_questions(connection, article, article_key, indexed.questions)
    return not existed


def _insert_labels(connection: Connection, article: Article, article_key: int) -> None:
    labels = [("tag", tag) for tag in article.tags] + [("product", sku) for sku in article.products]
    connection.executemany(
        "INSERT OR IGNORE INTO article_labels (article_key, kind, value) VALUES (?, ?, ?)",
        [(article_key, kind, fold(value)) for kind, value in labels],
    )


def _insert_passage(connection: Connection, article: Article, article_key: int, item: IndexedPassage) -> None:
    passage = item.passage
    key = connection.execute(
        """INSERT INTO passages
           (article_key, doc_id, title, text, start_char, end_char, kind, internal, language, words)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(article_key, article.doc_id, passage.title, passage.text, passage.start, passage.end),
            *(str(passage.kind), _internal(article), str(article.language), item.words),
        ),
    ).lastrowid
    connection.execute("INSERT INTO passage_text (rowid, words, pairs) VALUES (?, ?, ?)", (key, item.words, item.pairs))
    _insert_vector(connection, "passage", key, article, item.vector)


def _insert_questions(
    connection: Connection, article: Article, article_key: int, questions: Sequence[tuple[str, bytes]]
) -> None:
    for text, vector in questions:
        key = connection.execute(
            "INSERT INTO questions (article_key, text) VALUES (?, ?)", (article_key, text)
        ).lastrowid
        _insert_vector(connection, "question", key, article, vector)


def _insert_vector(connection: Connection, what: str, key: int | None, article: Article, vector: bytes) -> None:
    if not vector:
        return
    about = (key, str(article.language), _internal(article))
    connection.execute(
        f"INSERT INTO {what}_vectors (key, language, internal, vector) VALUES (?, ?, ?, ?)", (*about, vector)
    )
    connection.execute(
        f"INSERT INTO {what}_bytes (rowid, language, internal, vector) VALUES (?, ?, ?, vec_quantize_int8(?, 'unit'))",
        (*about, vector),
    )


def _internal(article: Article) -> int:
    return int(article.visibility is Visibility.INTERNAL)
