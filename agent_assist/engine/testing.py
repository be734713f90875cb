"""An engine without models, for tests of everything around it. It obeys the same contract as the real one.

Vectors are hashed character bigrams, so that equal words really are near each other; drafts come from a queue of
answers, or repeat the first passage; a label is the one whose keyword the message holds, or what an equal message was
taught as.
"""

import asyncio
import hashlib
import json
import math
import struct
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence

from agent_assist.domain.events import EngineState, EngineStateChanged
from agent_assist.domain.language import detect_language
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import Entity, ScoredLabel, Understanding
from agent_assist.engine.api import DraftOrder, ReadMessage, RewriteOrder, SummaryOrder
from agent_assist.engine.protocol import (
    SUMMARY_FIELDS,
    DraftDone,
    DraftToken,
    GroundingPassage,
    Learned,
    Lesson,
    ModelStatus,
    Priority,
    SeenMessage,
    TextKind,
    Turn,
)
from agent_assist.errors import EngineRefusedError, EngineUnavailableError, ModelTooSmallError

DIMENSION = 384
# Share of a vector's square length that depends on the text.
SPREAD = 0.25
HEDGE = "Our notes do not say. Which one do you mean?"
# Characters that a small model rewrites.
SMALL_LIMIT = 100
KEYWORDS: Mapping[str, str] = {
    "退款": "refund.status",
    "refund": "refund.status",
    "退货": "return.request",
    "return": "return.request",
    "到哪": "logistics.track",
    "where": "logistics.track",
    "发票": "invoice.request",
    "invoice": "invoice.request",
}


class ScriptedEngine:
    """An `Engine` that answers from a script.

    `answers` are the drafts to come, `entities` maps words to the type they are found as, `orders` holds the drafts
    asked for, `rewrites` and `summaries` what comes of `rewrite` and `summarise`, `small` whether the reply model says
    that it is small, `lessons` what was taught and `doubtful` the ids that it answers with; `reranker`, where it is set
    before the start, scores a query and a text, `reader` a thread's end and a passage; `available = False` makes every
    call fail as a dead engine does.
    `answerable`, where it is set, tells how likely the passages answer, and `hedges` are the drafts where that is too
    little; `quotes` end drafts in place of what was streamed; `before_draft` is awaited ahead of each draft.
    """

    def __init__(self, answers: Sequence[str] = (), *, keywords: Mapping[str, str] = KEYWORDS) -> None:
        self.answers: deque[str] = deque(answers)
        self.entities: dict[str, str] = {}
        self.answerable: Callable[[DraftOrder], float] | None = None
        self.hedges: deque[str] = deque()
        self.quotes: deque[str] = deque()
        self.before_draft: Callable[[DraftOrder], Awaitable[None]] | None = None
        self.available = True
        self.restarts = 0
        self.small = False
        self.rewrites: deque[str] = deque()
        self.rewrite_orders: list[RewriteOrder] = []
        self.summaries: deque[str] = deque()
        self.summary_orders: list[SummaryOrder] = []
        self._asked = ""
        self.orders: list[DraftOrder] = []
        self.lessons: dict[str, Lesson] = {}
        self.doubtful: list[str] = []
        self.reranker: Callable[[str, str], float] | None = None
        self.reranked: list[tuple[str, list[str]]] = []
        self.reader: Callable[[str, GroundingPassage], float] | None = None
        self.judged: list[tuple[str, list[GroundingPassage]]] = []
        self._keywords = keywords
        self._listeners: list[Callable[[EngineStateChanged], None]] = []
        self._running = False

    async def start(self) -> None:
        """Ready at once."""
        self._running = True
        for model in ("engine", *self._models):
            for listener in self._listeners:
                listener(EngineStateChanged(model=model, state=EngineState.READY, detail="scripted"))

    async def close(self) -> None:
        """Refuse what comes after."""
        self._running = False

    async def restart(self) -> None:
        """Ready at once again."""
        self.restarts += 1
        await self.start()

    def on_state(self, listener: Callable[[EngineStateChanged], None]) -> None:
        """Call `listener` on every change of state."""
        self._listeners.append(listener)

    async def understand(
        self,
        threads: Sequence[Sequence[Turn]],
        *,
        priority: Priority = Priority.BATCH,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> list[ReadMessage]:
        """The label of the first keyword found; none found is out of scope."""
        await self._turn()
        return [self._read(_last_customer_text(thread)) for thread in threads]

    async def embed(self, texts: Sequence[str], *, kind: TextKind, priority: Priority = Priority.BATCH) -> list[bytes]:
        """Hashed bigrams, unit length."""
        await self._turn()
        return [_vector(text) for text in texts]

    async def learn(self, lessons: Sequence[Lesson], *, forget: Sequence[str] = ()) -> Learned:
        """Equal messages get the labels of the newest lesson; features are the text's own vector."""
        await self._turn()
        for name in (*forget, *(lesson.id for lesson in lessons)):
            self.lessons.pop(name, None)
        self.lessons |= {lesson.id: lesson for lesson in lessons}
        known = [bool(lesson.features) and lesson.trunk == "scripted" for lesson in lessons]
        return Learned(
            id="scripted",
            held=len(self.lessons),
            model_version=self._version,
            seconds=0.0,
            trunk="scripted",
            features=[
                b"" if told else _vector(_last_customer_text(lesson.thread))
                for told, lesson in zip(known, lessons, strict=True)
            ],
            doubtful=[name for name in self.doubtful if name in self.lessons],
        )

    async def recheck(
        self, messages: Sequence[SeenMessage], *, since: str, priority: Priority = Priority.PREFETCH
    ) -> list[bool]:
        """All of them, unless nothing was learned since."""
        await self._turn()
        return [since != self._version] * len(messages)

    async def rerank(self, query: str, texts: Sequence[str], *, priority: Priority = Priority.BATCH) -> list[float]:
        """The scores of `reranker`; `reranked` holds what was asked."""
        await self._turn()
        if self.reranker is None:
            raise EngineRefusedError("No reranker is chosen.")
        self.reranked.append((query, list(texts)))
        return [self.reranker(query, text) for text in texts]

    async def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *, priority: Priority = Priority.BATCH
    ) -> list[float]:
        """What `reader` gives; `judged` holds what was asked."""
        await self._turn()
        if self.reader is None:
            raise EngineRefusedError("No reader of passages is built.")
        asked = thread[-1].text if thread else ""
        self.judged.append((asked, list(passages)))
        return [self.reader(asked, passage) for passage in passages]

    async def draft(
        self,
        order: DraftOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """The next answer of the script, four characters a token."""
        await self._turn()
        self.orders.append(order)
        if self.before_draft is not None:
            await self.before_draft(order)
        answerable = self.answerable(order) if self.answerable is not None else None
        hedged = answerable is not None and answerable < order.hedge_below
        answers = self.hedges if hedged else self.answers
        text = answers.popleft() if answers else HEDGE if hedged else order.passages[0].text if order.passages else ""
        quote = self.quotes.popleft() if self.quotes and not hedged else ""
        async for item in self._stream(text, repr(order), answerable=answerable, quote=quote):
            yield item

    async def rewrite(
        self,
        order: RewriteOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """The next of `rewrites`, or the text itself. A model that is `small` refuses more than 100 characters."""
        await self._turn()
        self.rewrite_orders.append(order)
        if self.small and len(order.text) > SMALL_LIMIT:
            raise ModelTooSmallError("The text is too long.", tokens=len(order.text), limit=SMALL_LIMIT)
        async for item in self._stream(self.rewrites.popleft() if self.rewrites else order.text, repr(order)):
            yield item

    async def summarise(
        self,
        order: SummaryOrder,
        *,
        priority: Priority = Priority.OPEN_TICKET,
        ticket_id: str = "",
        ticket_version: int = 0,
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """The next of `summaries`, or the customer's newest message as the problem."""
        await self._turn()
        self.summary_orders.append(order)
        problem = _last_customer_text(order.thread)
        text = json.dumps(dict.fromkeys(SUMMARY_FIELDS, "") | {"problem": problem}, ensure_ascii=False)
        async for item in self._stream(self.summaries.popleft() if self.summaries else text, repr(order)):
            yield item

    async def status(self) -> list[ModelStatus]:
        """All models, ready."""
        await self._turn()
        return [
            ModelStatus(
                name=name,
                state=EngineState.READY,
                version="scripted",
                device="none",
                detail="scripted",
                small=self.small and name == "reply",
            )
            for name in self._models
        ]

    async def _stream(
        self, text: str, asked: str, *, answerable: float | None = None, quote: str = ""
    ) -> AsyncGenerator[DraftToken | DraftDone, None]:
        """Four characters a token; what was asked last is what its cache holds."""
        cached = len(_common(self._asked, asked))
        self._asked = asked
        for start in range(0, len(text), 4):
            await self._turn()
            yield DraftToken(id="scripted", text=text[start : start + 4])
        yield DraftDone(
            id="scripted",
            text=quote or text,
            model_version="scripted",
            prompt_hash=hashlib.sha256(asked.encode()).hexdigest()[:16],
            prompt_tokens=len(asked),
            prompt_cached=cached,
            completion_tokens=-(-len(text) // 4),
            first_token_ms=0.0,
            total_ms=0.0,
            answerable=answerable,
            quoted=bool(quote),
        )

    async def _turn(self) -> None:
        await asyncio.sleep(0)
        if not (self._running and self.available):
            raise EngineUnavailableError("The engine is not running.")

    @property
    def _models(self) -> tuple[str, ...]:
        optional = {"reader": self.reader, "reranker": self.reranker}
        return ("encoder", "reply", *(name for name, one in optional.items() if one is not None))

    @property
    def _version(self) -> str:
        return f"scripted+learned-{len(self.lessons)}" if self.lessons else "scripted"

    def _labels(self, text: str) -> list[str]:
        for lesson in reversed(self.lessons.values()):
            if _last_customer_text(lesson.thread).strip() == text.strip():
                return lesson.intents
        return next(([label] for word, label in self._keywords.items() if word in text.lower()), [])

    def _read(self, text: str) -> ReadMessage:
        found = self._labels(text)
        scored = tuple(ScoredLabel(label=label, score=0.9) for label in found)
        understanding = Understanding(
            language=detect_language(text),
            intents=scored or (ScoredLabel(label="chat.greeting", score=0.1),),
            in_scope=bool(found),
            entities=tuple(self._find(text)),
            sentiment=ScoredLabel(label="neutral", score=0.8),
            urgency=ScoredLabel(label="normal", score=0.8),
            model_version=self._version,
        )
        return ReadMessage(understanding=understanding, vector=_vector(text))

    def _find(self, text: str) -> Iterator[Entity]:
        for word, kind in self.entities.items():
            if (start := text.find(word)) >= 0:
                yield Entity(type=kind, start=start, end=start + len(word), text=word)


def _common(one: str, other: str) -> str:
    """How both begin."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _last_customer_text(thread: Sequence[Turn]) -> str:
    return next((turn.text for turn in reversed(thread) if turn.role is Role.CUSTOMER), "")


def _vector(text: str) -> bytes:
    """Bigram counts beside a constant first value, so that cosines lie between 0.75 and 1 as those of e5 do."""
    folded = f" {text.lower()} "
    counts = [0.0] * (DIMENSION - 1)
    for pair in (folded[i : i + 2] for i in range(len(folded) - 1)):
        digest = hashlib.blake2b(pair.encode(), digest_size=4).digest()
        counts[int.from_bytes(digest, "little") % len(counts)] += 1.0
    norm = math.sqrt(sum(count * count for count in counts)) or 1.0
    values = [math.sqrt(1 - SPREAD), *(math.sqrt(SPREAD) * count / norm for count in counts)]
    return struct.pack(f"<{DIMENSION}f", *values)
