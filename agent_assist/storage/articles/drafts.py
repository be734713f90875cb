"""Articles that somebody is writing: kept with every pause in typing, until they are saved or given up."""

from datetime import datetime

from agent_assist.domain.article_versions import ArticleDraft
from agent_assist.domain.knowledge import Article
from agent_assist.storage.codec import decode, encode, from_micros, to_micros
from agent_assist.storage.connection import Row
from agent_assist.storage.database import Database


class ArticleDraftStore:
    """The unsaved articles of a profile."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def keep(self, key: str, article: Article, *, base: int, at: datetime) -> None:
        """Put `article` in place of what is kept under `key`; durable when this returns."""
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO article_drafts (key, base, at, body) VALUES (?, ?, ?, ?)",
                (key, base, to_micros(at), encode(article)),
            )
        )

    async def forget(self, key: str) -> None:
        """Keep nothing under `key` any more; nothing happens where there is nothing."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM article_drafts WHERE key = ?", (key,))
        )

    async def get(self, key: str) -> ArticleDraft | None:
        """What is kept under `key`."""
        row = await self._database.read(
            lambda connection: connection.execute("SELECT * FROM article_drafts WHERE key = ?", (key,)).fetchone()
        )
        return _draft(row) if row else None

    async def all(self) -> list[ArticleDraft]:
        """Everything that is kept, the newest first."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT * FROM article_drafts ORDER BY at DESC, key").fetchall()
        )
        return [_draft(row) for row in rows]


def _draft(row: Row) -> ArticleDraft:
    return ArticleDraft(
        key=row["key"], base=row["base"], at=from_micros(row["at"]), article=decode(row["body"], Article)
    )
