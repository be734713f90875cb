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
    `messages` holds at least one message, oldest first. `assignee` is who takes care of it, empty for nobody; while
    `snoozed_until` lies ahead the ticket is out of the way, until then or until the customer writes. `contact` is how
    the customer is reached: an e-mail address in lower case, a phone number's digits, an account, or empty.
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
    assignee: str = ""
    snoozed_until: datetime | None = None
    contact: str = ""

    def last_customer_index(self) -> int | None:
        """Index of the newest customer message, None when the customer never wrote."""
        for index in range(len(self.messages) - 1, -1, -1):
            if self.messages[index].role is Role.CUSTOMER:
                return index
        return None


class Queue(StrEnum):
    """A view of the ticket list. The first four hold what is to be answered now; a snoozed ticket is in `SNOOZED`
    alone until it comes back."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    OVERDUE = "overdue"
    SNOOZED = "snoozed"
    ANSWERED = "answered"
    DONE = "done"
    ALL = "all"


WAITING_QUEUES = frozenset({Queue.MINE, Queue.UNASSIGNED, Queue.WAITING, Queue.OVERDUE})


class TicketSort(StrEnum):
    """Order of the ticket list; `DUE` begins with what is due first, in `Queue.SNOOZED` with what is back first."""

    DUE = "due"
    LONGEST_WAITING = "longest_waiting"
    NEWEST = "newest"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketQuery:
    """What the ticket list shows. Empty fields do not filter; `text` is matched as a substring, `customer` as a whole;
    `contact` leaves out namesakes who are known to be reached otherwise.

    `assignee` None stands for anybody and "" for nobody; `due_before` leaves what is due before then. Both also follow
    from the queues `MINE`, `UNASSIGNED` and `OVERDUE` where somebody knows who asks and when (`TicketService`).
    `grouped` asks for one row a customer, see `groups`.
    """

    queue: Queue = Queue.ALL
    state: TicketState | None = None
    text: str = ""
    intent: str = ""
    language: str = ""
    urgency: str = ""
    sentiment: str = ""
    customer: str = ""
    contact: str = ""
    assignee: str | None = None
    due_before: datetime | None = None
    sort: TicketSort = TicketSort.LONGEST_WAITING
    grouped: bool = False

    @property
    def groups(self) -> bool:
        """Whether a customer's tickets in the list are one row, the first of them in the list's order. Only what waits
        is grouped: of what was dealt with every ticket is looked for by itself, and so is one customer's."""
        return self.grouped and self.queue in WAITING_QUEUES and not self.customer


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """One line of the ticket list, cheap enough to page through 100,000 of them.

    `answered_before` tells whether an agent wrote in the thread already, `due` until when a waiting ticket is to be
    answered, `open_tickets` how many unanswered ones (this one included, a hundred at most) there are under the
    customer's name, without namesakes who are known to be reached otherwise. `grouped` is for how many tickets of the
    list the row stands where it is grouped by customer: those of the same name that are reached in the same way.
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
    assignee: str = ""
    snoozed_until: datetime | None = None
    due: datetime | None = None
    open_tickets: int = 1
    contact: str = ""
    grouped: int = 1
