"""EML and MBOX files; mails that answer each other become one ticket."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from agent_assist.domain.tickets import Channel, Message, Role
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import refuse, rejected
from agent_assist.intake.arriving import ArrivingFile
from agent_assist.intake.mail import Mail, MailFiles, parse_mail
from agent_assist.intake.parsed import ParsedTicket, make_ticket
from agent_assist.intake.rows import file_time

_FROM_LINE = re.compile(rb"^From \S+.*\d{4}")
_ESCAPED = re.compile(rb"^>(>*From )")

Source = Callable[[], bytes]  # reads a mail's bytes again


def read_eml_files(
    paths: Iterable[Path], *, own_addresses: Collection[str] = ()
) -> Iterator[ParsedTicket | RejectedRow]:
    """Tickets of single-mail files, threads joined across them."""
    mails: list[Mail] = []
    sources: list[Source] = []
    for path in paths:
        if (refusal := refuse(path)) is not None:
            yield refusal
            continue
        try:
            mails.append(parse_mail(path.read_bytes(), fallback=file_time(path), file=str(path)))
            sources.append(partial(_whole, path))
        except ImportRowError as error:
            yield rejected(path, error.reason)
    yield from _tickets(mails, sources, own_addresses)


def read_mbox(path: Path, *, own_addresses: Collection[str] = ()) -> Iterator[ParsedTicket | RejectedRow]:
    """Tickets of a mailbox file (mboxo and mboxrd). Only the text of its mails is held in memory."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    mails: list[Mail] = []
    sources: list[Source] = []
    for line, from_line, start, data in _split(path):
        fallback = _from_line_time(from_line) or file_time(path)
        try:
            mails.append(parse_mail(data, fallback=fallback, file=str(path), line=line))
            sources.append(partial(_mail_at, path, start))
        except ImportRowError as error:
            yield rejected(path, error.reason, line=line)
    if not mails:
        yield rejected(path, "The mailbox holds no mail that can be read.")
    yield from _tickets(mails, sources, own_addresses)


def _split(path: Path, *, at: int = 0) -> Iterator[tuple[int, bytes, int, bytes]]:
    """`(line of the From line, the From line, its byte, the mail)`, from byte `at` on, which is such a line.

    Not by `mailbox.mbox`: it opens the file for writing, ends a mail at every "From " and does not know line numbers.
    """
    start, from_line, lines = 0, b"", list[bytes]()
    begun, place = at, at
    after_blank = True
    with path.open("rb") as file:
        file.seek(at)
        for number, line in enumerate(file, start=1):
            if after_blank and _FROM_LINE.match(line):
                if start:
                    yield start, from_line, begun, b"".join(lines)
                start, from_line, lines, begun = number, line, [], place
            else:
                lines.append(_ESCAPED.sub(rb"\1", line))
            after_blank = not line.strip()
            place += len(line)
    if start:
        yield start, from_line, begun, b"".join(lines)


def _whole(path: Path) -> bytes:
    return path.read_bytes()


def _mail_at(path: Path, start: int) -> bytes:
    """The mail whose From line begins at a byte."""
    for _line, _from_line, _start, data in _split(path, at=start):
        return data
    raise ImportRowError("The mailbox has changed since it was read.")


def _from_line_time(line: bytes) -> datetime | None:
    words = line.decode("ascii", "replace").split()
    try:
        return datetime.strptime(" ".join(words[2:7]), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _tickets(
    mails: Sequence[Mail], sources: Sequence[Source], own_addresses: Collection[str]
) -> Iterator[ParsedTicket]:
    read = {id(mail): source for mail, source in zip(mails, sources, strict=True)}
    again = MailFiles()
    own = frozenset(address.lower() for address in own_addresses)
    for thread in _threads(mails):
        roles = _roles(thread, own)
        customer = next((m for m, role in zip(thread, roles, strict=True) if role is Role.CUSTOMER), thread[0])
        first = thread[0]
        messages = [Message(role=role, text=mail.text, at=mail.at) for mail, role in zip(thread, roles, strict=True)]
        ticket = make_ticket(
            id=first.references[0] if first.references else first.id,
            messages=messages,
            subject=first.subject,
            customer=customer.sender_name,
            contact=customer.sender,
            channel=Channel.EMAIL,
        )
        context = tuple(mail.context for mail in thread)
        files = tuple(
            ArrivingFile(
                message=message,
                name=part.name,
                media_type=part.media_type,
                read=partial(again.read, read[id(mail)], part),
            )
            for mail, message in zip(thread, messages, strict=True)
            for part in mail.files
        )
        yield ParsedTicket(ticket=ticket, file=first.file, line=first.line, context=context, files=files)


def _threads(mails: Sequence[Mail]) -> list[list[Mail]]:
    """Mails grouped by the ids they share, each group in order of time, groups in order of their first mail."""
    root: dict[str, str] = {}

    def find(item: str) -> str:
        while root.setdefault(item, item) != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for mail in mails:
        for reference in mail.references:
            root[find(reference)] = find(mail.id)
    groups: dict[str, dict[str, Mail]] = {}
    for mail in mails:
        groups.setdefault(find(mail.id), {}).setdefault(mail.id, mail)  # the same mail twice counts once
    return [sorted(group.values(), key=lambda mail: mail.at) for group in groups.values()]


def _roles(thread: Sequence[Mail], own: frozenset[str]) -> list[Role]:
    """Who wrote each mail. Where the shop's addresses are unknown, the first mail's recipients are the shop."""
    if any(mail.sender in own for mail in thread) or own & thread[0].recipients:
        return [Role.AGENT if mail.sender in own else Role.CUSTOMER for mail in thread]
    first = thread[0]
    shop = first.recipients - {first.sender}
    domains = {address.rpartition("@")[2] for address in shop} - {first.sender.rpartition("@")[2]}
    return [
        Role.AGENT
        if mail.sender != first.sender and (mail.sender in shop or mail.sender.rpartition("@")[2] in domains)
        else Role.CUSTOMER
        for mail in thread
    ]
