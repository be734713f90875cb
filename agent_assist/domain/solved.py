"""Tickets that were answered, found again for a like one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_assist.domain.language import Language


class SimilarReason(StrEnum):
    """In what a solved ticket is like the open one."""

    SAME_WORDS = "same_words"
    SAME_MEANING = "same_meaning"
    SAME_INTENT = "same_intent"
    SAME_PRODUCT = "same_product"


class OutdatedReason(StrEnum):
    """Why a reply may no longer hold: its age, or what became of an article it rested on."""

    OLD = "old"
    ARTICLE_CHANGED = "article_changed"
    ARTICLE_BLOCKED = "article_blocked"
    ARTICLE_EXPIRED = "article_expired"
    ARTICLE_GONE = "article_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message's text and its place in the thread: characters `start` to `end` of message `message_index`.

    Of another customer's ticket `text` is masked; the place is that of the message as it is stored.
    """

    message_index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedTicket:
    """A solved ticket, what its customer asked and the agent's messages that answered.

    `score` is a relevance between 0 and 1 that can be compared across tickets. `at` is when the reply was sent, `actor`
    who sent it ("" where that is not known). `times_sent` counts the tickets that were answered with the same words.
    `other_customer` says that the texts are another customer's and are therefore masked.
    """

    rank: int
    score: float
    ticket_id: str
    language: Language
    question: Quote
    reply: tuple[Quote, ...]
    at: datetime
    actor: str = ""
    times_sent: int = 1
    other_customer: bool = True
    reasons: tuple[SimilarReason, ...] = ()
    outdated: tuple[OutdatedReason, ...] = ()

    @property
    def reply_text(self) -> str:
        """The agent's messages as one text."""
        return "\n".join(quote.text for quote in self.reply)
