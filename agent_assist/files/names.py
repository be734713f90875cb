"""File names that come from outside, made safe to give to a file on any system."""

import re
import unicodedata

from agent_assist.files.text import one_line

_LONGEST = 120
# Separators, what Windows forbids, and characters that turn the reading direction ("gpj.exe" for "exe.jpg") or hide.
_FORBIDDEN = re.compile(r"[\\/:*?\"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)


def safe_file_name(name: str, *, fallback: str = "file") -> str:
    """`name` without folders, hidden characters and what a system reserves; at most 120 characters, its suffix kept.

    `fallback` where nothing is left of it.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = _FORBIDDEN.sub("", one_line(last)).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        stem, suffix = clean, ""
    stem = stem.rstrip(" .")
    if not stem:
        stem, suffix = (fallback, suffix) if clean else (fallback, "")
    if stem.casefold() in _RESERVED:
        stem = f"_{stem}"
    suffix = suffix[:16]
    room = _LONGEST - len(suffix) - 1
    return f"{stem[:room].rstrip(' .')}.{suffix}" if suffix else stem[:_LONGEST]
