"""What is known of a ticket on its way to a suggestion, and the suggestions that are made of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent_assist.domain.knowledge import Article, ArticleKind, Hit, Passage
from agent_assist.domain.language import Language, language_of_thread
from agent_assist.domain.shop import Order
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.suggestion import NoneReason, Source, SourceKind, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Role, Ticket
from agent_assist.domain.wording import NO_WISH, Tone, Wish
from agent_assist.engine.api import DraftOrder, ReadMessage
from agent_assist.engine.protocol import DraftDone, GroundingPassage
from agent_assist.services.offering import Offer
from agent_assist.services.reading import turns_until
from agent_assist.suggestion.checking import Basis, check_suggestion
from agent_assist.suggestion.clarifying import Told, clarifying_question
from agent_assist.suggestion.next_action import Macro, Situation, next_action
from agent_assist.suggestion.order_facts import order_facts
from agent_assist.suggestion.policy import about_an_order
from agent_assist.suggestion.products import NO_NAMES, ProductNames
from agent_assist.suggestion.slots import fill_article

# The "model" of replies that name products by their data.
PRODUCTS = "products"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket with everything known about it, on its way to a suggestion."""

    ticket: Ticket
    read: ReadMessage
    hits: tuple[Hit, ...]
    articles: dict[str, Article]
    order: Order | None
    slots: Mapping[str, str]
    began: float
    offer: Offer | None = None
    names: ProductNames = NO_NAMES
    forbidden: str = ""
    wish: Wish = NO_WISH
    tone: Tone = Tone.PLAIN
    courtesy: Hit | None = None

    @property
    def language(self) -> Language:
        """The language to answer in: the customer's."""
        return language_of(self.ticket)

    @property
    def facts(self) -> tuple[str, ...]:
        """What a draft is told about the order, where that helps to answer."""
        understanding = self.read.understanding
        if self.order is None or not about_an_order(understanding):
            return ()
        return order_facts(self.order, language=self.language)


def language_of(ticket: Ticket) -> Language:
    """The customer's language."""
    return language_of_thread([one.text for one in ticket.messages if one.role is Role.CUSTOMER])


def source_of(hit: Hit) -> Source:
    """The passage of a hit as a source."""
    passage = hit.passage
    return Source(
        doc_id=passage.doc_id, title=passage.title, passage=passage.text, start=passage.start, end=passage.end
    )


def whole(article: Article) -> Hit:
    """An article that is known to be right, whatever a search says."""
    passage = Passage(
        doc_id=article.doc_id, title=article.title, text=article.text, start=0, end=len(article.text), kind=article.kind
    )
    return Hit(rank=1, score=1.0, passage=passage)


def sources_of(case: Case, hits: tuple[Hit, ...]) -> tuple[Source, ...]:
    """All that a draft was given to rest on: passages, and the order where there is one."""
    passages = (*offered(case).sources, *(source_of(hit) for hit in hits))
    if case.order is None or not case.facts:
        return passages
    number, text = case.order.order_number, "\n".join(case.facts)
    return (*passages, Source(doc_id=number, title=number, passage=text, start=0, end=len(text), kind=SourceKind.ORDER))


def filled(case: Case, hit: Hit) -> str:
    """The text of a passage with its slots filled."""
    return fill_slots(hit.passage.text, case.slots).text


def draft_order(case: Case, hits: tuple[Hit, ...], *, hedge_below: float) -> DraftOrder:
    """What the engine is asked for."""
    offers = [GroundingPassage(doc_id=one.doc_id, title=one.title, text=one.passage) for one in offered(case).sources]
    passages = [
        GroundingPassage(doc_id=hit.passage.doc_id, title=hit.passage.title, text=filled(case, hit)) for hit in hits
    ]
    return DraftOrder(
        language=case.language,
        thread=tuple(turns_until(case.ticket, case.ticket.last_customer_index() or 0)),
        passages=(*offers, *passages),
        order_facts=case.facts,
        hint=case.wish.hint,
        tone=case.tone,
        # What the agent wants said answers the customer, whatever the passages do.
        hedge_below=0.0 if case.wish.hint.strip() else hedge_below,
    )


def approved(case: Case, hit: Hit) -> Suggestion:
    """A reviewed text, word for word."""
    total = ms_since(case.began)
    text, gaps = fill_article(case.articles[hit.passage.doc_id], case.slots)
    suggestion = Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.APPROVED,
        draft=text,
        sources=(source_of(hit),),
        model_version=case.read.understanding.model_version,
        first_token_ms=total,
        total_ms=total,
    )
    checked = _checked(case, suggestion, (), reviewed=True)
    # A slot of the shop's own that nothing is known of is a gap, too; only the article tells that it is one.
    every = sorted({*gaps, *checked.unsupported}, key=lambda one: one.start)
    return replace(checked, unsupported=tuple(every))


def offered(case: Case) -> Offer:
    """What is offered, nothing where nothing was."""
    return case.offer or Offer(text="", sources=())


def told(case: Case) -> Suggestion:
    """Products by their own data; checked like a draft, since a budget or a date may have been read wrong."""
    total, offer = ms_since(case.began), offered(case)
    suggestion = Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=offer.text,
        sources=offer.sources,
        model_version=PRODUCTS,
        first_token_ms=total,
        total_ms=total,
    )
    return _checked(case, suggestion, tuple(source.passage for source in offer.sources))


def generated(
    case: Case, hits: tuple[Hit, ...], done: DraftDone, first_token: float | None, *, seed: int = 0
) -> Suggestion:
    """A draft, with its doubts."""
    draft = done.text.strip()
    suggestion = Suggestion(
        ticket_id=case.ticket.id,
        ticket_version=case.ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=draft,
        sources=sources_of(case, hits),
        model_version=done.model_version,
        prompt_hash=done.prompt_hash,
        first_token_ms=(first_token - case.began) * 1000 if first_token else None,
        total_ms=ms_since(case.began),
        answerable=done.answerable,
        quoted=done.quoted,
        wish=case.wish,
        tone=case.tone,
        seed=seed,
    )
    offers = tuple(source.passage for source in offered(case).sources)
    return _checked(case, suggestion, (*offers, *(filled(case, hit) for hit in hits)))


def _checked(case: Case, suggestion: Suggestion, passages: tuple[str, ...], *, reviewed: bool = False) -> Suggestion:
    """With its doubts; the facts of a reviewed text are its own source."""
    basis = Basis(
        passages=passages,
        messages=case.ticket.messages,
        facts=case.facts,
        said=(case.wish.hint,) if case.wish.hint.strip() else (),
        names=case.names,
        sources=suggestion.sources,
        checks_facts=not reviewed,
    )
    return check_suggestion(suggestion, basis, forbidden=case.forbidden)


def not_answered(case: Case, hits: tuple[Hit, ...], done: DraftDone, first_token: float | None) -> Suggestion:
    """The sources do not answer: what the model wrote says what is missing and asks, checked like a draft."""
    written = generated(case, hits, done, first_token)
    missing = replace(
        written, kind=SuggestionKind.NONE, reason=NoneReason.NOT_ANSWERED, draft="", clarifying=written.draft
    )
    if missing.clarifying:
        return missing
    return replace(missing, clarifying=_question(case), unsupported=(), sentences=())


def nothing_found(case: Case, reason: NoneReason) -> Suggestion:
    """There is nothing to rest a draft on; what the customer has not told yet may be asked."""
    return replace(silent(case.ticket, reason, case.began), clarifying=_question(case))


def _question(case: Case) -> str:
    understanding = case.read.understanding
    told = Told.of(case.ticket, understanding, case.order)
    return clarifying_question(understanding, told, language=case.language)


def advised(case: Case, suggestion: Suggestion, *, macro: Hit | None = None) -> Suggestion:
    """With what to do beside the reply. A `macro` whose slots nothing fills is no advice."""
    offered_macro = None
    if macro is not None and macro.passage.kind is ArticleKind.MACRO:
        text, gaps = fill_article(case.articles[macro.passage.doc_id], case.slots)
        if not gaps:
            offered_macro = Macro(doc_id=macro.passage.doc_id, title=macro.passage.title, text=text)
    situation = Situation(
        ticket=case.ticket,
        understanding=case.read.understanding,
        order=case.order,
        language=case.language,
        macro=offered_macro,
    )
    return replace(suggestion, next_action=next_action(situation))


def silent(ticket: Ticket, reason: NoneReason, began: float) -> Suggestion:
    """No suggestion, and why."""
    return Suggestion(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        kind=SuggestionKind.NONE,
        draft="",
        reason=reason,
        total_ms=ms_since(began),
    )


def ms_since(began: float) -> float:
    """Milliseconds since a reading of `time.perf_counter`."""
    return (time.perf_counter() - began) * 1000
