"""From a ticket to a suggested reply with its sources, step by step so that the screen can follow."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from agent_assist.domain.ids import utc_now
from agent_assist.domain.knowledge import Article, Hit
from agent_assist.domain.language import Language, language_of_thread
from agent_assist.domain.shop import Order
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.suggestion import NoneReason, Source, SourceKind, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Channel, Role, Ticket
from agent_assist.engine.api import DraftOrder, Engine, ReadMessage
from agent_assist.engine.protocol import DraftDone, DraftToken, GroundingPassage, Priority
from agent_assist.errors import CancelledByNewerError, EngineError, NotFoundError
from agent_assist.knowledge import thread_query
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.services.offering import Offer, offer_for
from agent_assist.services.orders import order_of
from agent_assist.services.reading import ReadingService, turns_until
from agent_assist.services.recommendation import RecommendationService
from agent_assist.services.slots import slots_of
from agent_assist.settings import Settings
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore
from agent_assist.suggestion.fact_guard import Evidence, find_unsupported
from agent_assist.suggestion.order_facts import order_facts
from agent_assist.suggestion.policy import (
    DraftFrom,
    StaySilent,
    TellProducts,
    Thresholds,
    UseApproved,
    about_an_order,
    decide,
)
from agent_assist.suggestion.slots import fill_article, find_gaps

# Tokens reach the screen in batches: one by one they cost seconds of interface time per draft.
BATCH_S = 0.05
# The "model" of replies that name products by their data.
PRODUCTS = "products"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesFound:
    """The passages that a suggestion will rest on."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChunk:
    """The next piece of the draft."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRestarted:
    """The engine died in mid-draft and came back: forget the pieces so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReady:
    """The last step."""

    suggestion: Suggestion


SuggestionStep = SourcesFound | DraftChunk | DraftRestarted | SuggestionReady


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A ticket with everything known about it, on its way to a suggestion."""

    ticket: Ticket
    read: ReadMessage
    hits: tuple[Hit, ...]
    articles: dict[str, Article]
    order: Order | None
    slots: Mapping[str, str]
    began: float
    offer: Offer | None = None

    @property
    def language(self) -> Language:
        """The language to answer in: the customer's."""
        return language_of_thread([one.text for one in self.ticket.messages if one.role is Role.CUSTOMER])

    @property
    def facts(self) -> tuple[str, ...]:
        """What a draft is told about the order, where that helps to answer."""
        understanding = self.read.understanding
        if self.order is None or not about_an_order(understanding):
            return ()
        return order_facts(self.order, language=self.language)


class Suggester:
    """Writes suggestions for tickets, stored or not."""

    def __init__(
        self,
        *,
        engine: Engine,
        knowledge: KnowledgeService,
        recommendation: RecommendationService,
        shop: ShopStore,
        settings: Settings,
    ) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._recommendation = recommendation
        self._shop = shop
        self._settings = settings

    async def steps(
        self, ticket: Ticket, *, read: ReadMessage | None = None, priority: Priority = Priority.OPEN_TICKET
    ) -> AsyncGenerator[SuggestionStep, None]:
        """Yield the steps for a ticket. `read` saves the understanding pass where it is already known.

        Never raises `EngineError`: without an engine the last step is a suggestion of kind `NONE` that says so.
        """
        began = time.perf_counter()
        try:
            case = await self._prepare(ticket, read, priority, began)
            decision = decide(
                case.read.understanding,
                case.hits,
                language=case.language,
                article_languages=[case.articles[hit.passage.doc_id].language for hit in case.hits],
                order_known=case.order is not None,
                products_known=case.offer is not None,
                thresholds=self._thresholds(),
            )
            match decision:
                case UseApproved(hit=hit):
                    yield SourcesFound(sources=(_source(hit),))
                    yield SuggestionReady(suggestion=_approved(case, hit))
                case TellProducts():
                    yield SourcesFound(sources=_offer(case).sources)
                    yield SuggestionReady(suggestion=_told(case))
                case StaySilent(reason=reason):
                    yield SuggestionReady(suggestion=_silent(ticket, reason, began))
                case DraftFrom(hits=hits):
                    yield SourcesFound(sources=_sources(case, hits))
                    async with aclosing(self._draft(case, hits, priority)) as steps:
                        async for step in steps:
                            yield step
        except CancelledByNewerError:
            raise
        except EngineError:
            yield SuggestionReady(suggestion=_silent(ticket, NoneReason.ENGINE_UNAVAILABLE, began))

    async def suggest(self, ticket: Ticket) -> Suggestion:
        """The finished suggestion, for callers that do not show the steps."""
        return await _last(self.steps(ticket))

    async def _prepare(self, ticket: Ticket, read: ReadMessage | None, priority: Priority, began: float) -> _Case:
        index = ticket.last_customer_index() or 0
        if read is None:
            [read] = await self._engine.understand([turns_until(ticket, index)], priority=priority)
        query = thread_query(ticket.messages, subject=ticket.subject if ticket.channel is Channel.EMAIL else "")
        # The message's own vector came with its understanding; a longer query needs one more short pass.
        alone = query == ticket.messages[index].text
        vector = read.vector if alone else await self._knowledge.query_vector(query, priority=priority)
        found = await self._knowledge.search_vector(
            query, vector, k=self._settings.suggestion.max_passages * 2, read=read.understanding, rerank=priority
        )
        articles = await self._usable({hit.passage.doc_id for hit in found})
        hits = tuple(hit for hit in found if hit.passage.doc_id in articles)
        order = await order_of(self._shop, ticket, [read.understanding])
        case = _Case(ticket=ticket, read=read, hits=hits, articles=articles, order=order, slots={}, began=began)
        return replace(
            case,
            slots=await slots_of(self._shop, self._settings, ticket, order, language=case.language),
            offer=await offer_for(self._recommendation, ticket, read.understanding),
        )

    async def _usable(self, doc_ids: Iterable[str]) -> dict[str, Article]:
        """Articles as they are now: since they were found one may have been blocked, deleted, or have ended."""
        articles = {}
        for doc_id in doc_ids:
            with suppress(NotFoundError):
                articles[doc_id] = await self._knowledge.get(doc_id)
        return {doc_id: article for doc_id, article in articles.items() if article.usable_at(utc_now())}

    async def _draft(
        self, case: _Case, hits: tuple[Hit, ...], priority: Priority
    ) -> AsyncGenerator[DraftChunk | DraftRestarted | SuggestionReady, None]:
        index = case.ticket.last_customer_index() or 0
        order = DraftOrder(
            language=case.language,
            thread=tuple(turns_until(case.ticket, index)),
            passages=tuple(
                GroundingPassage(doc_id=hit.passage.doc_id, title=hit.passage.title, text=_filled(case, hit))
                for hit in hits
            ),
            order_facts=case.facts,
        )
        first_token: float | None = None
        waiting, flushed = "", time.perf_counter()
        stream = self._engine.draft(
            order, priority=priority, ticket_id=case.ticket.id, ticket_version=case.ticket.version
        )
        async for item in stream:
            if isinstance(item, DraftToken):
                first_token = first_token or time.perf_counter()
                waiting += item.text
                if time.perf_counter() - flushed >= BATCH_S:
                    yield DraftChunk(text=waiting)
                    waiting, flushed = "", time.perf_counter()
                continue
            if waiting:
                yield DraftChunk(text=waiting)
            yield SuggestionReady(suggestion=_generated(case, hits, item, first_token))

    def _thresholds(self) -> Thresholds:
        chosen = self._settings.suggestion
        return Thresholds(
            approved=chosen.approved_threshold, relevance=chosen.minimum_relevance, passages=chosen.max_passages
        )


class SuggestionService:
    """Suggestions for stored tickets: kept once written, asked for again when the engine died in between."""

    def __init__(
        self,
        *,
        tickets: TicketStore,
        reading: ReadingService,
        suggester: Suggester,
        when_nothing_found: Callable[[Ticket], Awaitable[None]] | None = None,
    ) -> None:
        self._tickets = tickets
        self._reading = reading
        self._suggester = suggester
        self._when_nothing_found = when_nothing_found

    async def suggest(
        self, ticket_id: str, *, priority: Priority = Priority.OPEN_TICKET, again: bool = False
    ) -> AsyncGenerator[SuggestionStep, None]:
        """Yield the steps for a stored ticket; a kept suggestion for this version comes at once unless `again`.

        Closing the iterator cancels the draft. Raises `NotFoundError` for an unknown ticket and
        `CancelledByNewerError` when a newer message made the work useless.
        """
        kept = None if again else await self._tickets.suggestion(ticket_id)
        if kept is not None:
            yield SourcesFound(sources=kept.sources)
            yield SuggestionReady(suggestion=kept)
            return
        ticket = await self._tickets.get(ticket_id)
        async with aclosing(self._steps(ticket, priority)) as steps:
            async for step in steps:
                if isinstance(step, SuggestionReady) and step.suggestion.reason is not NoneReason.ENGINE_UNAVAILABLE:
                    await self._tickets.save_suggestion(step.suggestion)
                    if step.suggestion.reason is NoneReason.NOTHING_FOUND and self._when_nothing_found:
                        await self._when_nothing_found(ticket)
                yield step

    async def finished(self, ticket_id: str, *, priority: Priority = Priority.OPEN_TICKET) -> Suggestion:
        """The finished suggestion for a stored ticket."""
        return await _last(self.suggest(ticket_id, priority=priority))

    async def _steps(self, ticket: Ticket, priority: Priority) -> AsyncGenerator[SuggestionStep, None]:
        """Try once more when the engine went away under a draft: it is being started again meanwhile."""
        began = time.perf_counter()
        shown = False
        for attempt in range(2):
            try:
                read = await self._reading.read(ticket, priority=priority)
            except CancelledByNewerError:
                raise
            except EngineError:
                yield SuggestionReady(suggestion=_silent(ticket, NoneReason.ENGINE_UNAVAILABLE, began))
                return
            async with aclosing(self._suggester.steps(ticket, read=read, priority=priority)) as steps:
                async for step in steps:
                    lost = isinstance(step, SuggestionReady) and (
                        step.suggestion.reason is NoneReason.ENGINE_UNAVAILABLE
                    )
                    if lost and shown and attempt == 0:
                        yield DraftRestarted()
                        break
                    shown = shown or isinstance(step, DraftChunk)
                    yield step
                else:
                    return


async def _last(steps: AsyncGenerator[SuggestionStep, None]) -> Suggestion:
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, SuggestionReady):
                return step.suggestion
    raise EngineError("The suggestion was not finished.")


def _source(hit: Hit) -> Source:
    passage = hit.passage
    return Source(
        doc_id=passage.doc_id, title=passage.title, passage=passage.text, start=passage.start, end=passage.end
    )


def _sources(case: _Case, hits: tuple[Hit, ...]) -> tuple[Source, ...]:
    """All that a draft was given to rest on: passages, and the order where there is one."""
    passages = tuple(_source(hit) for hit in hits)
    if case.order is None or not case.facts:
        return passages
    number, text = case.order.order_number, "\n".join(case.facts)
    return (*passages, Source(doc_id=number, title=number, passage=text, start=0, end=len(text), kind=SourceKind.ORDER))


def _filled(case: _Case, hit: Hit) -> str:
    return fill_slots(hit.passage.text, case.slots).text


def _approved(case: _Case, hit: Hit) -> Suggestion:
    total = _ms_since(case.began)
    text, gaps = fill_article(case.articles[hit.passage.doc_id], case.slots)
    return Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.APPROVED,
        draft=text,
        sources=(_source(hit),),
        unsupported=gaps,
        model_version=case.read.understanding.model_version,
        first_token_ms=total,
        total_ms=total,
    )


def _offer(case: _Case) -> Offer:
    return case.offer or Offer(text="", sources=())


def _told(case: _Case) -> Suggestion:
    """Products by their own data; checked like a draft, since a budget or a date may have been read wrong."""
    total, offer = _ms_since(case.began), _offer(case)
    evidence = Evidence(
        sources=tuple(source.passage for source in offer.sources),
        thread=tuple(message.text for message in case.ticket.messages),
        facts=(),
    )
    return Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=offer.text,
        sources=offer.sources,
        unsupported=find_unsupported(offer.text, evidence),
        model_version=PRODUCTS,
        first_token_ms=total,
        total_ms=total,
    )


def _generated(case: _Case, hits: tuple[Hit, ...], done: DraftDone, first_token: float | None) -> Suggestion:
    draft = done.text.strip()
    suggestion = Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=draft,
        sources=_sources(case, hits),
        model_version=done.model_version,
        prompt_hash=done.prompt_hash,
        first_token_ms=(first_token - case.began) * 1000 if first_token else None,
        total_ms=_ms_since(case.began),
    )
    evidence = Evidence(
        sources=tuple(_filled(case, hit) for hit in hits),
        thread=tuple(message.text for message in case.ticket.messages),
        facts=case.facts,
    )
    return replace(suggestion, unsupported=(*find_gaps(draft), *find_unsupported(draft, evidence)))


def _silent(ticket: Ticket, reason: NoneReason, began: float) -> Suggestion:
    return Suggestion(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        kind=SuggestionKind.NONE,
        draft="",
        reason=reason,
        total_ms=_ms_since(began),
    )


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
