"""Questions through the engine: their vector and what they want, by the encoder in use."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.events import DomainEvent, EngineStateChanged
from agent_assist.domain.tickets import Ticket
from agent_assist.domain.understanding import Understanding
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.knowledge.solved import centre_of, centre_texts
from agent_assist.services.events import EventBus
from agent_assist.services.reading import turns_until
from agent_assist.storage.solved import SolvedStore, StoredReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question: message `index` of `ticket`, as the search text `text`, with what was read in it before."""

    ticket: Ticket
    index: int
    text: str
    reading: StoredReading | None = None

    @property
    def known(self) -> Understanding | None:
        """What was read before."""
        return self.reading.understanding if self.reading else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A question's understanding and the vector of its text by the encoder `model` (b"" and "" for none)."""

    understanding: Understanding | None
    vector: bytes
    model: str


def trunk_of(version: str) -> str:
    """The encoder in a version that also names the heads and what they learned; vectors are the encoder's alone."""
    return version.partition("+")[0]


class QuestionEncoder:
    """Asks the engine for what is not stored yet."""

    def __init__(self, *, store: SolvedStore, engine: Engine, events: EventBus) -> None:
        self._store = store
        self._engine = engine
        self._model = ""
        events.subscribe(self._on_event)

    async def model(self) -> str:
        """The encoder in use, waiting for it to load. Raises `EngineError`."""
        if not self._model:
            await self._engine.embed(["?"], kind=TextKind.QUERY)
            statuses = await self._engine.status()
            self._model = trunk_of(next(one.version for one in statuses if one.name == "encoder"))
        return self._model

    async def centre(self) -> tuple[float, ...]:
        """The middle of the vectors of the encoder in use. Raises `EngineError`."""
        model = await self.model()
        centre = await self._store.centre(model)
        if centre is None:
            centre = centre_of(await self._engine.embed(centre_texts(), kind=TextKind.QUERY))
            await self._store.keep_centre(model, centre)
        return centre

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Vectors of texts as questions. Raises `EngineError`."""
        return await self._engine.embed(texts, kind=TextKind.QUERY) if texts else []

    def as_stored(self, asked: Asked) -> Encoded | None:
        """What was read before, where that is all there is to know."""
        reading = asked.reading
        if reading is None or not reading.vector or asked.text != asked.ticket.messages[asked.index].text:
            return None
        model = trunk_of(reading.understanding.model_version)
        if self._model not in ("", model):
            return None
        return Encoded(understanding=reading.understanding, vector=reading.vector, model=model)

    async def encode(self, asked: Sequence[Asked], *, priority: Priority) -> list[Encoded]:
        """Each question's understanding and vector. Raises `EngineError`."""
        model = await self.model()
        stored = [self.as_stored(one) for one in asked]
        missing = [one for one, known in zip(asked, stored, strict=True) if known is None]
        fresh = iter(await self._read(missing, model=model, priority=priority))
        return [known or next(fresh) for known in stored]

    async def _read(self, asked: Sequence[Asked], *, model: str, priority: Priority) -> list[Encoded]:
        unread = [one for one in asked if one.reading is None or not one.reading.understanding.intents]
        threads = [turns_until(one.ticket, one.index) for one in unread]
        read = await self._engine.understand(threads, priority=priority) if threads else []
        understood = {id(one): message for one, message in zip(unread, read, strict=True)}
        whole = [one for one in asked if id(one) not in understood or one.text != one.ticket.messages[one.index].text]
        texts = [one.text for one in whole]
        vectors = await self._engine.embed(texts, kind=TextKind.QUERY, priority=priority) if texts else []
        embedded = {id(one): vector for one, vector in zip(whole, vectors, strict=True)}
        return [
            Encoded(
                understanding=understood[id(one)].understanding if id(one) in understood else one.known,
                vector=embedded.get(id(one)) or understood[id(one)].vector,
                model=model,
            )
            for one in asked
        ]

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EngineStateChanged) and event.model in {"engine", "encoder"}:
            self._model = ""  # the engine may have come back with another encoder
