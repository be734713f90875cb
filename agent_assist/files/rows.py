"""What a reader reports about a row it cannot use, and the limits that keep one file from eating the machine."""

from dataclasses import dataclass

# A support message of a million bytes is a log or a picture pasted as text; no agent reads it.
MAX_TEXT_BYTES = 1_000_000
# Larger exports are split by every shop system we know of; the limit keeps a wrong file from running for hours.
MAX_FILE_BYTES = 200_000_000
# An XLSX file is a zip archive; this bounds what it may unpack to.
MAX_UNPACKED_BYTES = 600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that was left out. `line` counts from 1 and is 0 where the whole file is meant; `reason` is a sentence."""

    file: str
    line: int
    reason: str


def too_long(text: str) -> bool:
    """True when `text` is over `MAX_TEXT_BYTES` in UTF-8."""
    if len(text) * 4 <= MAX_TEXT_BYTES:
        return False
    return len(text) > MAX_TEXT_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES
