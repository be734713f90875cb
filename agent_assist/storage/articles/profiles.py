"""What the questions of each article want (`domain.profiles`), kept beside the index."""

from collections.abc import Mapping, Sequence

from agent_assist.domain.knowledge import Article
from agent_assist.domain.profiles import Profile
from agent_assist.storage.codec import decode, encode
from agent_assist.storage.database import Database


class ArticleProfileStore:
    """Profiles of the articles of one profile database."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def missing(self, model: str, *, limit: int) -> list[tuple[str, Article]]:
        """Searched articles that were not read, or changed since, or were read by another encoder: digest, article."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                """SELECT articles.digest, articles.body FROM articles
                   LEFT JOIN article_profiles AS known ON known.article_key = articles.key
                   WHERE articles.status = 'approved' AND articles.digest <> ''
                     AND (known.digest IS NULL OR known.digest <> articles.digest OR known.model <> ?)
                   ORDER BY articles.key LIMIT ?""",
                (model, limit),
            ).fetchall()
        )
        return [(str(row[0]), decode(row[1], Article)) for row in rows]

    async def save(self, profiles: Mapping[str, tuple[str, Sequence[Profile]]], *, model: str) -> None:
        """Keep the profiles of each doc_id with the digest of what was read; nothing for one that is gone."""
        rows = [(digest, model, encode(list(found)), doc_id) for doc_id, (digest, found) in profiles.items()]
        await self._database.write_rebuildable(
            lambda connection: connection.executemany(
                """INSERT OR REPLACE INTO article_profiles (article_key, digest, model, body)
                   SELECT key, ?, ?, ? FROM articles WHERE doc_id = ?""",
                rows,
            )
        )
