"""The services in memory, over the sample shop: what the window's tests (and its pictures) run on.

They keep the contracts of `ui.ports` that the window relies on: rows in pages, one event an act, undo of each act,
and an engine that can go away.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from agent_assist.domain.events import EngineState, EngineStateChanged, TicketChanged, TicketsArrived
from agent_assist.domain.feedback import NO_ORIGIN, FeedbackEvent, FeedbackKind, Origin, RejectReason
from agent_assist.domain.knowledge import Article, Hit, Passage, SearchFilter
from agent_assist.domain.language import detect_language
from agent_assist.domain.shop import Order, Product
from agent_assist.domain.suggestion import (
    NoneReason,
    ReplyCheck,
    Source,
    Suggestion,
    SuggestionKind,
    Unsupported,
    UnsupportedReason,
)
from agent_assist.domain.summary import Summary
from agent_assist.domain.tickets import Message, Role, Ticket, TicketQuery, TicketRow, TicketSort, TicketState
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, EntitySource, ScoredLabel, Understanding
from agent_assist.domain.wording import NO_WISH, Refusal, Rewording, Rewritten, Wish
from agent_assist.errors import EngineUnavailableError, InputError, NotFoundError
from agent_assist.intake import ParsedTicket, read_orders, read_products, read_tickets
from agent_assist.knowledge import read_articles
from agent_assist.services.events import EventBus
from agent_assist.services.rewriting import RewriteChunk, RewriteProgress, RewriteReady, RewriteRefused, RewriteStep
from agent_assist.services.suggestions import (
    CandidateFound,
    CandidatesReady,
    CandidateStep,
    DraftChunk,
    SourcesFound,
    SuggestionReady,
)
from agent_assist.services.summaries import SummaryProgress, SummaryReady, SummaryRefused, SummaryStep
from agent_assist.services.tickets import ImportReport, TicketView
from tests.ui.knowledge_doubles import (
    ArticleDraftsDouble,
    ArticlesDouble,
    CitationsDouble,
    ConflictsDouble,
    ExpiryDouble,
    GapsDouble,
    IndexingDouble,
    PreviewsDouble,
    TicketArticlesDouble,
)

RULES = {
    "order_number": r"GF\d{10}",
    "amount": r"[$¥€]\s?\d+(?:\.\d\d)?|\d+(?:\.\d\d)?\s?(?:元|块)",
    "phone": r"1\d{10}",
}
URGENCY_RANK = ("critical", "high", "normal", "low", "")


def sample_path(name: str) -> Path:
    return Path(str(files("resources").joinpath("samples", name)))


@cache
def sample_tickets() -> tuple[Ticket, ...]:
    return tuple(row.ticket for row in read_tickets([sample_path("tickets.jsonl")]) if isinstance(row, ParsedTicket))


@cache
def sample_orders() -> Mapping[str, Order]:
    rows = read_orders(sample_path("orders.jsonl"))
    return {row.order_number: row for row in rows if isinstance(row, Order)}


@cache
def sample_products() -> tuple[Product, ...]:
    return tuple(row for row in read_products(sample_path("products.jsonl")) if isinstance(row, Product))


@cache
def sample_articles() -> Mapping[str, Article]:
    return {row.doc_id: row for row in read_articles([sample_path("knowledge.jsonl")]) if isinstance(row, Article)}


def read(text: str) -> Understanding:
    """What the double's engine makes of a message: rules, and intents from a few words."""
    found = [
        Entity(type=kind, start=match.start(), end=match.end(), text=match.group(), value=match.group())
        for kind, pattern in RULES.items()
        for match in re.finditer(pattern, text)
    ]
    for product in sample_products():
        for name in (product.name, *product.aliases):
            place = text.find(name)
            if place >= 0 and all(e.end <= place or e.start >= place + len(name) for e in found):
                end = place + len(name)
                found.append(
                    Entity(type="product", start=place, end=end, text=name, score=0.93, source=EntitySource.HEAD)
                )
                break
    lowered = text.casefold()
    words = {
        "return.request": ("return", "退货", "想退", "无理由"),
        "refund.status": ("refund", "退款"),
        "logistics.track": ("where", "parcel", "快递", "物流"),
        "warranty.repair": ("warranty", "保修"),
        "product.usage": ("how do", "怎么"),
        "account.problem": ("account", "账号"),
    }
    intents = [intent for intent, marks in words.items() if any(mark in lowered for mark in marks)]
    angry = "!!" in text or "！！" in text or "??" in text or "？？" in text
    return Understanding(
        language=detect_language(text),
        intents=tuple(ScoredLabel(label=intent, score=0.94 - place / 5) for place, intent in enumerate(intents[:2]))
        or (ScoredLabel(label="presale.product_info", score=0.61),),
        in_scope="beneficiary" not in lowered,
        entities=tuple(sorted(found, key=lambda entity: entity.start)),
        sentiment=ScoredLabel(label="very_negative" if angry else "neutral", score=0.88),
        urgency=ScoredLabel(label="critical" if angry else "high" if found else "normal", score=0.8),
        model_version="double-1",
    )


@dataclass
class Shelf:
    """What the services share: tickets, labels, texts, acts, and whether the engine is there."""

    tickets: dict[str, Ticket]
    events: EventBus = field(default_factory=EventBus)
    labels: dict[tuple[str, int], Understanding] = field(default_factory=dict)
    composers: dict[str, str] = field(default_factory=dict)
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    log: list[FeedbackEvent] = field(default_factory=list)
    before: dict[str, tuple[Ticket, str, dict[tuple[str, int], Understanding]]] = field(default_factory=dict)
    engine: bool = True
    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def ticket(self, ticket_id: str) -> Ticket:
        if ticket_id not in self.tickets:
            raise NotFoundError(f"There is no ticket {ticket_id}.")
        return self.tickets[ticket_id]

    def understand(self, ticket: Ticket) -> Understanding:
        index = ticket.last_customer_index() or 0
        key = (ticket.id, index)
        if key not in self.labels:
            self.labels[key] = read(ticket.messages[index].text)
        return self.labels[key]

    def live(self) -> list[FeedbackEvent]:
        undone = {event.undoes for event in self.log}
        return [e for e in reversed(self.log) if e.id not in undone and e.kind is not FeedbackKind.UNDONE]


class TicketsDouble:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.pages: list[int] = []

    async def import_paths(
        self, paths: Sequence[Path], *, progress: Callable[[int, int], None] | None = None
    ) -> ImportReport:
        rows = list(read_tickets(paths))
        fresh = [row.ticket for row in rows if isinstance(row, ParsedTicket)]
        new = [ticket for ticket in fresh if ticket.id not in self.shelf.tickets]
        self.shelf.tickets |= {ticket.id: ticket for ticket in new}
        if progress:
            progress(len(rows), 0)
        if new:
            self.shelf.events.publish(TicketsArrived(count=len(new)))
        rejected = tuple(row for row in rows if not isinstance(row, ParsedTicket))
        return ImportReport(imported=len(new), duplicates=len(fresh) - len(new), rejected=rejected)

    async def page(self, query: TicketQuery, *, offset: int, limit: int) -> list[TicketRow]:
        self.pages.append(offset)
        return [self._row(ticket) for ticket in self._chosen(query)[offset : offset + limit]]

    async def count(self, query: TicketQuery) -> int:
        return len(self._chosen(query))

    async def open(self, ticket_id: str) -> TicketView:
        ticket = self.shelf.ticket(ticket_id)
        order = sample_orders().get(ticket.order_number or "")
        labels = {index: label for (owner, index), label in self.shelf.labels.items() if owner == ticket_id}
        kept = self.shelf.suggestions.get(ticket_id)
        named = {entity.text for label in labels.values() for entity in label.entities if entity.type == "product"}
        skus = {item.sku for item in order.items} if order else set()
        return TicketView(
            ticket=ticket,
            understandings=labels,
            order=order,
            products=tuple(p for p in sample_products() if p.sku in skus or named & {p.name, *p.aliases}),
            suggestion=kept if kept and kept.ticket_version == ticket.version else None,
            composer=self.shelf.composers.get(ticket_id, ""),
            events=tuple(event for event in self.shelf.live() if event.ticket_id == ticket_id),
        )

    async def save_composer(self, ticket_id: str, text: str) -> None:
        self.shelf.composers[ticket_id] = text

    async def understand(self, ticket_id: str) -> Understanding:
        if not self.shelf.engine:
            raise EngineUnavailableError("The engine is not running.")
        label = self.shelf.understand(self.shelf.ticket(ticket_id))
        self.shelf.events.publish(TicketChanged(ticket_id=ticket_id))
        return label

    def _row(self, ticket: Ticket) -> TicketRow:
        index = ticket.last_customer_index() or 0
        label = self.shelf.labels.get((ticket.id, index))
        return TicketRow(
            id=ticket.id,
            customer=ticket.customer,
            subject=ticket.subject,
            preview=ticket.messages[index].text,
            channel=ticket.channel,
            state=ticket.state,
            waiting_since=ticket.messages[index].at,
            version=ticket.version,
            language=label.language if label else "",
            intent=(label.intents[0].label if label.in_scope else OUT_OF_SCOPE) if label else "",
            urgency=label.urgency.label if label else "",
            sentiment=label.sentiment.label if label else "",
        )

    def _chosen(self, query: TicketQuery) -> list[Ticket]:
        rows = [(self._row(ticket), ticket) for ticket in self.shelf.tickets.values()]
        rows = [(row, ticket) for row, ticket in rows if _fits(row, ticket, query)]
        rows.sort(key=lambda pair: pair[0].waiting_since, reverse=query.sort is TicketSort.NEWEST)
        if query.sort is TicketSort.URGENCY:
            rows.sort(key=lambda pair: URGENCY_RANK.index(pair[0].urgency))
        return [ticket for _row, ticket in rows]


def _fits(row: TicketRow, ticket: Ticket, query: TicketQuery) -> bool:
    text = query.text.casefold()
    haystack = " ".join([row.id, row.customer, row.subject, *(message.text for message in ticket.messages)]).casefold()
    return (
        (query.state is None or row.state is query.state)
        and (not query.intent or row.intent == query.intent)
        and (not query.urgency or row.urgency == query.urgency)
        and (not query.language or row.language == query.language)
        and text in haystack
    )


class SuggestionsDouble:
    """Streams a reply taken from a sample article. `gate`, where set, is waited for in mid-draft."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.gate: asyncio.Event | None = None
        self.asked: list[str] = []
        self.wishes: list[Wish] = []
        self.others = ["Another answer altogether.", "A third one."]
        self.kinds: dict[str, Suggestion] = {}
        self.standing = True

    async def stands(self, suggestion: Suggestion) -> bool:
        return self.standing

    async def candidates(self, ticket_id: str, *, count: int = 3) -> AsyncGenerator[CandidateStep, None]:
        first = self.shelf.suggestions[ticket_id]
        texts = [first.draft, *self.others][:count]
        found = [replace(first, draft=text, candidate=number) for number, text in enumerate(texts, start=1)]
        for one in found:
            yield CandidateFound(suggestion=one)
            if self.gate is not None:
                await self.gate.wait()
        yield CandidatesReady(candidates=tuple(found), exhausted=len(found) < count)

    async def choose(self, suggestion: Suggestion) -> None:
        self.shelf.suggestions[suggestion.ticket_id] = suggestion

    async def suggest(
        self, ticket_id: str, *, again: bool = False, wish: Wish = NO_WISH
    ) -> AsyncGenerator[object, None]:
        self.asked.append(ticket_id)
        self.wishes.append(wish)
        ticket = self.shelf.ticket(ticket_id)
        if not self.shelf.engine:
            yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE))
            return
        suggestion = self.kinds.get(ticket_id) or drafted(ticket)
        suggestion = replace(suggestion, ticket_id=ticket.id, ticket_version=ticket.version, wish=wish)
        if suggestion.sources:
            yield SourcesFound(sources=suggestion.sources)
        half = len(suggestion.draft) // 2
        for piece in (suggestion.draft[:half], suggestion.draft[half:]):
            if piece:
                yield DraftChunk(text=piece)
            if self.gate is not None:
                await self.gate.wait()
                if not self.shelf.engine:
                    yield SuggestionReady(suggestion=silent(ticket, NoneReason.ENGINE_UNAVAILABLE))
                    return
        self.shelf.suggestions[ticket_id] = suggestion
        yield SuggestionReady(suggestion=suggestion)


class RewritingDouble:
    """Says what `answer` makes of a text, in two pieces. `gate`, where set, is waited for between them."""

    def __init__(self) -> None:
        self.gate: asyncio.Event | None = None
        self.asked: list[tuple[str, Rewording]] = []
        self.answer: Callable[[str], str] = str.upper
        self.refusal: Refusal | None = None
        self.lost: tuple[str, ...] = ()

    async def rewrite(
        self, text: str, manner: Rewording, *, ticket_id: str = "", suggestion: Suggestion | None = None
    ) -> AsyncGenerator[RewriteStep, None]:
        self.asked.append((text, manner))
        answer = self.answer(text)
        yield RewriteProgress(written=len(answer) // 2, about=len(answer))
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            yield RewriteRefused(refusal=self.refusal)
            return
        yield RewriteChunk(text=answer)
        language = detect_language(answer)
        rewritten = Rewritten(manner=manner, language=language, original=text, text=answer, lost=self.lost)
        yield RewriteReady(rewritten=rewritten, check=ReplyCheck())


class SummariesDouble:
    """Sums every thread up as its newest message. `gate`, where set, is waited for on the way."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.gate: asyncio.Event | None = None
        self.stored: dict[str, Summary] = {}
        self.written = 0
        self.refusal: Refusal | None = None

    async def kept(self, ticket_id: str) -> Summary | None:
        kept = self.stored.get(ticket_id)
        return kept if kept and kept.ticket_version == self.shelf.ticket(ticket_id).version else None

    async def summarise(self, ticket_id: str, *, again: bool = False) -> AsyncGenerator[SummaryStep, None]:
        ticket = self.shelf.ticket(ticket_id)
        yield SummaryProgress(written=10, about=100)
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            yield SummaryRefused(refusal=self.refusal)
            return
        self.written += 1
        summary = Summary(
            ticket_id=ticket_id,
            ticket_version=ticket.version,
            language="en",
            problem=ticket.messages[-1].text,
            done="Looked at it.",
            open="",
            next="Answer.",
        )
        self.stored[ticket_id] = summary
        yield SummaryReady(summary=summary)


def silent(ticket: Ticket, reason: NoneReason) -> Suggestion:
    return Suggestion(
        ticket_id=ticket.id, ticket_version=ticket.version, kind=SuggestionKind.NONE, draft="", reason=reason
    )


def not_answered(ticket: Ticket) -> Suggestion:
    """Sources that were looked at, and a question to ask back."""
    return replace(
        drafted(ticket),
        kind=SuggestionKind.NONE,
        reason=NoneReason.NOT_ANSWERED,
        draft="",
        clarifying="Our notes do not say. Which one do you mean?",
        answerable=0.1,
    )


def drafted(ticket: Ticket, *, doubtful: bool = False) -> Suggestion:
    """A suggestion in the ticket's language from the sample knowledge."""
    text = ticket.messages[ticket.last_customer_index() or 0].text
    language = detect_language(text)
    articles = [article for article in sample_articles().values() if article.language is language][:3]
    greeting = "您好，" if language == "zh" else "Hello, thank you for your message. "
    draft = greeting + articles[0].text
    promise = " 我们会在24小时内退还50元。" if language == "zh" else " We will refund $50 within 24 hours."
    mark = (
        Unsupported(start=len(draft), end=len(draft) + len(promise), reason=UnsupportedReason.AMOUNT)
        if doubtful
        else None
    )
    return Suggestion(
        ticket_id=ticket.id,
        ticket_version=ticket.version,
        kind=SuggestionKind.GENERATED,
        draft=draft + promise if doubtful else draft,
        sources=tuple(
            Source(doc_id=a.doc_id, title=a.title, passage=a.text[:120], start=0, end=min(120, len(a.text)))
            for a in articles
        ),
        unsupported=(mark,) if mark else (),
        model_version="double-1",
        total_ms=640.0,
    )


class PrefetchDouble:
    def __init__(self) -> None:
        self.keys = 0

    def typing(self) -> None:
        self.keys += 1


class FeedbackDouble:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.exports: list[tuple[str, Path]] = []

    async def accept(
        self,
        suggestion: Suggestion,
        *,
        confirmed: Sequence[Unsupported] = (),
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
    ) -> FeedbackEvent:
        return await self.send(
            suggestion.ticket_id, suggestion.draft, suggestion=suggestion, confirmed=confirmed, origin=origin
        )

    async def send(
        self,
        ticket_id: str,
        text: str,
        *,
        suggestion: Suggestion | None,
        confirmed: Sequence[Unsupported] = (),
        seconds_open: float | None = None,
        origin: Origin = NO_ORIGIN,
    ) -> FeedbackEvent:
        if "forbidden" in text:
            raise InputError("A reply must not say that.")
        ticket = self.shelf.ticket(ticket_id)
        kind = FeedbackKind.WRITTEN
        if suggestion is not None:
            kind = FeedbackKind.ACCEPTED if text == suggestion.draft else FeedbackKind.EDITED
        event = self._event(
            kind, ticket, suggestion=suggestion, final_text=text, confirmed=tuple(confirmed), origin=origin
        )
        reply = Message(role=Role.AGENT, text=text, at=self.shelf.now)
        self.shelf.tickets[ticket_id] = replace(
            ticket, messages=(*ticket.messages, reply), state=TicketState.ANSWERED, version=ticket.version + 1
        )
        self.shelf.composers.pop(ticket_id, None)
        return self._told(event)

    async def reject(self, suggestion: Suggestion, reason: RejectReason, *, note: str = "") -> FeedbackEvent:
        ticket = self.shelf.ticket(suggestion.ticket_id)
        return self._told(self._event(FeedbackKind.REJECTED, ticket, suggestion=suggestion, reason=reason))

    async def note(self, suggestion: Suggestion) -> FeedbackEvent:
        ticket = self.shelf.ticket(suggestion.ticket_id)
        assert suggestion.next_action is not None
        fields = {"note": "kept", "action": suggestion.next_action.kind}
        return self._told(self._event(FeedbackKind.NOTED, ticket, suggestion=suggestion, **fields))

    async def correct_intents(self, ticket_id: str, message_index: int, intents: Sequence[str]) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        event = self._event(FeedbackKind.INTENTS_CORRECTED, ticket, intents=tuple(intents))
        label = self.shelf.understand(ticket)
        named = tuple(ScoredLabel(label=intent, score=1.0) for intent in intents)
        self.shelf.labels[ticket_id, message_index] = replace(label, intents=named, in_scope=bool(intents))
        return self._told(event)

    async def correct_entities(self, ticket_id: str, message_index: int, entities: Sequence[Entity]) -> FeedbackEvent:
        ticket = self.shelf.ticket(ticket_id)
        event = self._event(FeedbackKind.ENTITIES_CORRECTED, ticket, entities=tuple(entities))
        label = self.shelf.understand(ticket)
        self.shelf.labels[ticket_id, message_index] = replace(label, entities=tuple(entities))
        return self._told(event)

    async def undo(self, event_id: str) -> FeedbackEvent:
        if event_id not in self.shelf.before:
            raise InputError("That act was taken back already.")
        ticket, composer, labels = self.shelf.before.pop(event_id)
        event = self._event(FeedbackKind.UNDONE, ticket, undoes=event_id)
        self.shelf.before.pop(event.id)
        newest = self.shelf.tickets[ticket.id]
        version = newest.version + 1 if newest.messages != ticket.messages else newest.version
        self.shelf.tickets[ticket.id] = replace(ticket, version=version)
        self.shelf.composers[ticket.id] = composer
        self.shelf.labels |= labels
        return self._told(event)

    async def events(self, *, limit: int = 100) -> Sequence[FeedbackEvent]:
        return self.shelf.live()[:limit]

    async def export(self, kind: str, out: Path) -> int:
        self.exports.append((kind, out))
        return len(self.shelf.live())

    def _event(self, kind: FeedbackKind, ticket: Ticket, **fields: object) -> FeedbackEvent:
        event = FeedbackEvent(
            id=f"E{len(self.shelf.log):04}",
            at=self.shelf.now + timedelta(seconds=len(self.shelf.log)),
            kind=kind,
            ticket_id=ticket.id,
            ticket_version=ticket.version,
            message_index=ticket.last_customer_index() or 0,
            **fields,  # type: ignore[arg-type]
        )
        labels = {key: label for key, label in self.shelf.labels.items() if key[0] == ticket.id}
        self.shelf.before[event.id] = (ticket, self.shelf.composers.get(ticket.id, ""), labels)
        return event

    def _told(self, event: FeedbackEvent) -> FeedbackEvent:
        self.shelf.log.append(event)
        self.shelf.events.publish(TicketChanged(ticket_id=event.ticket_id))
        return event


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


class ReplyChecksDouble:
    """Doubts every amount in dollars that the suggestion does not hold; "forbidden" is a forbidden word."""

    def __init__(self) -> None:
        self.checked: list[str] = []

    async def check(self, ticket_id: str, text: str, *, suggestion: Suggestion | None) -> ReplyCheck:
        self.checked.append(text)
        known = suggestion.draft if suggestion else text
        doubts = [one for one in re.finditer(r"\$\d+", text) if one[0] not in known]
        banned = [(one, UnsupportedReason.FORBIDDEN) for one in re.finditer("forbidden", text)]
        found = [*((one, UnsupportedReason.AMOUNT) for one in doubts), *banned]
        return ReplyCheck(
            unsupported=tuple(Unsupported(start=one.start(), end=one.end(), reason=reason) for one, reason in found)
        )


class SamplesDouble:
    def __init__(self, tickets: TicketsDouble) -> None:
        self._tickets = tickets

    async def load(self, *, progress: Callable[[int, int], None] | None = None) -> None:
        await self._tickets.import_paths([sample_path("tickets.jsonl")], progress=progress)


class SettingsDouble:
    def __init__(self) -> None:
        self.values = {
            "ui.language": "en",
            "ui.theme": "light",
            "ui.font_scale": "1",
            "suggestion.minimum_relevance": "0.35",
        }

    def text(self, name: str) -> str:
        return self.values[name]

    def set_text(self, name: str, value: str) -> None:
        self.values[name] = value


class ServicesDouble:
    """All services over one shelf; `tickets` defaults to the first 40 of the sample shop."""

    def __init__(self, tickets: Sequence[Ticket] | None = None, *, profile_dir: Path | None = None) -> None:
        chosen = sample_tickets()[:40] if tickets is None else tickets
        self.shelf = Shelf({ticket.id: ticket for ticket in chosen})
        self.events = self.shelf.events
        self.tickets = TicketsDouble(self.shelf)
        self.suggestions = SuggestionsDouble(self.shelf)
        self.prefetch = PrefetchDouble()
        self.rewriting = RewritingDouble()
        self.summaries = SummariesDouble(self.shelf)
        self.feedback = FeedbackDouble(self.shelf)
        self.reply_checks = ReplyChecksDouble()
        self.knowledge = KnowledgeDouble()
        self.articles = ArticlesDouble(list(sample_articles().values()), self.events)
        self.article_drafts = ArticleDraftsDouble()
        self.citations = CitationsDouble()
        self.expiry = ExpiryDouble()
        self.previews = PreviewsDouble()
        self.indexing = IndexingDouble()
        self.conflicts = ConflictsDouble()
        self.gaps = GapsDouble()
        self.ticket_articles = TicketArticlesDouble()
        self.samples = SamplesDouble(self.tickets)
        self.settings = SettingsDouble()
        self.profile_dir = profile_dir or Path()
        self.closed = False

    async def start(self) -> None:
        self.engine(EngineState.READY, detail="CPU, int8: no graphics card was found")

    async def close(self) -> None:
        self.closed = True

    def engine(self, state: EngineState, *, detail: str = "") -> None:
        """Let the engine go away or come back, and tell everyone."""
        self.shelf.engine = state is EngineState.READY
        self.events.publish(EngineStateChanged(model="engine", state=state))
        if self.shelf.engine:
            for model in ("encoder", "reply"):
                self.events.publish(EngineStateChanged(model=model, state=state, detail=detail))
