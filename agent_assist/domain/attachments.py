"""Files that came with a message."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class AttachmentKind(StrEnum):
    """By the bytes, never by the name: a picture that can be shown, or any other file."""

    PICTURE = "picture"
    FILE = "file"


class AttachmentFault(StrEnum):
    """Why a file's bytes were not kept: over the limit, or not to be had when the mail was stored."""

    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"


class PictureFault(StrEnum):
    """Why a picture is not shown; its file can still be saved."""

    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of message `message_index`. `name` is safe to give to a file, `size` is in bytes.

    `fault` tells why its bytes are not there, None where they are.
    """

    id: int
    message_index: int
    name: str
    media_type: str
    size: int
    kind: AttachmentKind
    fault: AttachmentFault | None = None

    @property
    def risky(self) -> bool:
        """Whether opening the file may run a program."""
        return PurePosixPath(self.name.casefold()).suffix in PROGRAMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded picture: `width` x `height` pixels of four bytes (red, green, blue, opacity), rows from the top.

    `full_width` and `full_height` are the file's own.
    """

    width: int
    height: int
    pixels: bytes
    full_width: int
    full_height: int


# What a double click starts, on one system or another; documents with macros and pages with scripts count.
_PROGRAMS = """
    apk app appimage bat cmd com command cpl deb dll docm dotm exe gadget hta htm html inf ipa iso jar js jse lnk mht
    mhtml mjs msc msi msp pif pkg potm ppam ppsm pptm ps1 py pyw reg rpm run scf scr sct sh svg swf url vbe vbs wsc wsf
    wsh xht xhtml xlam xlsm xltm
"""
PROGRAMS = frozenset(f".{suffix}" for suffix in _PROGRAMS.split())
