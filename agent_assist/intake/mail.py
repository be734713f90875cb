"""One e-mail as the few fields a ticket needs, with the labels of Chinese mail programs read as they are meant."""

import email
import email.policy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime

from agent_assist.errors import ImportRowError
from agent_assist.files.encoding import decode
from agent_assist.files.text import clean_text, content_id, one_line
from agent_assist.intake.arriving import FilePart, file_parts, part_bytes
from agent_assist.intake.parsed import body_of, named
from agent_assist.text.html_text import html_to_text
from agent_assist.text.quoting import split_quoted

# Mail programs say "gb2312" and send characters that only its successor has; the same with Big5.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A parsed mail. `references` are the ids it answers, oldest first; addresses are lower case. `files` are named
    only: `MailFiles` reads them."""

    id: str
    references: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: frozenset[str]
    subject: str
    at: datetime
    text: str
    context: str
    file: str
    line: int
    files: tuple[FilePart, ...] = ()


def parse_mail(data: bytes, *, fallback: datetime, file: str, line: int = 0) -> Mail:
    """Read one mail. `fallback` is its time where the Date header is missing or unreadable.

    Raises ImportRowError with the reason where it holds no text to answer.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        headers = _headers(message)
        raw_text = _body(message)
        files = file_parts(message, is_body=_is_body, words=_words)
    except (MessageError, HeaderParseError, LookupError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ImportRowError(f"The mail cannot be read: {type(error).__name__}.", line=line) from error
    if not ({"from", "date", "subject", "message-id", "received"} & headers.keys()):
        raise ImportRowError("The file is no mail: it has none of the usual headers.", line=line)
    subject = one_line(_words(headers.get("subject", "")))
    text, context = split_quoted(body_of(raw_text, line=line))
    if not (text or subject or files):
        raise ImportRowError("The mail has neither a subject nor a text.", line=line)
    name, address = _sender(headers)
    at = _date(headers.get("date", ""), fallback)
    ids = _MESSAGE_ID.findall(headers.get("message-id", ""))
    return Mail(
        id=ids[0] if ids else content_id("mail", (address, subject, headers.get("date", ""), text)),
        references=_references(headers),
        sender=address,
        sender_name=name,
        recipients=frozenset(item for _, item in _addresses(headers.get(field, "") for field in ("to", "cc"))),
        subject=subject,
        at=at,
        text=text or subject or named([part.name for part in files]),
        context=context,
        file=file,
        line=line,
        files=tuple(files),
    )


class MailFiles:
    """Reads the files of mails again; the mail that was read last is kept, since its files are asked for in a row."""

    def __init__(self) -> None:
        self._last: tuple[Callable[[], bytes], EmailMessage | Message] | None = None

    def read(self, source: Callable[[], bytes], part: FilePart) -> bytes:
        """The bytes of one of the `files` of the mail that `source` gives. Raises `ImportRowError` where there is no
        such part any more, `OSError` where the mail is gone."""
        if self._last is None or self._last[0] is not source:
            self._last = source, email.message_from_bytes(source(), policy=email.policy.default)
        return part_bytes(self._last[1], part.number)


def _headers(message: Message) -> dict[str, str]:
    """Raw header values by lower-case name, the first of each; the header parser of the policy guesses charsets."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), re.sub(r"\r?\n(?=[ \t])", "", str(value)))
    return headers


def _sender(headers: dict[str, str]) -> tuple[str, str]:
    """Name and address; a `Reply-To` is what contact forms put the customer's address into."""
    found = _addresses((headers.get("reply-to", ""),)) or _addresses((headers.get("from", ""),))
    name, address = found[0] if found else ("", "")
    own = _addresses((headers.get("from", ""),))
    return name or (own[0][0] if own else "") or address, address


def _addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    pairs = getaddresses([value for value in values if value])
    return [(one_line(_words(name)), address.strip().lower()) for name, address in pairs if "@" in address]


def _references(headers: dict[str, str]) -> tuple[str, ...]:
    found = _MESSAGE_ID.findall(headers.get("references", "")) + _MESSAGE_ID.findall(headers.get("in-reply-to", ""))
    return tuple(dict.fromkeys(found))


def _date(value: str, fallback: datetime) -> datetime:
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return fallback
    # "-0000" says: UTC, zone of the sender unknown (RFC 5322, 3.3).
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _words(value: str) -> str:
    """A header's text with its encoded words (RFC 2047) decoded."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        part if isinstance(part, str) else _decoded(part, charset or "") if charset else _unlabelled(part)
        for part, charset in parts
    )


def _unlabelled(part: bytes) -> str:
    # decode_header hands plain stretches back as raw-unicode-escape, raw 8-bit headers as surrogates in them.
    text = part.decode("raw-unicode-escape", "replace")
    return decode(text.encode("ascii", "surrogateescape")) if re.search("[\udc80-\udcff]", text) else text


def _decoded(data: bytes, charset: str) -> str:
    charset = charset.lower()
    try:
        return data.decode(_MEANT.get(charset, charset))
    except (UnicodeDecodeError, LookupError):
        return decode(data)


def _body(message: EmailMessage | Message) -> str:
    parts = [part for part in message.walk() if _is_body(part)]
    plain = "\n\n".join(filter(None, (clean_text(_part_text(part)) for part in parts if _kind(part) == "text/plain")))
    if plain:
        return plain
    return "\n\n".join(html_to_text(_part_text(part)) for part in parts if _kind(part) == "text/html")


def _kind(part: Message) -> str:
    return part.get_content_type()


def _is_body(part: Message) -> bool:
    disposition = str(part.get("content-disposition", "")).lower()
    return (
        part.get_content_maintype() == "text" and not disposition.startswith("attachment") and not part.get_filename()
    )


def _part_text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    charset = part.get_content_charset()
    return _decoded(payload, charset) if charset and charset != "us-ascii" else decode(payload)
