"""Questions that the shop's knowledge does not answer, and the groups they form."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_assist.domain.language import Language


class GapSource(StrEnum):
    """How a question was found unanswered: silence, a search without a hit, a suggestion rejected as not relevant."""

    SILENCE = "silence"
    SEARCH = "search"
    REJECTION = "rejection"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredQuestion:
    """One question, masked. `key` is 0 before it is stored; `ticket_id` is "" for a search; `shown` are passages that
    an agent rejected as not relevant; `vector` (float32, of the encoder `model`) is b"" where there was none."""

    source: GapSource
    text: str
    language: Language
    at: datetime
    intents: tuple[tuple[str, float], ...] = ()
    ticket_id: str = ""
    ticket_version: int = 0
    shown: tuple[str, ...] = ()
    vector: bytes = b""
    model: str = ""
    dismissed: bool = False
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NearArticle:
    """An article with its relevance (0 to 1) to a gap's questions."""

    doc_id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that want the same and find nothing.

    `id` stays while the oldest question does. `name` is made of the words that set it apart, `question` the one in its
    midst. `count` are questions, `tickets` the tickets among them and `share` these of all tickets with such questions;
    `last_week` and `week_before` count questions of the last seven days and the seven before. `nearest` may only need
    one more way to ask. `answered_by` is the article that answers it now.
    """

    id: str
    name: str
    language: Language
    question: str
    count: int
    tickets: int
    share: float
    last_week: int
    week_before: int
    newest: datetime
    examples: tuple[str, ...]
    intent: str = ""
    nearest: NearArticle | None = None
    answered_by: NearArticle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """The open gaps, the most frequent first; those `answered` since; how many groups were `dismissed`."""

    open: tuple[Gap, ...]
    answered: tuple[Gap, ...]
    dismissed: int
    questions: int
