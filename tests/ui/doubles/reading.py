"""Articles to read and to search, in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.knowledge import Article, Hit, Passage, SearchFilter
from tests.ui.doubles.samples import sample_articles


@dataclass(frozen=True)
class KnowledgeReportDouble:
    added: int
    updated: int = 0
    unchanged: int = 0
    passages: int = 0
    rejected: tuple[()] = ()


class KnowledgeDouble:
    async def add_paths(
        self, paths: Sequence[Path], *, progress: Callable[[int, int], None] | None = None
    ) -> KnowledgeReportDouble:
        return KnowledgeReportDouble(added=len(paths), passages=3 * len(paths))

    async def list(self) -> Sequence[Article]:
        return list(sample_articles().values())

    async def get(self, doc_id: str) -> Article:
        return sample_articles()[doc_id]

    async def search(self, query: str, *, k: int = 5, wanted: SearchFilter | None = None) -> Sequence[Hit]:
        found = [one for one in sample_articles().values() if query.casefold() in one.text.casefold()]
        return [
            Hit(
                rank=place,
                score=0.9 - place / 5,
                passage=Passage(doc_id=one.doc_id, title=one.title, text=one.text[:80], start=0, end=80),
                similarity=0.86,
                lexical=0.5,
            )
            for place, one in enumerate(found[:k], start=1)
        ]
