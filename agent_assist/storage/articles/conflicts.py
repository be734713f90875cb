"""Conflicts between articles: what was found, which articles were looked at, and what people dismissed.

What was found can be found again and does not wait for the disk; a dismissal is a person's and does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent_assist.domain.conflicts import Conflict
from agent_assist.domain.knowledge import Article, Passage
from agent_assist.domain.language import Language
from agent_assist.errors import NotFoundError
from agent_assist.storage.articles.versions import Change
from agent_assist.storage.codec import decode, encode, to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database

# Part of the remembered state: a new way of comparing makes every article count as not compared yet.
_SCHEME = "3"
_STATE = f"'{_SCHEME} ' || digest || ' ' || model"


@dataclass(frozen=True, slots=True)
class OwnedVector:
    """A vector of the article `doc_id`, which is in `language`."""

    doc_id: str
    language: Language
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with its vector, b"" while it has none."""

    passage: Passage
    vector: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """All that is compared of an article; `state` changes with it."""

    article: Article
    digest: str
    state: str
    passages: tuple[StoredPassage, ...]
    questions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConflict:
    """A conflict that still holds, and the two articles as they are."""

    conflict: Conflict
    one: Article
    other: Article


class ConflictStore:
    """What is known of conflicts in a profile."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def unchecked(self) -> list[str]:
        """doc_ids of searched articles that changed since they were compared, or never were."""
        sql = f"""SELECT articles.doc_id FROM articles LEFT JOIN conflict_checks USING (doc_id)
                  WHERE status = 'approved' AND coalesce(state, '') <> {_STATE} ORDER BY key"""
        return await self._database.read(lambda connection: [str(row[0]) for row in connection.execute(sql)])

    async def vectors(self, what: str) -> list[OwnedVector]:
        """Every "passage" or "question" that has a vector."""
        sql = f"""SELECT articles.doc_id, json_extract(body, '$.language'), vector FROM {what}s
                  JOIN {what}_vectors USING (key) JOIN articles ON articles.key = {what}s.article_key"""
        return await self._database.read(
            lambda connection: [
                OwnedVector(str(row[0]), Language(row[1]), bytes(row[2])) for row in connection.execute(sql)
            ]
        )

    async def load(self, doc_ids: Sequence[str]) -> dict[str, StoredArticle]:
        """The articles of `doc_ids` that are there."""
        return await self._database.read(
            lambda connection: {doc_id: found for doc_id in doc_ids if (found := _load(connection, doc_id))}
        )

    async def partners(self, doc_id: str) -> list[str]:
        """Articles with which a conflict was found before."""
        sql = "SELECT other FROM conflicts WHERE one = ?1 UNION SELECT one FROM conflicts WHERE other = ?1"
        return await self._database.read(lambda connection: [str(row[0]) for row in connection.execute(sql, (doc_id,))])

    async def keep(
        self, checked: Sequence[StoredArticle], found: Sequence[tuple[Conflict, StoredArticle, StoredArticle]]
    ) -> None:
        """Remember that `checked` were compared, and the conflicts found in place of those that they had."""
        await self._database.write_rebuildable(lambda connection: _keep(connection, checked, found))

    async def found(self) -> list[FoundConflict]:
        """Conflicts between articles that are still as they were compared, the likest first."""
        return await self._database.read(_found)

    async def dismiss(self, one: str, other: str, change: Change) -> None:
        """Remember that the conflict between two articles is none, until one of them says something else.

        Raises `NotFoundError` where no conflict was found between them.
        """
        first, second = sorted((one, other))
        await self._database.write(lambda connection: _dismiss(connection, first, second, change))

    async def recall(self, one: str, other: str) -> bool:
        """Forget that the conflict between two articles was dismissed; False where it was not."""
        sql = "DELETE FROM conflict_dismissals WHERE one = ? AND other = ?"
        pair = sorted((one, other))
        return await self._database.write(lambda connection: connection.execute(sql, pair).rowcount > 0)


def _load(connection: Connection, doc_id: str) -> StoredArticle | None:
    row = connection.execute(
        f"SELECT key, body, digest, {_STATE} AS state FROM articles WHERE doc_id = ? AND status = 'approved'", (doc_id,)
    ).fetchone()
    if row is None:
        return None
    article = decode(row["body"], Article)
    passages = connection.execute(
        """SELECT title, text, start_char, end_char, vector FROM passages LEFT JOIN passage_vectors USING (key)
           WHERE article_key = ? ORDER BY start_char""",
        (row["key"],),
    )
    questions = connection.execute(
        "SELECT vector FROM questions JOIN question_vectors USING (key) WHERE article_key = ?", (row["key"],)
    )
    return StoredArticle(
        article=article,
        digest=row["digest"],
        state=row["state"],
        passages=tuple(_passage(article, one) for one in passages),
        questions=tuple(bytes(one[0]) for one in questions),
    )


def _passage(article: Article, row: Row) -> StoredPassage:
    passage = Passage(
        doc_id=article.doc_id,
        title=row["title"],
        text=row["text"],
        start=row["start_char"],
        end=row["end_char"],
        kind=article.kind,
        visibility=article.visibility,
    )
    return StoredPassage(passage=passage, vector=bytes(row["vector"] or b""))


def _keep(
    connection: Connection,
    checked: Sequence[StoredArticle],
    found: Sequence[tuple[Conflict, StoredArticle, StoredArticle]],
) -> None:
    for one in checked:
        doc_id = one.article.doc_id
        connection.execute("DELETE FROM conflicts WHERE one = ?1 OR other = ?1", (doc_id,))
        connection.execute("INSERT OR REPLACE INTO conflict_checks (doc_id, state) VALUES (?, ?)", (doc_id, one.state))
    connection.executemany(
        """INSERT OR REPLACE INTO conflicts (one, other, kind, digest_one, digest_other, body)
           VALUES (?, ?, ?, ?, ?, ?)""",
        [
            (
                *(conflict.one.doc_id, conflict.other.doc_id, str(conflict.kind)),
                *(one.digest, other.digest, encode(conflict)),
            )
            for conflict, one, other in found
        ],
    )


def _found(connection: Connection) -> list[FoundConflict]:
    rows = connection.execute(
        """SELECT conflicts.body, first.body AS one, second.body AS other, content_one, content_other
           FROM conflicts
           JOIN articles AS first ON first.doc_id = one AND first.digest = digest_one
           JOIN articles AS second ON second.doc_id = other AND second.digest = digest_other
           LEFT JOIN conflict_dismissals AS dismissal USING (one, other, kind)"""
    )
    found = [_found_one(row) for row in rows]
    return sorted(found, key=lambda item: (-item.conflict.likeness, item.one.doc_id, item.other.doc_id))


def _found_one(row: Row) -> FoundConflict:
    one, other = decode(row["one"], Article), decode(row["other"], Article)
    dismissed = (row["content_one"], row["content_other"]) == (_content(one), _content(other))
    return FoundConflict(conflict=replace(decode(row["body"], Conflict), dismissed=dismissed), one=one, other=other)


def _dismiss(connection: Connection, one: str, other: str, change: Change) -> None:
    for found in _found(connection):
        if (found.one.doc_id, found.other.doc_id) == (one, other):
            connection.execute(
                """INSERT OR REPLACE INTO conflict_dismissals
                   (one, other, kind, content_one, content_other, at, author, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    *(one, other, str(found.conflict.kind), _content(found.one), _content(found.other)),
                    *(to_micros(change.at), change.author, change.note),
                ),
            )
            return
    raise NotFoundError(f"No conflict is known between {one!r} and {other!r}.")


def _content(article: Article) -> str:
    """Changes with what an article says, not with who looks after it."""
    said = (article.title, article.text, article.question, *article.variants)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
