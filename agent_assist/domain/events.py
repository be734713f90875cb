"""Things that happened, told to whoever listens (the window, the prefetcher, the command line)."""

from dataclasses import dataclass
from enum import StrEnum

from agent_assist.domain.sources import IndexingProgress


class EngineState(StrEnum):
    """State of the engine process and of each of its models."""

    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsArrived:
    """New tickets are stored."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChanged:
    """A ticket's thread, state or labels changed."""

    ticket_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsMoved:
    """Tickets are somebody's, snoozed, done, or back; `returned` of them came back since their time was up."""

    ticket_ids: tuple[str, ...]
    returned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesChanged:
    """Targets, working hours or time zone changed, and with them when tickets are due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentsCorrected:
    """An agent gave a message other intents, or took that back."""

    ticket_id: str
    message_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLearned:
    """The engine reads by `held` corrections from now on; `doubtful` of them are contradicted by several others."""

    held: int
    doubtful: int
    model_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeChanged:
    """Articles were added, changed or removed."""

    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersChanged:
    """Orders or products were added or replaced."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsPrepared:
    """Of the waiting tickets that are prepared ahead, `ready` have a draft and `in_work` have nothing yet; `paused`
    while the agent types."""

    ready: int
    in_work: int
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChanged:
    """A person made version `number` of an article: an edit, a review, a deletion or a restoration."""

    doc_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlesExpiring:
    """How many approved articles are over soon (see the setting `knowledge.expiry_days`), and how many are over."""

    expiring: int
    expired: int


# Models without which all goes on, if less well.
OPTIONAL_MODELS = frozenset({"reader", "reranker"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStateChanged:
    """`model` is "engine", "encoder", "reply", "reader" (of passages) or "reranker"; `device` is where a ready one
    runs.

    `detail` says why there, for people; `problem` why another reply model than the chosen one writes. Reader and
    reranker (`OPTIONAL_MODELS`) are told of only where there is one, and are `STARTING` until somebody searches.
    """

    model: str
    state: EngineState
    detail: str = ""
    device: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged:
    """A source of knowledge was added or removed, is watched or no longer; or, with a `problem` (a sentence), it
    cannot be reached and its articles are kept; or it is back."""

    path: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkProgress:
    """Progress of a long piece of work; `total` is 0 where it is not known."""

    task: str
    done: int
    total: int


DomainEvent = (
    TicketsArrived
    | TicketChanged
    | TicketsMoved
    | DeadlinesChanged
    | IntentsCorrected
    | ModelLearned
    | KnowledgeChanged
    | OrdersChanged
    | DraftsPrepared
    | ArticleChanged
    | ArticlesExpiring
    | EngineStateChanged
    | SourceChanged
    | IndexingProgress
    | WorkProgress
)
