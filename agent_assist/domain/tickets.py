"""Tickets and their messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    AGENT = "agent"


class TicketState(StrEnum):
    """Where a ticket stands. `WAITING` means that the customer wrote last."""

    WAITING = "waiting"
    ANSWERED = "answered"
    DONE = "done"


class Channel(StrEnum):
    """Where a ticket came from."""

    CHAT = "chat"
    EMAIL = "email"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a thread; `at` is always timezone-aware."""

    role: Role
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A conversation with one customer.

    `version` grows by one with every change to the thread; whatever was computed for an older version is stale.
    `messages` holds at least one message, oldest first.
    """

    id: str
    messages: tuple[Message, ...]
    created_at: datetime
    subject: str = ""
    customer: str = ""
    channel: Channel = Channel.OTHER
    order_number: str | None = None
    state: TicketState = TicketState.WAITING
    version: int = 1

    def last_customer_index(self) -> int | None:
        """Index of the newest customer message, None when the customer never wrote."""
        for index in range(len(self.messages) - 1, -1, -1):
            if self.messages[index].role is Role.CUSTOMER:
                return index
        return None


class TicketSort(StrEnum):
    """Order of the ticket list."""

    LONGEST_WAITING = "longest_waiting"
    NEWEST = "newest"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketQuery:
    """What the ticket list shows. Empty fields do not filter; `text` is matched as a substring."""

    state: TicketState | None = None
    text: str = ""
    intent: str = ""
    language: str = ""
    urgency: str = ""
    sort: TicketSort = TicketSort.LONGEST_WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """One line of the ticket list, cheap enough to page through 100,000 of them.

    `answered_before` tells whether an agent wrote in the thread already.
    """

    id: str
    customer: str
    subject: str
    preview: str
    channel: Channel
    state: TicketState
    waiting_since: datetime
    version: int
    language: str = ""
    intent: str = ""
    urgency: str = ""
    sentiment: str = ""
    answered_before: bool = False
