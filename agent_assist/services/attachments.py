"""Files that came with messages: shown where they are pictures, saved where the agent says so, never opened."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from agent_assist.domain.attachments import Attachment, AttachmentKind, Picture, PictureFault
from agent_assist.errors import InputError, StorageFaultError
from agent_assist.pictures import PictureReader
from agent_assist.storage.attachments import AttachmentStore

_CHOSEN_BY = "[ZoneTransfer]\r\nZoneId=3\r\n"  # "from the internet", as browsers mark what they save


class AttachmentService:
    """A profile's attachments."""

    def __init__(self, *, store: AttachmentStore, reader: PictureReader) -> None:
        self._store = store
        self._reader = reader

    async def of(self, ticket_id: str) -> tuple[Attachment, ...]:
        """A ticket's attachments in the order of its messages. Raises `NotFoundError`."""
        return await self._store.of(ticket_id)

    async def picture(self, attachment_id: int, *, width: int, height: int) -> Picture | PictureFault:
        """A picture at most `width` x `height` pixels large, or why it is not shown. Raises `NotFoundError`."""
        attachment = await self._store.get(attachment_id)
        if attachment.fault is not None:
            return PictureFault.NOT_KEPT
        if attachment.kind is not AttachmentKind.PICTURE:
            return PictureFault.BROKEN
        return await self._reader.read(await self._store.content(attachment_id), width=width, height=height)

    async def save(self, attachment_id: int, out: Path) -> Attachment:
        """Write the bytes to `out`, whole or not at all; never as a program that runs.

        Raises `NotFoundError`, `InputError` where the bytes were not kept or `out` is no place for a file,
        `StorageFaultError` where writing fails.
        """
        attachment = await self._store.get(attachment_id)
        body = await self._store.content(attachment_id)
        _write(out, body)
        return attachment

    async def close(self) -> None:
        """End the process that decodes pictures."""
        await self._reader.close()


def _write(out: Path, body: bytes) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"{out} cannot be written. Name a file in a folder that exists.")
    partial = out.with_name(f"{out.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
        partial.replace(out)
        _mark(out)
    except OSError as error:
        raise StorageFaultError(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _mark(path: Path) -> None:
    """Windows then warns before it opens the file."""
    if sys.platform == "win32":
        with suppress(OSError):
            Path(f"{path}:Zone.Identifier").write_text(_CHOSEN_BY, encoding="ascii")
