"""Rows of the append-only table of article versions; every function works inside the caller's transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from agent_assist.domain.article_versions import ArticleVersion, VersionCause
from agent_assist.domain.ids import utc_now
from agent_assist.domain.knowledge import Article
from agent_assist.storage.codec import decode, encode, from_micros, to_micros
from agent_assist.storage.connection import Connection, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changes an article, when, what for, and a word about it."""

    at: datetime
    author: str
    cause: VersionCause
    note: str = ""


def append(connection: Connection, article: Article, change: Change) -> ArticleVersion:
    """Add the next version of `article`."""
    last = newest(connection, article.doc_id)
    version = ArticleVersion(
        doc_id=article.doc_id,
        number=last.number + 1 if last else 1,
        at=change.at,
        author=change.author,
        cause=change.cause,
        note=change.note,
        article=article,
    )
    connection.execute(
        "INSERT INTO article_versions (doc_id, number, at, author, cause, note, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(version.doc_id, version.number, to_micros(version.at)),
            *(version.author, str(version.cause), version.note, encode(article)),
        ),
    )
    return version


def note_import(connection: Connection, article: Article) -> None:
    """Add a version for an article that a file brought, unless the newest one says the same."""
    last = newest(connection, article.doc_id)
    if last is None or last.deleted or not same_content(last.article, article):
        append(connection, article, Change(at=utc_now(), author="", cause=VersionCause.IMPORT, note=article.source))


def note_removal(connection: Connection, doc_id: str) -> None:
    """Add the version of a deletion by the program itself."""
    last = newest(connection, doc_id)
    if last is not None and not last.deleted:
        append(connection, last.article, Change(at=utc_now(), author="", cause=VersionCause.DELETE))


def newest(connection: Connection, doc_id: str) -> ArticleVersion | None:
    """The newest version, also where it is a deletion; None where there never was such an article."""
    row = connection.execute(
        "SELECT * FROM article_versions WHERE doc_id = ? ORDER BY number DESC LIMIT 1", (doc_id,)
    ).fetchone()
    return as_version(row) if row else None


def same_content(one: Article, other: Article) -> bool:
    """Whether two articles differ in nothing but where their file lies."""
    return replace(one, source="") == replace(other, source="")


def as_version(row: Row) -> ArticleVersion:
    """A row of the table."""
    return ArticleVersion(
        doc_id=row["doc_id"],
        number=row["number"],
        at=from_micros(row["at"]),
        author=row["author"],
        cause=VersionCause(row["cause"]),
        note=row["note"],
        article=decode(row["body"], Article),
    )
