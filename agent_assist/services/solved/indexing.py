"""Keeps the index of solved tickets in line with the tickets, behind the window and after a kill."""

import hashlib
from collections.abc import Callable, Sequence

from agent_assist.domain.events import DomainEvent, EngineState, EngineStateChanged, TicketChanged, TicketsArrived
from agent_assist.domain.language import detect_language
from agent_assist.domain.tickets import Ticket
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError
from agent_assist.knowledge.solved import (
    Exchange,
    code,
    exchanges,
    products_of,
    profile_of,
    question_words,
    reply_places,
)
from agent_assist.privacy.tickets import ticket_masker
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.services.solved.encoder import Asked, Encoded, QuestionEncoder
from agent_assist.storage.solved import DueTicket, IndexedExchange, SolvedStore
from agent_assist.text.comparable import comparison_key

# Tickets whose questions go to the encoder together.
BATCH = 16

Progress = Callable[[int, int], None]


class SolvedIndexer:
    """What is due is written in the transaction that makes it so; this works it off."""

    def __init__(self, *, store: SolvedStore, encoder: QuestionEncoder, events: EventBus) -> None:
        self._store = store
        self._encoder = encoder
        self._checked = ""  # the encoder by which all vectors were looked through
        self._background = Background("solved", self.catch_up, events=events, wakes=_wakes)

    def start(self) -> None:
        """Begin; a second call does nothing."""
        self._background.start()

    async def close(self) -> None:
        """Stop; what is still due is done after the next start."""
        await self._background.close()

    async def catch_up(self, progress: Progress | None = None) -> None:
        """Index what is due. Without an encoder by words alone; the vectors follow when there is one."""
        model = await self._model()
        total, done = await self._store.count_due(), 0
        while tickets := await self._store.due(limit=BATCH):
            await self._index(tickets, model)
            done += len(tickets)
            if progress is not None:
                progress(done, total)

    async def _model(self) -> str:
        try:
            model = await self._encoder.model()
        except EngineError:
            return ""
        if model != self._checked:
            await self._store.make_due(model)
            self._checked = model
        return model

    async def _index(self, tickets: Sequence[DueTicket], model: str) -> None:
        found = [(one, one.ticket, exchanges(one.ticket) if one.ticket else []) for one in tickets]
        asked = [
            Asked(
                ticket=ticket, index=exchange.question, text=exchange.text, reading=one.readings.get(exchange.question)
            )
            for one, ticket, cut in found
            for exchange in cut
            if ticket is not None
        ]
        encoded = iter(await self._encode(asked, model))
        centre = await self._encoder.centre() if model else ()
        for one, ticket, cut in found:
            if ticket is None:
                await self._store.put(one, [], model=model)
                continue
            indexed = [_indexed(one, ticket, exchange, next(encoded), centre) for exchange in cut]
            await self._store.put(one, indexed, model=model)

    async def _encode(self, asked: Sequence[Asked], model: str) -> list[Encoded]:
        if model:
            return await self._encoder.encode(asked, priority=Priority.BATCH)
        return [Encoded(understanding=one.known, vector=b"", model="") for one in asked]


def _indexed(
    due: DueTicket, ticket: Ticket, exchange: Exchange, encoded: Encoded, centre: Sequence[float]
) -> IndexedExchange:
    places = reply_places(ticket, exchange.first, exchange.last)
    reply = "\n".join(ticket.messages[place].text for place in places)
    profile = profile_of(encoded.understanding) if encoded.understanding else ()
    return IndexedExchange(
        question=exchange.question,
        first=exchange.first,
        last=exchange.last,
        at=ticket.messages[exchange.last].at,
        language=detect_language(reply),
        digest=_digest(due, ticket, reply),
        words=" ".join(question_words(exchange.text)),
        products=products_of(encoded.understanding) if encoded.understanding else (),
        profile=profile,
        vector=encoded.vector,
        code=code(encoded.vector, centre, profile) if encoded.vector else b"",
    )


def _digest(due: DueTicket, ticket: Ticket, reply: str) -> str:
    """Equal for replies that differ in names, numbers and punctuation only."""
    masker = ticket_masker(ticket, (reading.understanding for reading in due.readings.values()))
    return hashlib.sha256(comparison_key(masker.text(reply)).encode()).hexdigest()[:16]


def _wakes(event: DomainEvent) -> bool:
    match event:
        case TicketsArrived() | TicketChanged() | EngineStateChanged(model="encoder", state=EngineState.READY):
            return True
        case _:
            return False
