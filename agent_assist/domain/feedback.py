"""What agents do with suggestions and labels: the learning log's events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agent_assist.domain.next_action import ActionKind
from agent_assist.domain.suggestion import Suggestion, Unsupported
from agent_assist.domain.understanding import Entity, Understanding
from agent_assist.domain.wording import Rewritten


class FeedbackKind(StrEnum):
    """One act of an agent. `WRITTEN` is a reply sent without any suggestion; `NOTED` an internal note, which is sent to
    nobody; `UNDONE` takes back `undoes`."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    WRITTEN = "written"
    INTENTS_CORRECTED = "intents_corrected"
    ENTITIES_CORRECTED = "entities_corrected"
    SENTIMENT_CORRECTED = "sentiment_corrected"
    URGENCY_CORRECTED = "urgency_corrected"
    NOTED = "noted"
    UNDONE = "undone"


class RejectReason(StrEnum):
    """Why a suggestion was rejected; the order is the order of the digit keys 1 to 6."""

    WRONG_FACT = "wrong_fact"
    NOT_RELEVANT = "not_relevant"
    INCOMPLETE = "incomplete"
    WRONG_TONE = "wrong_tone"
    WRONG_LANGUAGE = "wrong_language"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a sent reply came from beside its suggestion: the drafts of the candidates that were passed over, the
    rewrites that were taken on the way, in order, and the canned replies that it holds, by their articles' ids."""

    passed_over: tuple[str, ...] = ()
    rewrites: tuple[Rewritten, ...] = ()
    canned: tuple[str, ...] = ()


NO_ORIGIN = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackEvent:
    """One line of the append-only log.

    `id` sorts by time (UUID version 7). `message_index` is the customer message the act is about. `suggestion` is what
    was on the screen, `predicted` what the models had said, `final_text` what was sent, `intents`, `entities`,
    `sentiment` and `urgency` what the agent put in place of the prediction; unused fields are None. `note` is the word
    beside a rejection, or the text of an internal note. `confirmed` are the words of `final_text` without
    a source that the agent sent all the same, knowing it. `origin` is what a reply came from beside the suggestion,
    whose own fields tell candidate, tone and hint. `seconds_open` is how long the ticket was open before. `action` is
    the one that a note confirms. A reply is held back for `held_seconds` after `at`, so that it can be taken back
    before anybody has it.
    """

    id: str
    at: datetime
    kind: FeedbackKind
    ticket_id: str
    ticket_version: int
    message_index: int
    actor: str = ""
    suggestion: Suggestion | None = None
    final_text: str | None = None
    confirmed: tuple[Unsupported, ...] = ()
    reason: RejectReason | None = None
    note: str = ""
    predicted: Understanding | None = None
    intents: tuple[str, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    sentiment: str | None = None
    urgency: str | None = None
    undoes: str | None = None
    seconds_open: float | None = None
    origin: Origin = NO_ORIGIN
    action: ActionKind | None = None
    held_seconds: float = 0.0

    @property
    def leaves_at(self) -> datetime:
        """When a reply goes out that is not taken back before."""
        return self.at + timedelta(seconds=self.held_seconds)


SENDING = frozenset({FeedbackKind.ACCEPTED, FeedbackKind.EDITED, FeedbackKind.WRITTEN})
"""The acts that send a reply."""
