"""The files that came with messages; encrypted with the profile, each content stored once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent_assist.domain.attachments import Attachment, AttachmentFault, AttachmentKind
from agent_assist.domain.tickets import Message
from agent_assist.errors import AgentAssistError, InputError, NotFoundError
from agent_assist.storage.codec import to_micros
from agent_assist.storage.connection import Connection, Row
from agent_assist.storage.database import Database
from agent_assist.storage.threads import ticket_key

# Mail servers take up to 25 MB as a rule; a film of a broken drum fits, a disk image does not.
MOST_BYTES = 30_000_000
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file of `message`; `read` is called on the writer's thread, and may raise `OSError` or `AgentAssistError`."""

    message: Message
    name: str
    media_type: str
    read: Callable[[], bytes]


class AttachmentStore:
    """Attachments of a profile."""

    def __init__(self, database: Database) -> None:
        """Work on an open database."""
        self._database = database

    async def add(self, ticket_id: str, files: Sequence[NewFile]) -> None:
        """Store the files of a ticket's messages that are not stored yet. Raises `NotFoundError`.

        A file over `MOST_BYTES`, or one that is gone, is kept by name with the reason.
        """
        await self._database.write(lambda connection: _add(connection, ticket_key(connection, ticket_id), files))

    async def of(self, ticket_id: str) -> tuple[Attachment, ...]:
        """A ticket's attachments in order. Raises `NotFoundError`."""
        return await self._database.read(
            lambda connection: load_attachments(connection, ticket_key(connection, ticket_id))
        )

    async def get(self, attachment_id: int) -> Attachment:
        """One attachment. Raises `NotFoundError`."""
        return await self._database.read(lambda connection: _attachment(_row(connection, attachment_id)))

    async def content(self, attachment_id: int) -> bytes:
        """The bytes. Raises `NotFoundError`, `InputError` where they were not kept."""
        return await self._database.read(lambda connection: _content(connection, attachment_id))


def load_attachments(connection: Connection, key: int) -> tuple[Attachment, ...]:
    """The attachments of the ticket at a key."""
    rows = connection.execute("SELECT * FROM attachments WHERE ticket_key = ? ORDER BY message_index, position", (key,))
    return tuple(_attachment(row) for row in rows)


def picture_type(body: bytes) -> str:
    """The media type of a picture that can be shown, by its first bytes; "" for anything else."""
    for head, media_type in _PICTURES:
        if body.startswith(head):
            return media_type
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


def _add(connection: Connection, key: int, files: Sequence[NewFile]) -> None:
    counts: dict[int, int] = {}
    for file in files:
        index = _index_of(connection, key, file.message)
        if index is None:
            continue
        position = counts[index] = counts.get(index, -1) + 1
        known = connection.execute(
            "SELECT fault FROM attachments WHERE ticket_key = ? AND message_index = ? AND position = ?",
            (key, index, position),
        ).fetchone()
        if known is None or known["fault"] == AttachmentFault.UNREADABLE:
            _put(connection, key, index, position, file)


def _put(connection: Connection, key: int, index: int, position: int, file: NewFile) -> None:
    fault, body = None, b""
    try:
        body = file.read()
    except (OSError, AgentAssistError):
        fault = AttachmentFault.UNREADABLE
    if len(body) > MOST_BYTES:
        fault = AttachmentFault.TOO_LARGE
    seen = picture_type(body)
    digest = None
    if fault is None:
        digest = hashlib.sha256(body).hexdigest()
        connection.execute("INSERT OR IGNORE INTO attachment_bodies (digest, body) VALUES (?, ?)", (digest, body))
    connection.execute(
        """INSERT OR REPLACE INTO attachments
        (ticket_key, message_index, position, name, media_type, size, kind, fault, digest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            key,
            index,
            position,
            file.name,
            seen or file.media_type,
            len(body),
            AttachmentKind.PICTURE if seen else AttachmentKind.FILE,
            fault,
            digest,
        ),
    )


def _index_of(connection: Connection, key: int, message: Message) -> int | None:
    """Where a message stands in the thread, which may hold replies that its source does not know."""
    rows = connection.execute(
        "SELECT idx, at, text FROM messages WHERE ticket_key = ? AND role = ? ORDER BY idx", (key, message.role.value)
    )
    same = [row for row in rows if row["text"].strip() == message.text.strip()]
    exact = [row for row in same if row["at"] == to_micros(message.at)]
    found = next(iter(exact or same), None)
    return int(found["idx"]) if found is not None else None


def _row(connection: Connection, attachment_id: int) -> Row:
    row: Row | None = connection.execute("SELECT * FROM attachments WHERE key = ?", (attachment_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no attachment {attachment_id} in this profile.")
    return row


def _content(connection: Connection, attachment_id: int) -> bytes:
    row = _row(connection, attachment_id)
    if row["digest"] is None:
        raise InputError(
            f"The bytes of {row['name']} were not kept ({row['fault']}); ask the customer to send it anew."
        )
    body = connection.execute("SELECT body FROM attachment_bodies WHERE digest = ?", (row["digest"],)).fetchone()
    return bytes(body["body"])


def _attachment(row: Row) -> Attachment:
    return Attachment(
        id=row["key"],
        message_index=row["message_index"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        kind=AttachmentKind(row["kind"]),
        fault=AttachmentFault(row["fault"]) if row["fault"] else None,
    )
