"""Messages between the program and the engine process.

One JSON object a line over the engine's standard input and output; standard error carries log lines. Every request
has an `id` chosen by the client; every reply names it. A request is answered by exactly one final reply
(`Understood`, `Embedded`, `Learned`, `Rechecked`, `Reranked`, `Judged`, `DraftDone`, `StatusReply` or `Failed`), drafts
by any number of `DraftToken`s before. `ModelStateChanged` comes unasked. The first line of an engine is `Welcome`.
"""

from enum import IntEnum, StrEnum

import msgspec

from agent_assist.domain.events import EngineState
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import Understanding
from agent_assist.domain.wording import Rewording, Tone

PROTOCOL_VERSION = 1


class Priority(IntEnum):
    """Lower runs first."""

    OPEN_TICKET = 0
    PREFETCH = 1
    BATCH = 2


class TextKind(StrEnum):
    """The e5 prefix: what is searched for, or what is searched in."""

    QUERY = "query"
    PASSAGE = "passage"


class FailureCode(StrEnum):
    """Why a request has no answer."""

    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  # a newer version of the same ticket came in
    EXPIRED = "expired"  # its deadline passed before it began
    UNAVAILABLE = "unavailable"  # the model is missing or failed to load
    REFUSED = "refused"  # the request cannot be answered as it is
    TOO_SMALL = "too_small"  # the reply model is too small for this, or for so long a text
    INTERNAL = "internal"


# What a summary tells: the customer's problem, what was done, what is open, the next step.
SUMMARY_FIELDS = ("problem", "done", "open", "next")


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a thread as the models see it."""

    role: Role
    text: str


class GroundingPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that a draft may rest on."""

    doc_id: str
    title: str
    text: str


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    priority: Priority = Priority.BATCH
    # A newer ticket_version for the same ticket_id drops the older request; empty = not about a ticket.
    ticket_id: str = ""
    ticket_version: int = 0
    # Seconds from receipt within which work must have begun; 0 = no deadline.
    deadline_s: float = 0.0


class Understand(_Request, frozen=True, kw_only=True, tag="understand"):
    """Read messages: of each thread the last customer message is understood, earlier turns are its context."""

    threads: list[list[Turn]]


class Embed(_Request, frozen=True, kw_only=True, tag="embed"):
    """Vectors for texts."""

    texts: list[str]
    kind: TextKind


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """The intents that an agent gave the last customer message of a thread; none mean out of scope.

    `features` are what an engine told of it once (`Learned.features`), which saves the encoder's pass; they are used
    where that engine's `trunk` is the one in use.
    """

    id: str
    thread: list[Turn]
    intents: list[str]
    features: bytes = b""
    trunk: str = ""


class Learn(_Request, frozen=True, kw_only=True, tag="learn"):
    """Learn from corrections, those of a known id in place of what was learned by it before, and forget others.

    An engine keeps them in memory only: each new one is told them again.
    """

    lessons: list[Lesson]
    forget: list[str] = []


class SeenMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was read: its thread, and the search vector that was told of it (float32, little-endian)."""

    thread: list[Turn]
    vector: bytes


class Recheck(_Request, frozen=True, kw_only=True, tag="recheck"):
    """Ask which messages may read otherwise now than by the models of version `since`; the encoder does not run."""

    messages: list[SeenMessage]
    since: str


class Rerank(_Request, frozen=True, kw_only=True, tag="rerank"):
    """Ask how well each text answers the query; refused where no reranker is chosen."""

    query: str
    texts: list[str]


class Judge(_Request, frozen=True, kw_only=True, tag="judge"):
    """Ask how likely each passage answers the end of the thread; refused where no reader of passages is built.

    A draft from the same passages finds them read already.
    """

    thread: list[Turn]
    passages: list[GroundingPassage]


class Draft(_Request, frozen=True, kw_only=True, tag="draft"):
    """Write a reply to the thread from the passages and order facts, in `language` ("zh" or "en").

    `order_facts` are short lines such as "订单 GF2611020017：已发货". `hint` is the agent's wish, may be empty. Where
    `hedge_below` is above what the model gives for "the passages answer this", the draft says what is missing and asks.
    """

    language: str
    thread: list[Turn]
    passages: list[GroundingPassage]
    order_facts: list[str] = []
    hint: str = ""
    tone: Tone = Tone.PLAIN
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    hedge_below: float = 0.6


class Rewrite(_Request, frozen=True, kw_only=True, tag="rewrite"):
    """Word `text` anew; `language` ("zh" or "en") is that of the result. Answered as a draft is.

    A text that the model cannot take in whole, or that is longer than a small model was measured to manage, fails as
    `TOO_SMALL`.
    """

    text: str
    manner: Rewording
    language: str
    max_tokens: int = 384


class Summarise(_Request, frozen=True, kw_only=True, tag="summarise"):
    """Sum a thread up in `language`; the draft's text is a JSON object with the keys of `SUMMARY_FIELDS`, in order.

    It is whole whatever `max_tokens` is: what has no room is left empty (`DraftDone.stopped_early`), and without room
    for the first field the request is refused.
    """

    thread: list[Turn]
    language: str
    max_tokens: int = 256


class Status(_Request, frozen=True, kw_only=True, tag="status"):
    """What is loaded, where, and why there."""


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """Stop the request `id`; it is answered by `Failed(code=cancelled)` unless it was finished already."""

    id: str


class Shutdown(msgspec.Struct, frozen=True, kw_only=True, tag="shutdown"):
    """Finish nothing, leave."""


Request = (
    Understand | Embed | Learn | Recheck | Rerank | Judge | Draft | Rewrite | Summarise | Status | Cancel | Shutdown
)


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome"):
    """First line of every engine."""

    protocol: int
    pid: int


class Understood(msgspec.Struct, frozen=True, kw_only=True, tag="understood"):
    """One understanding a thread, and its search vector: float32, little-endian, `dimension` values a row."""

    id: str
    results: list[Understanding]
    vectors: bytes
    dimension: int


class Embedded(msgspec.Struct, frozen=True, kw_only=True, tag="embedded"):
    """Unit vectors, one a text: float32, little-endian, `dimension` values a row."""

    id: str
    vectors: bytes
    dimension: int
    model_version: str


class Learned(msgspec.Struct, frozen=True, kw_only=True, tag="learned"):
    """What the engine holds now: `held` lessons, among them the `doubtful` ones (by id), which count little because
    several others of like messages contradict them. `model_version` is that of every reading from now on. `features`
    are those of the lessons as they were sent, in order, b"" where what came with a lesson is good; `trunk` made them.
    """

    id: str
    held: int
    model_version: str
    seconds: float
    trunk: str
    features: list[bytes]
    doubtful: list[str]


class Rechecked(msgspec.Struct, frozen=True, kw_only=True, tag="rechecked"):
    """Whether each message may read otherwise."""

    id: str
    changed: list[bool]


class Reranked(msgspec.Struct, frozen=True, kw_only=True, tag="reranked"):
    """How likely each text answers the query, from 0 to 1, in order: the logistic function of the reranker's logit."""

    id: str
    scores: list[float]


class Judged(msgspec.Struct, frozen=True, kw_only=True, tag="judged"):
    """Of each passage how likely its likeliest clause answers, from 0 to 1, in order; 0 for one without words."""

    id: str
    chances: list[float]


class DraftToken(msgspec.Struct, frozen=True, kw_only=True, tag="draft_token"):
    """The next piece of the draft; whole characters only."""

    id: str
    text: str


class DraftDone(msgspec.Struct, frozen=True, kw_only=True, tag="draft_done"):
    """The whole draft. Times in ms since the engine began with it; `prompt_cached` of `prompt_tokens` were reused.

    `answerable`: how likely the passages and the order answer the customer, None from a model that does not tell.
    `quoted`: `text` is the source's own words, since those that were streamed did not say what the source says.
    """

    id: str
    text: str
    model_version: str
    prompt_hash: str
    prompt_tokens: int
    prompt_cached: int
    completion_tokens: int
    first_token_ms: float
    total_ms: float
    stopped_early: bool = False
    answerable: float | None = None
    quoted: bool = False


class ModelStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One model: `name` is "encoder", "reply" or, where there is one, "reader" (of passages) or "reranker"; `detail`
    says device and why, for people.

    `problem`, a sentence, says why another reply model than the chosen one writes. `trunk` names what makes an
    encoder's vectors, which may be compared where it is the same; `version` also changes with what is read from them.
    `small`: a reply model with measured limits; what it words anew has to be looked over before it is shown.
    """

    name: str
    state: EngineState
    version: str = ""
    trunk: str = ""
    device: str = ""
    detail: str = ""
    problem: str = ""
    memory_mb: float = 0.0
    small: bool = False


class StatusReply(msgspec.Struct, frozen=True, kw_only=True, tag="status_reply"):
    """Answer to `Status`."""

    id: str
    models: list[ModelStatus]


class ModelStateChanged(msgspec.Struct, frozen=True, kw_only=True, tag="model_state"):
    """A model began to load, is ready, or failed."""

    status: ModelStatus


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """No answer to request `id`; `message` is a sentence for people without customer text.

    For `TOO_SMALL`: the text has `tokens`, and the model manages `limit` (0: none at all).
    """

    id: str
    code: FailureCode
    message: str
    tokens: int = 0
    limit: int = 0


Reply = (
    Welcome
    | Understood
    | Embedded
    | Learned
    | Rechecked
    | Reranked
    | Judged
    | DraftToken
    | DraftDone
    | StatusReply
    | ModelStateChanged
    | Failed
)

_encoder = msgspec.json.Encoder()
_request_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_reply_decoder: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    """One line with its line feed. JSON escapes line feeds inside strings, so a line is a message."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Parse a client's line; raises `msgspec.ValidationError` or `msgspec.DecodeError` on anything else."""
    return _request_decoder.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Parse an engine's line; raises like `decode_request`."""
    return _reply_decoder.decode(line)
