"""Several different drafts for one ticket: the likeliest one, then sampled ones that say it otherwise."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from agent_assist.domain.knowledge import Hit
from agent_assist.domain.suggestion import Suggestion, SuggestionKind
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.engine.api import DraftOrder, Engine, ReadMessage
from agent_assist.engine.protocol import DraftDone, Priority
from agent_assist.errors import EngineError
from agent_assist.services.suggestions.case import PRODUCTS, Case, approved, generated
from agent_assist.services.suggestions.suggester import Suggester
from agent_assist.suggestion.likeness import near_equal
from agent_assist.suggestion.policy import DraftFrom

MOST = 3
# Drafts that say what another says are dropped; so many more are tried, each a little warmer than the one before.
MORE_TRIES = 3
COOLEST, WARMER, WARMEST = 0.8, 0.15, 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFound:
    """One more, as it comes; the first is the suggestion that stands."""

    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesReady:
    """All of them in the order to show, without doubts first; `exhausted`: the model has no other answer."""

    candidates: tuple[Suggestion, ...]
    exhausted: bool


CandidateStep = CandidateFound | CandidatesReady


class Candidates:
    """Asks for other drafts beside one that stands."""

    def __init__(self, *, engine: Engine, suggester: Suggester) -> None:
        self._engine = engine
        self._suggester = suggester

    async def steps(
        self,
        ticket: Ticket,
        first: Suggestion,
        *,
        count: int = MOST,
        read: ReadMessage | None = None,
        wish: Wish = NO_WISH,
    ) -> AsyncGenerator[CandidateStep, None]:
        """Yield `first`, what differs from it, then all in order, `count` at most. Raises `EngineError`.

        Closing the iterator cancels what is being written.
        """
        found = [first]
        yield CandidateFound(suggestion=first)
        if first.kind is not SuggestionKind.NONE and count > 1:
            case = await self._suggester.prepare(ticket, read=read, priority=Priority.OPEN_TICKET, wish=wish)
            decision = self._suggester.decide(case, written=True)
            doubted = self._suggester.doubted(case)
            if doubted is not None and first.kind is SuggestionKind.GENERATED and not wish:
                text = approved(case, doubted)
                if not near_equal(text.draft, first.draft):
                    found.append(text)
                    yield CandidateFound(suggestion=text)
            if isinstance(decision, DraftFrom) and len(found) < count:
                others = self._others(case, decision.hits, first, count - len(found), known=found)
                async with aclosing(others):
                    async for suggestion in others:
                        found.append(suggestion)
                        yield CandidateFound(suggestion=suggestion)
        ordered = sorted(found, key=lambda one: bool(one.unsupported))
        yield CandidatesReady(
            candidates=tuple(replace(one, candidate=number) for number, one in enumerate(ordered, start=1)),
            exhausted=len(found) < count,
        )

    async def _others(
        self, case: Case, hits: tuple[Hit, ...], first: Suggestion, wanted: int, *, known: Sequence[Suggestion]
    ) -> AsyncGenerator[Suggestion, None]:
        """Drafts that differ from the `known` ones, `wanted` at most.

        As many as are missing are asked for at once: the engine does them one after another, and nothing else can come
        between them and take the prompt's place in its cache.
        """
        drafted = first.kind is SuggestionKind.GENERATED and first.model_version != PRODUCTS
        order = self._suggester.order(case, hits)
        texts, seed, tries = [one.draft for one in known], int(drafted), wanted + MORE_TRIES
        while wanted > 0 and tries > 0:
            seeds = range(seed, seed + min(wanted, tries))
            tasks = [asyncio.create_task(self._draft(case, hits, order, one)) for one in seeds]
            seed, tries = seeds.stop, tries - len(seeds)
            try:
                for task in tasks:
                    suggestion = await task
                    if suggestion is not None and not any(near_equal(suggestion.draft, draft) for draft in texts):
                        texts.append(suggestion.draft)
                        wanted -= 1
                        yield suggestion
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _draft(self, case: Case, hits: tuple[Hit, ...], order: DraftOrder, seed: int) -> Suggestion | None:
        """A sampled draft, the likeliest one for seed 0; None where the sources do not answer, or for an empty one.

        Only how tokens are picked differs from `order`, so that the prompt is read once.
        """
        temperature = min(WARMEST, COOLEST + WARMER * (seed - 1)) if seed else 0.0
        order = replace(order, temperature=temperature, seed=seed)
        stream = self._engine.draft(order, ticket_id=case.ticket.id, ticket_version=case.ticket.version)
        async with aclosing(stream):
            async for item in stream:
                if isinstance(item, DraftDone):
                    said_no = item.answerable is not None and item.answerable < order.hedge_below
                    return None if said_no or not item.text.strip() else generated(case, hits, item, None, seed=seed)
        raise EngineError("The draft was not finished.")
