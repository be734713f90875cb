"""A thread as exchanges: what the customer had asked when the agent wrote, and what the agent wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from agent_assist.domain.tickets import Channel, Message, Role, Ticket
from agent_assist.knowledge.queries import thread_query
from agent_assist.knowledge.words import query_words

# Of a long talk the newest exchanges; what came before led to them.
MOST = 12
# A mail can have thousands of words; the first hundreds say what it is about.
_MOST_CHARS = 2000
_MOST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Message `question` is the customer's last before the agent's messages `first` to `last`; `text` is what had been
    asked until then, as a search would put it."""

    question: int
    first: int
    last: int
    text: str


def exchanges(ticket: Ticket) -> list[Exchange]:
    """The ticket's exchanges, oldest first; none where nobody asked or nobody answered."""
    found = [
        Exchange(question=start - 1, first=start, last=end - 1, text=question_text(ticket, start - 1))
        for start, end in _agent_runs(ticket.messages)
        if start > 0
    ]
    return found[-MOST:]


def question_text(ticket: Ticket, index: int) -> str:
    """What the customer asks in message `index` and the ones before it; of a mail with its subject."""
    subject = ticket.subject if ticket.channel is Channel.EMAIL else ""
    return thread_query(ticket.messages[: index + 1], subject=subject)


def question_words(text: str) -> tuple[str, ...]:
    """Words and pairs of a question, each once; both sides of a comparison are split alike."""
    words = query_words(text[:_MOST_CHARS])
    return tuple(dict.fromkeys([*words.words, *words.pairs]))[:_MOST_WORDS]


def _agent_runs(messages: tuple[Message, ...]) -> Iterator[tuple[int, int]]:
    """Places (start, end) of the agent's messages that stand side by side."""
    place = 0
    for role, run in groupby(messages, key=lambda message: message.role):
        length = len(list(run))
        if role is Role.AGENT:
            yield place, place + length
        place += length
