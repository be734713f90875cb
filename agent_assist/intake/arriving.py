"""Files that come with messages: named while a mail is parsed, read only when they are stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage, Message
from functools import partial
from pathlib import Path

from agent_assist.domain import tickets
from agent_assist.errors import ImportRowError
from agent_assist.files.encoding import decode
from agent_assist.files.names import safe_file_name

# More files than this in one mail are no customer's pictures.
MOST_FILES = 50
# Parts that belong to a mail's own machinery.
_MACHINERY = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_NAME = re.compile(r"(?:file)?name\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "text/calendar": "ics"}

Words = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """The `number`-th leaf of a mail (from 0), which is a file; `name` is safe."""

    number: int
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingFile:
    """A file of `message`. `read` gives its bytes, and raises `OSError` or `ImportRowError` where they are gone."""

    message: tickets.Message
    name: str
    media_type: str
    read: Callable[[], bytes]


def file_parts(message: EmailMessage | Message, *, is_body: Callable[[Message], bool], words: Words) -> list[FilePart]:
    """The files of a mail, those with a name of their own before pictures that its text embeds (logos, mostly)."""
    found: list[tuple[bool, FilePart]] = []
    for number, part in enumerate(_leaves(message)):
        kind = part.get_content_type()
        if kind in _MACHINERY or (kind != "message/rfc822" and (is_body(part) or _is_alternative(part))):
            continue
        embedded = bool(part.get("content-id")) and not _disposition(part).startswith("attachment")
        name = _name(part, words) or _made_name(part, number)
        found.append((embedded, FilePart(number=number, name=name, media_type=kind)))
    found.sort(key=lambda pair: pair[0])
    return [part for _, part in found][:MOST_FILES]


def part_bytes(message: EmailMessage | Message, number: int) -> bytes:
    """The bytes of a mail's `number`-th leaf. Raises `ImportRowError` where there is none."""
    leaves = _leaves(message)
    if number >= len(leaves):
        raise ImportRowError("The mail has changed since it was read.")
    part = leaves[number]
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")


def file_beside(source: Path, given: str) -> Callable[[], bytes] | None:
    """Reads a file that a row names: under the row's own folder only. None for any other place."""
    folder = source.absolute().parent
    path = (folder / given).resolve()
    if not given.strip() or not path.is_relative_to(folder.resolve()):
        return None
    return partial(_read_file, path)


def _read_file(path: Path) -> bytes:
    return path.read_bytes()


def _leaves(message: Message) -> list[Message]:
    """All parts that hold something, in order; a mail inside a mail is one."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        return [message]
    parts = message.get_payload()
    return (
        [leaf for part in parts if isinstance(part, Message) for leaf in _leaves(part)]
        if isinstance(parts, list)
        else []
    )


def _is_alternative(part: Message) -> bool:
    """A text without a name is another form of the body, a delivery report or the like."""
    return (
        part.get_content_maintype() == "text"
        and not _disposition(part).startswith("attachment")
        and not _raw_name(part)
    )


def _disposition(part: Message) -> str:
    return str(part.get("content-disposition", "")).strip().lower()


def _raw_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (HeaderParseError, MessageError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def _name(part: Message, words: Words) -> str:
    name = _raw_name(part)
    if not name or "\ufffd" in name:  # raw bytes of some charset, which the header parser gives up
        for header, value in part.raw_items():
            if header.lower() in {"content-disposition", "content-type"} and (match := _NAME.search(str(value))):
                raw = match[1] or match[2]
                name = decode(raw.encode("utf-8", "surrogateescape")) if re.search("[\udc80-\udcff]", raw) else raw
                break
    return safe_file_name(words(name), fallback="") if name else ""


def _made_name(part: Message, number: int) -> str:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return f"mail-{number}.eml"
    return f"file-{number}.{_SUFFIXES.get(kind, 'bin')}"
