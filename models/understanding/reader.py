"""Reads messages: one pass of the trunk gives search vector, intents, scope, sentiment, urgency and entities."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agent_assist.domain.entities import merge_entities
from agent_assist.domain.language import detect_language
from agent_assist.domain.patterns import find_entities
from agent_assist.domain.understanding import Entity, Understanding
from agent_assist.engine.protocol import Lesson, SeenMessage, TextKind, Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import Encoded, TextEncoder, pad
from models.encoder.trunk import Trunk, TrunkOutput, batches, load_trunk
from models.errors import CannotLearnError, Stopped
from models.understanding.choice import Choice, choose, prefixes
from models.understanding.entities.spans import head_entities
from models.understanding.features import sentence_features, token_features, unit
from models.understanding.heads import Heads, SentenceScores
from models.understanding.learning.past import Past
from models.understanding.threads import context_share, newest_customer_text, with_context
from models.understanding.types import Learnt

if TYPE_CHECKING:
    from models.understanding.learning.teaching import Teacher

Floats = NDArray[np.float32]


def never() -> bool:
    """The stop signal that never comes."""
    return False


@dataclass(slots=True)
class Read:
    """What the trunk and the heads gave for one text."""

    text: str
    scores: SentenceScores
    vector: Floats
    entities: list[Entity]


class Reader:
    """The understanding half of the engine. Use from one thread."""

    def __init__(
        self,
        *,
        trunk: Trunk,
        tokens: TextEncoder,
        heads: Heads,
        version: str,
        prefix: Mapping[TextKind, str],
        origin: Choice | None = None,
    ) -> None:
        """`origin` is where trunk and heads come from; a reader that does not know it cannot learn."""
        self._trunk = trunk
        self._tokens = tokens
        self._heads = heads
        self._prefix = prefix
        self._origin = origin
        self._teacher: Teacher | None = None
        self._past = Past(heads)
        self.version = version
        self.trunk = origin.trunk if origin else ""
        self.device = trunk.device
        self.device_reason = trunk.device_reason
        self.dimension = trunk.width

    @classmethod
    def load(cls, models_dir: Path, *, device: str = "auto") -> "Reader":
        """Raises FileNotFoundError with a sentence where the encoder or its heads are missing.

        From here on this process's numpy multiplies in one thread: the heads are too small to share, and on a busy
        machine waiting for the second thread made them 300 times slower (measured).
        """
        choice = choose(models_dir)
        threadpool_limits(limits=1, user_api="blas")
        return cls(
            trunk=load_trunk(choice.encoder, device=device),
            tokens=TextEncoder(choice.encoder / TOKENIZER_FILE),
            heads=Heads.load(choice.heads),
            version=choice.version,
            prefix=prefixes(choice.encoder),
            origin=choice,
        )

    def understand(
        self,
        threads: Sequence[Sequence[Turn]],
        *,
        should_stop: Callable[[], bool] = never,
        today: date | None = None,
    ) -> tuple[list[Understanding], Floats]:
        """Read the newest customer message of each thread.

        Returns one understanding a thread and its unit search vectors, float32 [threads, dimension]. `today` dates
        what is told from the day of writing. Raises `Stopped` between batches when `should_stop()` is true.
        """
        read = self.read(threads, should_stop=should_stop)
        vectors = np.zeros((len(read), self.dimension), np.float32)
        for index, one in enumerate(read):
            vectors[index] = one.vector
        return [self._answer(one, today) for one in read], unit(vectors)

    def read(self, threads: Sequence[Sequence[Turn]], *, should_stop: Callable[[], bool] = never) -> list[Read]:
        """Scores, vector and the head's entities of the newest customer message of each thread; see `understand`."""
        texts = [newest_customer_text(thread)[0] for thread in threads]
        joint = {index: text for index, thread in enumerate(threads) if (text := with_context(thread)) is not None}
        read = self._read([*texts, *joint.values()], should_stop)
        for place, index in enumerate(joint, start=len(texts)):
            read[index].scores = _mixed(read[index].scores, read[place].scores)
        return read[: len(texts)]

    def embed(self, texts: Sequence[str], kind: TextKind, *, should_stop: Callable[[], bool] = never) -> Floats:
        """Unit vectors, float32 [texts, dimension]; raises `Stopped` like `understand`."""
        encoded = [self._tokens.encode(text, prefix=self._prefix[kind]) for text in texts]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for batch in batches([len(one.ids) for one in encoded]):
            if should_stop():
                raise Stopped
            vectors[batch] = self._trunk.pool(*pad([encoded[index] for index in batch]))
        return unit(vectors)

    def learn(self, lessons: Sequence[Lesson], forget: Sequence[str] = ()) -> Learnt:
        """Learn from corrections and forget others; every reading from now on rests on them, and `version` says so.

        Raises `CannotLearnError` where these heads cannot learn.
        """
        if self._origin is None:
            raise CannotLearnError("These models are only measured; they do not learn.")
        if self._teacher is None:
            from models.understanding.learning.teaching import Teacher  # scipy; who corrects nothing need not load it

            self._teacher = Teacher(self._heads, self._origin.heads, trunk=self._origin.trunk, encode=self._sentences)
        learnt = self._teacher.teach(lessons, forget)
        self._heads = self._teacher.heads
        self.version = self._origin.version + self._teacher.suffix
        self._past.keep(self.version, self._heads)
        return learnt

    def recheck(self, messages: Sequence[SeenMessage], since: str) -> list[bool]:
        """Which messages may read otherwise now than at version `since`, by their search vectors alone."""
        return self._past.changed(messages, since, self._heads)

    def _sentences(self, texts: Sequence[str]) -> Floats:
        """Sentence features [texts, width]."""
        encoded = [self._tokens.encode(text, prefix=self._prefix[TextKind.QUERY]) for text in texts]
        found: dict[int, Floats] = {}
        for batch in batches([len(one.ids) for one in encoded]):
            ids, mask = pad([encoded[index] for index in batch])
            found |= zip(batch, sentence_features(self._trunk.run(ids, mask), mask), strict=True)
        return np.stack([found[index] for index in range(len(texts))])

    def _read(self, texts: Sequence[str], should_stop: Callable[[], bool]) -> list[Read]:
        encoded = [self._tokens.encode(text, prefix=self._prefix[TextKind.QUERY]) for text in texts]
        found: dict[int, Read] = {}
        for batch in batches([len(one.ids) for one in encoded]):
            if should_stop():
                raise Stopped
            ids, mask = pad([encoded[index] for index in batch])
            output = self._trunk.run(ids, mask)
            scores = self._heads.score(sentence_features(output, mask), [texts[index] for index in batch])
            for row, index in enumerate(batch):
                found[index] = Read(
                    text=texts[index],
                    scores=scores.row(row),
                    vector=output.pooled[row],
                    entities=self._entities(texts[index], encoded[index], output, row),
                )
        return [found[index] for index in range(len(texts))]

    def _entities(self, text: str, encoded: Encoded, output: TrunkOutput, row: int) -> list[Entity]:
        if self._heads.entity is None:
            return []
        return head_entities(text, encoded, token_features(output, row, len(encoded.ids)), self._heads.entity)

    def _answer(self, read: Read, today: date | None) -> Understanding:
        sentence = self._heads.read(read.scores)
        return Understanding(
            language=detect_language(read.text),
            intents=sentence.intents,
            in_scope=sentence.in_scope and bool(read.text.strip()),
            entities=merge_entities(find_entities(read.text, today=today), read.entities),
            sentiment=sentence.sentiment,
            urgency=sentence.urgency,
            model_version=self.version,
            leanings=sentence.leanings,
        )


def _mixed(own: SentenceScores, joint: SentenceScores) -> SentenceScores:
    """Intent and scope of both readings; sentiment and urgency are the message's own."""
    share = context_share(own.intent[0])
    return replace(
        own,
        intent=np.asarray((1 - share) * own.intent + share * joint.intent, np.float32),
        scope=np.minimum(own.scope, joint.scope),  # what belongs to a talk in scope is in scope
    )
