"""Which files a list of paths means, and whether a file may be read at all."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from agent_assist.files.rows import MAX_FILE_BYTES, RejectedRow


def walk(paths: Iterable[Path]) -> Iterator[Path]:
    """The files among `paths`, folders opened recursively in sorted order; hidden files and folders are left out."""
    for path in paths:
        if path.is_dir():
            children = sorted(child for child in path.iterdir() if not child.name.startswith((".", "~$")))
            # A link to a folder above would never end.
            yield from walk(child for child in children if not (child.is_symlink() and child.is_dir()))
        else:
            yield path


def refuse(path: Path, *, binary: bool = False) -> RejectedRow | None:
    """Why `path` cannot be read at all (missing, too large, empty, or binary where that is no kind of its own)."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        return rejected(path, f"The file cannot be opened: {error.strerror or error}.")
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1_000_000
        return rejected(path, f"The file has {size // 1_000_000} MB, more than {limit} MB; split it and try again.")
    if not size:
        return rejected(path, "The file is empty.")
    if not binary and path.suffix.lower() not in {".xlsx", ".xlsm"} and _is_binary(head):
        return rejected(path, "The file holds binary data, not text.")
    return None


def rejected(path: Path, reason: str, *, line: int = 0) -> RejectedRow:
    """A rejection that names `path`."""
    return RejectedRow(file=str(path), line=line, reason=reason)


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 text is full of zero bytes
        return False
    return b"\x00" in head or head.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0"))
