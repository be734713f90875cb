"""What a small reply model cannot do, and what works instead."""

from agent_assist.domain.knowledge import ArticleKind, Hit, SearchFilter, Visibility
from agent_assist.domain.language import Language
from agent_assist.domain.wording import Refusal, Way, WayKind
from agent_assist.engine.api import Engine
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.settings import Settings

_KINDS = {
    ArticleKind.FAQ: WayKind.APPROVED_TEXT,
    ArticleKind.MACRO: WayKind.MACRO,
    ArticleKind.ARTICLE: WayKind.ARTICLE,
}
# Passages to look through for one of each kind.
_AMONG = 12


async def is_small(engine: Engine) -> bool:
    """Whether the reply model has measured limits, so that its texts are looked over before they are shown."""
    return any(model.small for model in await engine.status() if model.name == "reply")


class Ways:
    """Finds what an agent can use in place of a text that the model cannot write."""

    def __init__(self, *, knowledge: KnowledgeService, settings: Settings) -> None:
        self._knowledge = knowledge
        self._settings = settings

    async def instead_of(self, refusal: Refusal, text: str) -> tuple[Way, ...]:
        """Reviewed texts of the shop in the wanted language first, then a shorter text, then a larger model."""
        ways: list[Way] = []
        if refusal.manner is not None:
            wanted = SearchFilter(language=Language(refusal.language))
            hits = await self._knowledge.search(text, k=_AMONG, wanted=wanted)
            found = {_KINDS[hit.passage.kind]: _way(hit) for hit in reversed(hits) if self._may_be_used(hit)}
            ways += [found[kind] for kind in _KINDS.values() if kind in found]
        if refusal.limit:
            ways.append(Way(kind=WayKind.SHORTER))
        return (*ways, Way(kind=WayKind.LARGER_MODEL))

    def _may_be_used(self, hit: Hit) -> bool:
        relevant = hit.score >= self._settings.suggestion.minimum_relevance
        return relevant and hit.passage.visibility is Visibility.PUBLIC


def _way(hit: Hit) -> Way:
    passage = hit.passage
    return Way(kind=_KINDS[passage.kind], doc_id=passage.doc_id, title=passage.title, text=passage.text)
