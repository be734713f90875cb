"""Cleaning of text that comes from outside, and ids made of content."""

import hashlib
import re
from collections.abc import Iterable

# Control characters break displays and full text; tab and line feed are kept. Surrogates cannot be stored as UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n(?:[ \t\u3000]*\n)+")


def clean_text(text: str) -> str:
    """Line ends as line feeds, control characters gone, runs of blank lines to one, no space at either end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _BLANK_LINES.sub("\n\n", _CONTROL.sub("", text)).strip()


def one_line(text: str) -> str:
    """`text` cleaned, all white space as single blanks; for subjects and names."""
    return " ".join(clean_text(text).split())


def content_id(prefix: str, parts: Iterable[str]) -> str:
    """A stable id, so that reading the same row again gives the same ticket: `prefix`, "-", 20 hex digits."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "replace")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return f"{prefix}-{digest.hexdigest()[:20]}"
