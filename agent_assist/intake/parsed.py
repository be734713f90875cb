"""A ticket as it came out of a file, and the steps from loose fields to a `Ticket`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent_assist.domain.tickets import Channel, Message, Role, Ticket, TicketState
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import MAX_TEXT_BYTES, too_long
from agent_assist.files.text import clean_text, one_line
from agent_assist.files.when import parse_when
from agent_assist.intake.arriving import ArrivingFile

_AGENT_NAMES = frozenset(
    {"agent", "support", "staff", "seller", "shop", "service", "assistant", "operator", "bot", "admin", "outbound"}
    | {"客服", "商家", "卖家", "店铺", "店家", "坐席", "售后", "機器人", "机器人", "賣家"}
)
_CHANNEL_NAMES = {
    "chat": Channel.CHAT,
    "im": Channel.CHAT,
    "聊天": Channel.CHAT,
    "在线": Channel.CHAT,
    "email": Channel.EMAIL,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "邮件": Channel.EMAIL,
    "邮箱": Channel.EMAIL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTicket:
    """A ticket and where it stood.

    `context` has one text a message: what was cut from an e-mail as quoted earlier mail and signature, "" elsewhere.
    `files` are what came with the messages, in their order.
    """

    ticket: Ticket
    file: str
    line: int
    context: tuple[str, ...] = ()
    files: tuple[ArrivingFile, ...] = ()

    def later(self, by: timedelta) -> "ParsedTicket":
        """The same conversation, had `by` later."""
        moved = {message: replace(message, at=message.at + by) for message in self.ticket.messages}
        ticket = replace(
            self.ticket,
            created_at=self.ticket.created_at + by,
            messages=tuple(moved[message] for message in self.ticket.messages),
        )
        files = tuple(replace(file, message=moved[file.message]) for file in self.files)
        return replace(self, ticket=ticket, files=files)


def role_of(name: object) -> Role:
    """AGENT for the names shops give their own side, CUSTOMER for everything else."""
    word = str(name or "").strip().casefold()
    return Role.AGENT if word in _AGENT_NAMES or "客服" in word else Role.CUSTOMER


def channel_of(name: object, default: Channel = Channel.OTHER) -> Channel:
    """The channel of that name, `default` where there is none."""
    word = str(name or "").strip().casefold()
    return _CHANNEL_NAMES.get(word, Channel.OTHER) if word else default


def named(names: Sequence[str]) -> str:
    """What stands for the text of a message that is nothing but files."""
    return " ".join(f"[{name}]" for name in names)


def contact_of(text: str) -> str:
    """An address, number or account as it is compared: lower case, and of a phone number the digits alone."""
    line = one_line(text)[:200].casefold()
    number = re.sub(r"[\s().+-]", "", line)
    return number if number.isdigit() and 7 <= len(number) <= 15 else line


def body_of(text: str, *, line: int) -> str:
    """Cleaned message text. Raises ImportRowError where it is over the limit."""
    if too_long(text):
        limit = MAX_TEXT_BYTES // 1_000_000
        raise ImportRowError(f"The message text is longer than {limit} MB.", line=line)
    return clean_text(text)


def when_of(value: object, default: datetime, *, line: int) -> datetime:
    """The time in `value`, `default` where it is empty. Raises ImportRowError where it is no time."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return default
    try:
        return parse_when(value)
    except ValueError as error:
        raise ImportRowError(f"The time cannot be read: {error}.", line=line) from error


def make_ticket(
    *,
    id: str,
    messages: Sequence[Message],
    created_at: datetime | None = None,
    subject: str = "",
    customer: str = "",
    channel: Channel = Channel.OTHER,
    order_number: str = "",
    assignee: str = "",
    contact: str = "",
) -> Ticket:
    """A ticket with its messages in order of time; it waits when the customer wrote last."""
    ordered = tuple(sorted(messages, key=lambda message: message.at))
    return Ticket(
        id=id,
        messages=ordered,
        created_at=created_at or ordered[0].at,
        subject=one_line(subject)[:500],
        customer=one_line(customer)[:200],
        channel=channel,
        order_number=one_line(order_number)[:100] or None,
        assignee=one_line(assignee)[:100],
        contact=contact_of(contact),
        state=TicketState.WAITING if ordered[-1].role is Role.CUSTOMER else TicketState.ANSWERED,
    )
