"""Texts that are being written, stored with every pause; what cannot be stored is held until it can. No Qt."""

from collections.abc import Sequence
from datetime import UTC, datetime

from agent_assist.domain.article_versions import ArticleDraft
from agent_assist.domain.knowledge import Article
from ui.ports import ArticleDrafts


class Unsaved:
    """A full disk must not cost the text of an editor that was left: it stays here and is listed with the others."""

    def __init__(self, drafts: ArticleDrafts) -> None:
        self._drafts = drafts
        self._held: dict[str, ArticleDraft] = {}

    async def keep(self, key: str, article: Article, *, base: int) -> None:
        """Store a text. Raises `StorageFaultError`; the text is then held here."""
        self._held[key] = unsaved(key, article, base=base)
        await self._drafts.keep(key, article, base=base)
        self._held.pop(key, None)

    async def forget(self, key: str) -> None:
        """The text was saved or given up."""
        self._held.pop(key, None)
        await self._drafts.forget(key)

    async def get(self, key: str) -> ArticleDraft | None:
        """The text under `key`, None where there is none."""
        return self._held.get(key) or await self._drafts.get(key)

    async def all(self) -> Sequence[ArticleDraft]:
        """All texts."""
        stored = {draft.key: draft for draft in await self._drafts.all()}
        return list((stored | self._held).values())


def unsaved(key: str, article: Article, *, base: int) -> ArticleDraft:
    """A text as it stands now."""
    return ArticleDraft(key=key, base=base, at=datetime.now(UTC), article=article)
