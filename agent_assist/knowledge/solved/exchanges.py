"""A thread as exchanges: what the customer had asked when the agent wrote, and what the agent wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.tickets import Channel, Message, Role, Ticket
from agent_assist.knowledge.queries import thread_query
from agent_assist.knowledge.words import query_words

# Of a long talk the newest exchanges; what came before led to them.
MOST = 12
# A mail can have thousands of words; the first hundreds say what it is about.
_MOST_CHARS = 2000
_MOST_WORDS = 200


# What an agent writes before the answer: asks for the order number, or to wait a moment.
_BEFORE_ANSWER = re.compile(
    r"[?？]\W*$|[吗么嘛]\W*$|稍等|稍后|请稍|单号|请问|请提供|麻烦(?:您)?提供|正在.{0,6}(?:查|核实)|帮您(?:查|看|核实)"
    r"|(?:one|a) (?:moment|minute|second)|hold on|bear with|let me (?:check|look|see)|looking into"
    r"|(?:could|can|would) you (?:please )?(?:send|give|tell|share|provide|confirm)|(?:may|can) i have|order number",
    re.IGNORECASE,
)
_SHORT_ZH, _SHORT = 40, 120
_MOST_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Message `question` is the customer's last before the agent's reply, which goes from message `first` to `last`;
    `text` is what had been asked until then, as a search would put it.

    A short reply that asks back or asks to wait goes on with what the agent wrote after it; the customer's messages in
    between are no part of the reply.
    """

    question: int
    first: int
    last: int
    text: str


def exchanges(ticket: Ticket) -> list[Exchange]:
    """The ticket's exchanges, oldest first; none where nobody asked or nobody answered."""
    runs = list(_agent_runs(ticket.messages))
    found = [
        Exchange(
            question=start - 1,
            first=start,
            last=_answered_by(ticket.messages, runs[place : place + _MOST_RUNS]) - 1,
            text=question_text(ticket, start - 1),
        )
        for place, (start, _) in enumerate(runs)
        if start > 0
    ]
    return found[-MOST:]


def reply_places(ticket: Ticket, first: int, last: int) -> list[int]:
    """Places of the agent's messages among `first` to `last`."""
    return [place for place in range(first, last + 1) if ticket.messages[place].role is Role.AGENT]


def _answered_by(messages: tuple[Message, ...], runs: list[tuple[int, int]]) -> int:
    """The end of the first of `runs` that does not only lead to the next one."""
    for start, end in runs:
        text = " ".join(message.text for message in messages[start:end])
        short = _SHORT_ZH if detect_language(text) is Language.ZH else _SHORT
        if len(text) > short or not _BEFORE_ANSWER.search(text):
            return end
    return runs[-1][1]


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
