"""Solved tickets like an open one, with the reply that was sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent_assist.domain.ids import utc_now
from agent_assist.domain.knowledge import Article
from agent_assist.domain.solved import Quote, SolvedTicket
from agent_assist.domain.suggestion import Source
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError, NotFoundError
from agent_assist.knowledge.solved import (
    Likeness,
    Side,
    alike,
    code,
    compare,
    outdated,
    products_of,
    profile_of,
    question_text,
    question_words,
    rarity,
    reasons,
)
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.tickets import ticket_masker
from agent_assist.services.events import EventBus
from agent_assist.services.solved.encoder import Asked, Encoded, QuestionEncoder, trunk_of
from agent_assist.services.solved.indexing import Progress, SolvedIndexer
from agent_assist.settings import Settings
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.solved import SolvedCandidate, SolvedQuery, SolvedStore
from agent_assist.storage.tickets import TicketStore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A candidate that is like enough."""

    score: float
    likeness: Likeness
    candidate: SolvedCandidate


class SimilarService:
    """The memory of the shop: how like questions were answered before."""

    def __init__(
        self,
        *,
        solved: SolvedStore,
        tickets: TicketStore,
        articles: KnowledgeStore,
        encoder: QuestionEncoder,
        settings: Settings,
        events: EventBus,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._solved = solved
        self._tickets = tickets
        self._articles = articles
        self._settings = settings
        self._now = now
        self._encoder = encoder
        self._indexer = SolvedIndexer(store=solved, encoder=encoder, events=events)

    def start(self) -> None:
        """Keep the index in line with the tickets from now on."""
        self._indexer.start()

    async def close(self) -> None:
        """Stop the background work; it goes on at the next start."""
        await self._indexer.close()

    async def catch_up(self, *, progress: Progress | None = None) -> None:
        """Index what was answered since, now. Raises `EngineError` where the engine goes away meanwhile."""
        await self._indexer.catch_up(progress)

    async def similar(self, ticket_id: str, *, k: int = 5) -> tuple[SolvedTicket, ...]:
        """The `k` solved tickets most like this one, best first; none rather than one that is not like it.

        By words alone where the engine is away and nothing was read before. Raises `NotFoundError`.
        """
        ticket = await self._tickets.get(ticket_id)
        index = ticket.last_customer_index()
        if index is None:
            return ()
        readings = await self._solved.readings(ticket_id)
        asked = Asked(ticket=ticket, index=index, text=question_text(ticket, index), reading=readings.get(index))
        return await self._find(asked, k)

    async def similar_text(self, text: str, *, k: int = 5) -> tuple[SolvedTicket, ...]:
        """Like `similar`, for a customer's words that are in no ticket."""
        if not text.strip():
            return ()
        at = datetime(1970, 1, 1, tzinfo=UTC)
        ticket = Ticket(id="", messages=(Message(role=Role.CUSTOMER, text=text, at=at),), created_at=at)
        return await self._find(Asked(ticket=ticket, index=0, text=text), k)

    async def _find(self, asked: Asked, k: int) -> tuple[SolvedTicket, ...]:
        encoded = await self._encode(asked)
        found: list[SolvedTicket] = []
        for match in _one_each(await self._matches(asked, encoded)):
            if match.score < self._settings.suggestion.similar_threshold:
                break
            shown = await self._shown(asked.ticket, match, rank=len(found) + 1)
            if shown is not None:
                found.append(shown)
            if len(found) == k:
                break
        return tuple(found)

    async def _matches(self, asked: Asked, encoded: Encoded) -> list[_Match]:
        profile = profile_of(encoded.understanding) if encoded.understanding else ()
        terms = question_words(asked.text)
        centre = await self._solved.centre(encoded.model) if encoded.vector else None
        query = SolvedQuery(
            terms=terms,
            vector=encoded.vector,
            code=code(encoded.vector, centre, profile) if centre else b"",
            model=encoded.model,
            without=asked.ticket.id,
        )
        candidates = await self._solved.candidates(query)
        products = products_of(encoded.understanding) if encoded.understanding else ()
        side = Side(profile=profile, words=frozenset(terms), products=products)
        weights = rarity(candidates.frequencies, candidates.total)
        return [_match(side, weights, candidate) for candidate in candidates.found]

    async def _encode(self, asked: Asked) -> Encoded:
        if known := self._encoder.as_stored(asked):
            return known
        try:
            [encoded] = await self._encoder.encode([asked], priority=Priority.OPEN_TICKET)
        except EngineError:
            if asked.reading is None or not asked.reading.vector:
                return Encoded(understanding=asked.known, vector=b"", model="")
            # The newest message alone says less than all of them, and more than words.
            model = trunk_of(asked.reading.understanding.model_version)
            return Encoded(understanding=asked.reading.understanding, vector=asked.reading.vector, model=model)
        return encoded

    async def _shown(self, asking: Ticket, match: _Match, *, rank: int) -> SolvedTicket | None:
        """The match as it is shown; None where the thread is no longer what the index says."""
        candidate = match.candidate
        try:
            ticket = await self._tickets.get(candidate.ticket_id)
        except NotFoundError:
            return None
        if not _still_holds(ticket, candidate):
            return None
        event = await self._solved.sent_with(ticket.id, candidate.last)
        sources = event.suggestion.sources if event and event.suggestion else ()
        mask = await self._masker(asking, ticket)
        return SolvedTicket(
            rank=rank,
            score=match.score,
            ticket_id=ticket.id,
            language=candidate.language,
            question=_quote(ticket, candidate.question, mask),
            reply=tuple(_quote(ticket, index, mask) for index in range(candidate.first, candidate.last + 1)),
            at=candidate.at,
            actor=event.actor if event else "",
            times_sent=await self._solved.times_sent(candidate.digest),
            other_customer=mask is not None,
            reasons=reasons(match.likeness),
            outdated=outdated(
                sent=candidate.at,
                sources=sources,
                articles=await self._articles_of(sources),
                now=self._now(),
                months=self._settings.suggestion.reply_months,
            ),
        )

    async def _masker(self, asking: Ticket, ticket: Ticket) -> Masker | None:
        """What hides a customer from another one; None where the order says that they are the same."""
        if asking.order_number and asking.order_number == ticket.order_number:
            return None
        readings = await self._solved.readings(ticket.id)
        return ticket_masker(ticket, [reading.understanding for reading in readings.values()])

    async def _articles_of(self, sources: Sequence[Source]) -> dict[str, Article]:
        found: dict[str, Article] = {}
        for source in sources:
            try:
                found[source.doc_id] = await self._articles.get(source.doc_id)
            except NotFoundError:
                continue
        return found


def _match(side: Side, weights: dict[str, float], candidate: SolvedCandidate) -> _Match:
    other = Side(profile=candidate.profile, words=candidate.words, products=candidate.products)
    likeness = compare(side, other, cosine=candidate.cosine, weights=weights)
    return _Match(score=alike(likeness), likeness=likeness, candidate=candidate)


def _one_each(matches: Sequence[_Match]) -> list[_Match]:
    """Best first, newer before older of equal ones; each reply and each ticket once."""
    ordered = sorted(matches, key=lambda match: (-match.score, -match.candidate.at.timestamp()))
    replies: set[str] = set()
    tickets: set[str] = set()
    found = []
    for match in ordered:
        candidate = match.candidate
        if candidate.digest not in replies and candidate.ticket_id not in tickets:
            found.append(match)
            replies.add(candidate.digest)
            tickets.add(candidate.ticket_id)
    return found


def _still_holds(ticket: Ticket, candidate: SolvedCandidate) -> bool:
    run = ticket.messages[candidate.first : candidate.last + 1]
    return len(run) == candidate.last + 1 - candidate.first and all(message.role is Role.AGENT for message in run)


def _quote(ticket: Ticket, index: int, mask: Masker | None) -> Quote:
    text = ticket.messages[index].text
    return Quote(message_index=index, start=0, end=len(text), text=mask.text(text) if mask else text)
