"""What the reader of passages says of the best hits, where there is one and for no longer than somebody waits."""

import asyncio
from collections.abc import Iterable, Sequence

from agent_assist.domain.knowledge import Hit
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import GroundingPassage, Priority, Turn
from agent_assist.knowledge.searching.judged import READ, judged
from agent_assist.services.events import EventBus
from agent_assist.services.optional_model import OptionalModel, Wait

# How long is waited for it. For a suggestion longer than for a search: what is read for it need not be read for the
# draft, which could not begin before.
SEARCH_S = {Priority.OPEN_TICKET: 0.3, Priority.PREFETCH: 5.0, Priority.BATCH: 60.0}
SUGGESTION_S = {Priority.OPEN_TICKET: 2.0, Priority.PREFETCH: 15.0, Priority.BATCH: 60.0}


class JudgingService:
    """Asks the reader where there is one."""

    def __init__(self, *, engine: Engine, events: EventBus, wait: Wait = asyncio.wait_for) -> None:
        self._engine = engine
        self._for_search = OptionalModel("reader", deadlines=SEARCH_S, events=events, wait=wait)
        self._for_suggestions = OptionalModel("reader", deadlines=SUGGESTION_S, events=events, wait=wait)

    async def found(self, thread: Sequence[Turn], hits: Sequence[Hit], *, priority: Priority) -> tuple[Hit, ...]:
        """A search's hits, the best of them judged; as they are where no reader answers in time."""
        passages = [_grounding(hit, hit.passage.text) for hit in hits[:READ]]
        return await self._judged(self._for_search, thread, hits, dict(enumerate(passages)), priority)

    async def sources(
        self,
        thread: Sequence[Turn],
        hits: Sequence[Hit],
        *,
        texts: Sequence[str],
        also: Iterable[int] = (),
        priority: Priority,
    ) -> tuple[Hit, ...]:
        """What a suggestion may rest on, the best of it judged, and those at the places `also`.

        `texts` are the passages as a draft is given them, with their slots filled, so that it finds them read.
        """
        places = sorted({*range(min(READ, len(hits))), *also})
        passages = {place: _grounding(hits[place], texts[place]) for place in places}
        return await self._judged(self._for_suggestions, thread, hits, passages, priority)

    async def _judged(
        self,
        model: OptionalModel,
        thread: Sequence[Turn],
        hits: Sequence[Hit],
        passages: dict[int, GroundingPassage],
        priority: Priority,
    ) -> tuple[Hit, ...]:
        if passages and model.helps(priority):
            asked = self._engine.judge(thread, list(passages.values()), priority=priority)
            chances = await model.ask(asked, count=len(passages), priority=priority)
            if chances is not None:
                return judged(hits, dict(zip(passages, chances, strict=True)))
        return tuple(hits)


def _grounding(hit: Hit, text: str) -> GroundingPassage:
    return GroundingPassage(doc_id=hit.passage.doc_id, title=hit.passage.title, text=text)
