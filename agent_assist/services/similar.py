"""Solved tickets like an open one, with the reply that was sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent_assist.domain.ids import utc_now
from agent_assist.domain.solved import Quote, SolvedTicket
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError
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
    reply_places,
)
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.tickets import ticket_masker
from agent_assist.services.events import EventBus
from agent_assist.services.solved.encoder import Asked, Encoded, QuestionEncoder, trunk_of
from agent_assist.services.solved.indexing import Progress, SolvedIndexer
from agent_assist.settings import Settings
from agent_assist.storage.solved import SolvedCandidate, SolvedDetails, SolvedQuery, SolvedStore


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
        encoder: QuestionEncoder,
        settings: Settings,
        events: EventBus,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._solved = solved
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
        known = await self._solved.asked(ticket_id)
        index = known.ticket.last_customer_index()
        if index is None:
            return ()
        text, reading = question_text(known.ticket, index), known.readings.get(index)
        asked = Asked(ticket=known.ticket, index=index, text=text, reading=reading)
        return await self._find(asked, k)

    async def similar_text(self, text: str, *, k: int = 5) -> tuple[SolvedTicket, ...]:
        """Like `similar`, for a customer's words that are in no ticket."""
        if not text.strip():
            return ()
        at = datetime(1970, 1, 1, tzinfo=UTC)
        ticket = Ticket(id="", messages=(Message(role=Role.CUSTOMER, text=text, at=at),), created_at=at)
        return await self._find(Asked(ticket=ticket, index=0, text=text), k)

    async def _find(self, asked: Asked, k: int) -> tuple[SolvedTicket, ...]:
        least = self._settings.suggestion.similar_threshold
        matches = [match for match in await self._matches(asked, await self._encode(asked)) if match.score >= least]
        left, found = _one_each(matches), list[SolvedTicket]()
        while left and len(found) < k:
            batch, left = left[: k - len(found)], left[k - len(found) :]
            for match, known in zip(batch, await self._solved.details([one.candidate for one in batch]), strict=True):
                if known is not None:
                    found.append(self._shown(asked.ticket, match, known, rank=len(found) + 1))
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

    def _shown(self, asking: Ticket, match: _Match, known: SolvedDetails, *, rank: int) -> SolvedTicket:
        candidate, ticket, event = match.candidate, known.ticket, known.event
        sources = event.suggestion.sources if event and event.suggestion else ()
        mask = _masker(asking, known)
        return SolvedTicket(
            rank=rank,
            score=match.score,
            ticket_id=ticket.id,
            language=candidate.language,
            question=_quote(ticket, candidate.question, mask),
            reply=tuple(_quote(ticket, index, mask) for index in reply_places(ticket, candidate.first, candidate.last)),
            at=candidate.at,
            actor=event.actor if event else "",
            times_sent=known.times_sent,
            other_customer=mask is not None,
            reasons=reasons(match.likeness),
            outdated=outdated(
                sent=candidate.at,
                sources=sources,
                articles=known.articles,
                now=self._now(),
                months=self._settings.suggestion.reply_months,
            ),
        )


def _masker(asking: Ticket, known: SolvedDetails) -> Masker | None:
    """What hides a customer from another one; None where the order says that they are the same."""
    if asking.order_number and asking.order_number == known.ticket.order_number:
        return None
    return ticket_masker(known.ticket, [reading.understanding for reading in known.readings.values()])


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


def _quote(ticket: Ticket, index: int, mask: Masker | None) -> Quote:
    text = ticket.messages[index].text
    return Quote(message_index=index, start=0, end=len(text), text=mask.text(text) if mask else text)
