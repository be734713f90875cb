"""Writes a suggestion for a ticket: what is known of it, the decision, and the draft as it comes."""

import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace

from agent_assist.domain.ids import utc_now
from agent_assist.domain.knowledge import Article, ArticleKind, Hit
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.suggestion import NoneReason, Suggestion
from agent_assist.domain.tickets import Channel, Ticket
from agent_assist.domain.wording import NO_WISH, Tone, Wish
from agent_assist.engine.api import DraftOrder, Engine, ReadMessage
from agent_assist.engine.protocol import DraftToken, Priority
from agent_assist.errors import CancelledByNewerError, EngineError, NotFoundError
from agent_assist.knowledge import thread_query
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.services.offering import offer_for
from agent_assist.services.orders import order_of
from agent_assist.services.product_names import ProductNameService
from agent_assist.services.reading import turns_until
from agent_assist.services.recommendation import RecommendationService
from agent_assist.services.slots import slots_of
from agent_assist.services.suggestions.case import (
    Case,
    advised,
    approved,
    draft_order,
    generated,
    language_of,
    not_answered,
    nothing_found,
    offered,
    silent,
    source_of,
    sources_of,
    told,
    whole,
)
from agent_assist.services.suggestions.steps import (
    DraftChunk,
    DraftRestarted,
    SourcesFound,
    SuggestionReady,
    SuggestionStep,
    last,
)
from agent_assist.services.suggestions.tones import shop_tone
from agent_assist.settings import Settings
from agent_assist.storage.articles.canned import CannedStore
from agent_assist.storage.shop import ShopStore
from agent_assist.suggestion.policy import (
    Decision,
    DraftFrom,
    StaySilent,
    TellProducts,
    Thresholds,
    UseApproved,
    best_macro,
    courtesy,
    decide,
    doubted_text,
    least_mark,
    may_go_out,
)

# Tokens reach the screen in batches: one by one they cost seconds of interface time per draft.
BATCH_S = 0.05


class Suggester:
    """Writes suggestions for tickets, stored or not."""

    def __init__(
        self,
        *,
        engine: Engine,
        knowledge: KnowledgeService,
        recommendation: RecommendationService,
        shop: ShopStore,
        product_names: ProductNameService,
        canned: CannedStore,
        settings: Settings,
    ) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._recommendation = recommendation
        self._shop = shop
        self._product_names = product_names
        self._canned = canned
        self._settings = settings

    async def steps(
        self,
        ticket: Ticket,
        *,
        read: ReadMessage | None = None,
        priority: Priority = Priority.OPEN_TICKET,
        wish: Wish = NO_WISH,
    ) -> AsyncGenerator[SuggestionStep, None]:
        """Yield the steps for a ticket. `read` saves the understanding pass where it is already known.

        With a `wish` the reply is always a draft. Never raises `EngineError`: without an engine the last step is a
        suggestion of kind `NONE` that says so.
        """
        began = time.perf_counter()
        try:
            case = await self.prepare(ticket, read=read, priority=priority, wish=wish)
            match self.decide(case, written=bool(wish)):
                case UseApproved(hit=hit):
                    yield SourcesFound(sources=(source_of(hit),))
                    yield SuggestionReady(suggestion=advised(case, approved(case, hit), macro=hit))
                case TellProducts():
                    yield SourcesFound(sources=offered(case).sources)
                    yield SuggestionReady(suggestion=advised(case, told(case)))
                case StaySilent(reason=reason):
                    yield SuggestionReady(suggestion=advised(case, nothing_found(case, reason)))
                case DraftFrom(hits=hits):
                    yield SourcesFound(sources=sources_of(case, hits))
                    async with aclosing(self._draft(case, hits, priority)) as steps:
                        async for step in steps:
                            yield step
        except CancelledByNewerError:
            raise
        except EngineError:
            yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE, began))

    async def suggest(self, ticket: Ticket, *, wish: Wish = NO_WISH) -> Suggestion:
        """The finished suggestion, for callers that do not show the steps."""
        return await last(self.steps(ticket, wish=wish))

    @property
    def tone(self) -> Tone:
        """The shop's tone."""
        return shop_tone(self._settings)

    def decide(self, case: Case, *, written: bool) -> Decision:
        """What the ticket gets; a draft and nothing else where it is to be `written`."""
        return decide(
            case.read.understanding,
            case.hits,
            language=case.language,
            article_languages=[case.articles[hit.passage.doc_id].language for hit in case.hits],
            order_known=case.order is not None,
            products_known=case.offer is not None,
            courtesy_reply=case.courtesy,
            written=written,
            hinted=bool(case.wish.hint.strip()),
            thresholds=self._thresholds(),
        )

    def doubted(self, case: Case) -> Hit | None:
        """The reviewed text that would have gone out but for the reader's doubts."""
        return doubted_text(
            case.hits,
            language=case.language,
            article_languages=[case.articles[hit.passage.doc_id].language for hit in case.hits],
            thresholds=self._thresholds(),
        )

    def order(self, case: Case, hits: tuple[Hit, ...]) -> DraftOrder:
        """What the engine is asked for; the likeliest draft."""
        # What the agent hints at counts as true, so the sources need not answer by themselves.
        hinted = bool(case.wish.hint.strip())
        least = 0.0 if hinted else least_mark(max((hit.score for hit in hits), default=None), self._thresholds())
        return draft_order(case, hits, hedge_below=least)

    async def prepare(
        self, ticket: Ticket, *, read: ReadMessage | None, priority: Priority, wish: Wish = NO_WISH
    ) -> Case:
        """All that a suggestion for the ticket rests on. Raises `EngineError`."""
        began = time.perf_counter()
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
        language = language_of(ticket)
        slots = await slots_of(self._shop, self._settings, ticket, order, language=language)
        thresholds = self._thresholds()
        hits = await self._knowledge.sources(
            turns_until(ticket, index),
            hits,
            texts=[fill_slots(hit.passage.text, slots).text for hit in hits],
            also=[place for place, hit in enumerate(hits) if may_go_out(hit, thresholds)],
            priority=priority,
        )
        case = Case(
            ticket=ticket,
            read=read,
            hits=hits,
            articles=articles,
            order=order,
            slots=slots,
            began=began,
            wish=wish,
            tone=wish.tone or self.tone,
        )
        macro = await self._courtesy_macro(case)
        return replace(
            case,
            articles=articles if macro is None else {**articles, macro.doc_id: macro},
            courtesy=None if macro is None else whole(macro),
            offer=await offer_for(self._recommendation, ticket, read.understanding),
            names=await self._product_names.names(),
            forbidden=self._settings.shop.forbidden_words,
        )

    async def _courtesy_macro(self, case: Case) -> Article | None:
        """The shop's macro for a message that is nothing but a courtesy, in the customer's language."""
        intent = courtesy(case.read.understanding)
        if intent is None:
            return None
        found = await self._canned.find(
            "", kinds=(ArticleKind.MACRO,), language=case.language, intents=(intent,), now=utc_now(), limit=1
        )
        return next((one for one in found if intent in one.intents and one.language is case.language), None)

    async def _usable(self, doc_ids: Iterable[str]) -> dict[str, Article]:
        """Articles as they are now: since they were found one may have been blocked, deleted, or have ended."""
        articles = {}
        for doc_id in doc_ids:
            with suppress(NotFoundError):
                articles[doc_id] = await self._knowledge.get(doc_id)
        return {doc_id: article for doc_id, article in articles.items() if article.usable_at(utc_now())}

    async def _draft(
        self, case: Case, hits: tuple[Hit, ...], priority: Priority
    ) -> AsyncGenerator[DraftChunk | DraftRestarted | SuggestionReady, None]:
        order = self.order(case, hits)
        first_token: float | None = None
        waiting, flushed = "", time.perf_counter()
        stream = self._engine.draft(
            order, priority=priority, ticket_id=case.ticket.id, ticket_version=case.ticket.version
        )
        async with aclosing(stream):
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
                said_no = item.answerable is not None and item.answerable < order.hedge_below
                made = (not_answered if said_no else generated)(case, hits, item, first_token)
                yield SuggestionReady(suggestion=advised(case, made, macro=self._macro(case)))

    def _macro(self, case: Case) -> Hit | None:
        """The best macro in the customer's language that is relevant enough."""
        return best_macro(
            case.hits,
            language=case.language,
            article_languages=[case.articles[hit.passage.doc_id].language for hit in case.hits],
            thresholds=self._thresholds(),
        )

    def _thresholds(self) -> Thresholds:
        chosen = self._settings.suggestion
        return Thresholds(
            approved=chosen.approved_threshold,
            relevance=chosen.minimum_relevance,
            passages=chosen.max_passages,
            answerable=chosen.minimum_answerable,
        )
