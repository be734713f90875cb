"""Which articles are near enough to be compared: by the vectors of their passages and questions, in both languages."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agent_assist.domain.language import Language
from agent_assist.knowledge.conflicts.nearest import Nearest
from agent_assist.storage.articles.conflicts import OwnedVector, StoredArticle

# Neighbours that are looked at for each vector, in its own language and in the other; most are of one article.
NEIGHBOURS = 8
NEIGHBOURS_ABROAD = 4
# Below these cosines two passages or questions are about different things.
LEAST = 0.9
LEAST_ABROAD = 0.84
# A manual of hundreds of passages is found by its first ones, a FAQ by its question and one variant.
_MOST_PASSAGES = 40
_MOST_QUESTIONS = 2


@dataclass(slots=True)
class _Space:
    """The vectors of one kind and language, and whose they are."""

    nearest: Nearest
    owners: list[str] = field(default_factory=list)


class Finder:
    """Neighbours of articles."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, Language], _Space] = {}

    def fill(self, what: str, vectors: Sequence[OwnedVector]) -> Iterator[None]:
        """Take in the vectors of "passage" or "question", one a step, so that the caller may pause."""
        by_language: dict[Language, list[OwnedVector]] = defaultdict(list)
        for one in vectors:
            by_language[one.language].append(one)
        for language, group in by_language.items():
            space = self._spaces[what, language] = _Space(Nearest([one.vector for one in group]))
            for one in group:
                space.nearest.add(one.vector)
                space.owners.append(one.doc_id)
                yield

    def near(self, stored: StoredArticle) -> dict[str, bool]:
        """Other articles with a passage or a question near to this article's, by their doc_ids; True where questions
        are near."""
        passages = [one.vector for one in stored.passages[:_MOST_PASSAGES] if one.vector]
        found = dict.fromkeys(self._near("passage", passages, stored), False)
        found |= dict.fromkeys(self._near("question", stored.questions[:_MOST_QUESTIONS], stored), True)
        found.pop(stored.article.doc_id, None)
        return found

    def _near(self, what: str, vectors: Sequence[bytes], stored: StoredArticle) -> Iterator[str]:
        for (kind, language), space in self._spaces.items():
            if kind != what:
                continue
            home = language is stored.article.language
            most, least = (NEIGHBOURS, LEAST) if home else (NEIGHBOURS_ABROAD, LEAST_ABROAD)
            for vector in vectors if home else vectors[:1]:
                for place, _ in space.nearest.find(vector, most=most, least=least):
                    yield space.owners[place]
