"""A real profile database and an encoder stand-in whose vectors say which known words a text holds."""

import math
import struct
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent_assist.domain.knowledge import Article
from agent_assist.knowledge import IndexPlan, KnowledgeIndex
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore

# Words of one group mean the same: the stand-in maps them to the same axis, so vectors find what words do not.
MEANINGS = (
    ("退款", "refund", "money back"),
    ("运费", "postage", "shipping fee"),
    ("颜色", "colour", "red"),
    ("保修", "warranty"),
)


def vector(text: str) -> bytes:
    """A unit vector near (1, 0, 0, ...), as e5's are, tilted by the meanings in `text`."""
    values = [2.0] + [float(any(word in text.lower() for word in group)) for group in MEANINGS]
    values += [((sum(map(ord, text)) >> bit) & 1) * 0.05 for bit in range(384 - len(values))]
    length = math.sqrt(sum(value * value for value in values))
    return struct.pack("<384f", *(value / length for value in values))


class Indexer:
    """Plans and stores like the service does, counting what was embedded."""

    def __init__(self, store: KnowledgeStore) -> None:
        self.index = KnowledgeIndex(store)
        self.embedded: list[str] = []

    async def add(self, *articles: Article, model: str = "m1", vectors: bool = True) -> list[IndexPlan]:
        """Add articles; returns their plans."""
        plans = []
        for article in articles:
            plan = await self.index.plan(article, model=model)
            plans.append(plan)
            if vectors:
                await self.index.store(
                    plan, passage_vectors=self.embed(plan.passage_texts), question_vectors=self.embed(plan.questions)
                )
            else:
                await self.index.store(plan)
        return plans

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Vectors of `texts`."""
        self.embedded.extend(texts)
        return [vector(text) for text in texts]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[KnowledgeStore]:
    database = await Database.open(tmp_path / "profile.db")
    yield KnowledgeStore(database)
    await database.close()


@pytest.fixture
def indexer(store: KnowledgeStore) -> Indexer:
    return Indexer(store)
