"""What people do to articles: saved with the index in one durable transaction, every version kept.

Words are in the index when `save` returns. Vectors are kept where a text did not change; for the others the article
counts as outdated (`KnowledgeStore.outdated`) until the encoder made them.
"""

from collections.abc import Sequence
from datetime import datetime

from agent_assist.domain.article_versions import ArticleQuery, ArticleRow, ArticleVersion, VersionCause
from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.errors import ChangedMeanwhileError, InputError, NotFoundError
from agent_assist.storage.articles import versions
from agent_assist.storage.articles.indexed import IndexedArticle
from agent_assist.storage.articles.kept_vectors import with_kept_vectors
from agent_assist.storage.articles.listing import list_count, list_page
from agent_assist.storage.articles.rows import remove_article
from agent_assist.storage.articles.versions import Change
from agent_assist.storage.articles.writes import put_article
from agent_assist.storage.codec import from_micros, to_micros
from agent_assist.storage.connection import Connection
from agent_assist.storage.database import Database

__all__ = ["ArticleStore", "Change"]


class ArticleStore:
    """The articles of a profile as people manage them."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def save(self, indexed: IndexedArticle, change: Change, *, base: int) -> ArticleVersion:
        """Append a version over version `base` (0: a new article) and index it; durable when this returns.

        An edit that changes nothing gives the version that is there. Raises `ChangedMeanwhileError` where `base` is no
        longer the newest, `InputError` for an edit of a deleted article.
        """
        return await self._database.write(lambda connection: _save(connection, indexed, change, base))

    async def delete(self, doc_id: str, change: Change, *, base: int) -> ArticleVersion:
        """Take the article out of list and index and keep it as a version. Raises like `save`."""
        return await self._database.write(lambda connection: _delete(connection, doc_id, change, base))

    async def newest(self, doc_id: str) -> ArticleVersion:
        """The newest version, also that of a deletion. Raises `NotFoundError` where there never was one."""
        return await self._database.read(lambda connection: _require(connection, doc_id))

    async def version(self, doc_id: str, number: int) -> ArticleVersion:
        """One version. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: _version(connection, doc_id, number))

    async def history(self, doc_id: str) -> list[ArticleVersion]:
        """All versions, newest first; none where there never was such an article."""
        sql = "SELECT * FROM article_versions WHERE doc_id = ? ORDER BY number DESC"
        return await self._database.read(
            lambda connection: [versions.as_version(row) for row in connection.execute(sql, (doc_id,))]
        )

    async def page(self, query: ArticleQuery, *, offset: int = 0, limit: int = -1) -> list[ArticleRow]:
        """Rows `offset` to `offset + limit` of the list by title, or by their end where the query asks for that; all of
        them without a limit."""
        return await self._database.read(lambda connection: list_page(connection, query, offset, limit))

    async def count(self, query: ArticleQuery) -> int:
        """Length of the list."""
        return await self._database.read(lambda connection: list_count(connection, query))

    async def deleted(self) -> list[ArticleVersion]:
        """The versions with which articles were deleted that are still gone, the last deleted first."""
        sql = f"""SELECT * FROM article_versions AS newest WHERE cause = ? AND {_IS_NEWEST} ORDER BY seq DESC"""
        return await self._database.read(
            lambda connection: [
                versions.as_version(row) for row in connection.execute(sql, (VersionCause.DELETE.value,))
            ]
        )

    async def tags(self) -> list[str]:
        """All tags as they are written, each once, by their spelling."""
        sql = """SELECT DISTINCT tag.value FROM articles, json_each(articles.body, '$.tags') AS tag
            WHERE articles.body <> '' ORDER BY 1"""
        return await self._database.read(lambda connection: [row[0] for row in connection.execute(sql)])

    async def next_limit(self, after: datetime) -> datetime | None:
        """When the next approved article begins or ceases to hold, None where none does."""
        sql = """SELECT min(moment) FROM (
            SELECT min(valid_from) AS moment FROM articles WHERE status = 'approved' AND valid_from > ?1
            UNION ALL SELECT min(valid_until) FROM articles WHERE status = 'approved' AND valid_until > ?1)"""
        row = await self._database.read(lambda connection: connection.execute(sql, (to_micros(after),)).fetchone())
        return None if row[0] is None else from_micros(row[0])

    async def edited(self, doc_ids: Sequence[str]) -> set[str]:
        """Those of `doc_ids` whose newest version a person made: edited, reviewed, restored or deleted since the
        last import that changed them."""
        return await self._database.read(
            lambda connection: {
                doc_id for doc_id in doc_ids if (last := versions.newest(connection, doc_id)) and last.by_person
            }
        )


_IS_NEWEST = "number = (SELECT max(other.number) FROM article_versions AS other WHERE other.doc_id = newest.doc_id)"


def _save(connection: Connection, indexed: IndexedArticle, change: Change, base: int) -> ArticleVersion:
    last = versions.newest(connection, indexed.article.doc_id)
    _check_base(last, base, indexed.article)
    if last is not None:
        if last.deleted and change.cause is not VersionCause.RESTORE:
            raise InputError(f"{_named(last)} was deleted by {_when(last)}; restore it first.")
        if change.cause is VersionCause.EDIT and versions.same_content(last.article, indexed.article):
            return last
    version = versions.append(connection, indexed.article, change)
    put_article(connection, with_kept_vectors(connection, indexed))
    if indexed.passages or _is_used(last):
        _forget_suggestions(connection)
    return version


def _delete(connection: Connection, doc_id: str, change: Change, base: int) -> ArticleVersion:
    last = _require(connection, doc_id)
    _check_base(last, base, last.article)
    if last.deleted:
        return last
    remove_article(connection, doc_id)
    if _is_used(last):
        _forget_suggestions(connection)
    return versions.append(connection, last.article, change)


def _is_used(version: ArticleVersion | None) -> bool:
    """Whether suggestions can rest on it."""
    return version is not None and not version.deleted and version.article.status is ArticleStatus.APPROVED


def _forget_suggestions(connection: Connection) -> None:
    """In the same transaction: not even a power cut may leave a reply on the screen whose text was just blocked."""
    connection.execute("DELETE FROM suggestions")


def _check_base(last: ArticleVersion | None, base: int, article: Article) -> None:
    newest = last.number if last else 0
    if newest == base:
        return
    if last is None:
        raise NotFoundError(f"There is no article {article.doc_id!r}.")
    if base == 0:
        way_out = "restore that one" if last.deleted else "edit that one"
        raise InputError(f"There is an article {article.doc_id!r} already; {way_out}, or choose another id.")
    act = "deleted" if last.deleted else "changed"
    raise ChangedMeanwhileError(
        f"{_named(last)} was {act} by {_when(last)} (version {last.number}) after you opened version {base}. "
        "Yours is not stored; look at the newest version, put your change into it and save again."
    )


def _named(version: ArticleVersion) -> str:
    return f"“{version.article.title}”"


def _when(version: ArticleVersion) -> str:
    return f"{version.author or 'an import'} on {version.at.astimezone():%Y-%m-%d at %H:%M:%S}"


def _require(connection: Connection, doc_id: str) -> ArticleVersion:
    version = versions.newest(connection, doc_id)
    if version is None:
        raise NotFoundError(f"There is no article {doc_id!r}.")
    return version


def _version(connection: Connection, doc_id: str, number: int) -> ArticleVersion:
    row = connection.execute(
        "SELECT * FROM article_versions WHERE doc_id = ? AND number = ?", (doc_id, number)
    ).fetchone()
    if row is None:
        last = _require(connection, doc_id)
        raise NotFoundError(f"Article {doc_id!r} has no version {number}; it has 1 to {last.number}.")
    return versions.as_version(row)
