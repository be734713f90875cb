"""What there is in a folder now, and how that differs from what was read of it. Runs on the reading thread."""

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent_assist.domain.sources import FileState, SourceFile

# So many, and more than half of all.
_MANY = 10
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file as it is now. `known` is what was read of it, also under another name."""

    name: str
    size: int
    mtime_ns: int
    known: SourceFile | None = None

    @property
    def path(self) -> Path:
        """Made only of files that are read: there may be thousands."""
        return Path(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All files below a source. `blind` are folders that could not be looked into, `problem` is why there is nothing
    to see: what lay there counts as neither gone nor changed."""

    files: tuple[Found, ...] = ()
    blind: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Files to read, files that only look changed, files that are gone, and files that cannot be opened now."""

    read: tuple[Found, ...] = ()
    touched: tuple[Found, ...] = ()
    gone: tuple[SourceFile, ...] = ()
    problem: str = ""


def look(root: Path) -> Seen:
    """Look at a file, or at all files below a folder; hidden ones and links to folders are left out."""
    try:
        if not root.is_dir():
            stat = root.stat()
            return Seen(files=(Found(name=str(root), size=stat.st_size, mtime_ns=stat.st_mtime_ns),))
    except OSError as error:
        return Seen(problem=f"It cannot be reached: {error.strerror or error}.")
    blind: list[str] = []
    files = tuple(_below(str(root), blind))
    if str(root) in blind:
        return Seen(problem="The folder cannot be opened. Check its permissions.")
    return Seen(files=files, blind=tuple(blind))


def _below(folder: str, blind: list[str]) -> Iterator[Found]:
    try:
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        blind.append(folder)
        return
    for child in children:
        if child.name.startswith((".", "~$")):
            continue
        try:
            if child.is_dir():
                if not child.is_symlink():  # a link to a folder above would never end
                    yield from _below(child.path, blind)
                continue
            stat = child.stat()
        except OSError:
            continue  # it went while we looked
        yield Found(name=child.path, size=stat.st_size, mtime_ns=stat.st_mtime_ns)


def compare(
    seen: Seen,
    known: Sequence[SourceFile],
    *,
    scheme: str,
    again: Collection[int] = (),
    sure: bool = False,
    settled_before_ns: int | None = None,
) -> Changes:
    """What to do about a source. Files whose size and time are as they were are not opened, `again` (keys) excepted.

    A file of another time but the same bytes is only touched; one of a new name with the bytes of one that is gone is
    the same file. When everything is gone, or very much and nobody is `sure` of it, nothing is: the drive may be away.
    Files that changed after `settled_before_ns` may still be being written and are left for the next look.
    """
    there = {one.name: one for one in seen.files}
    before = {one.path: one for one in known}
    gone = [one for one in known if one.path not in there and not _hidden(one.path, seen.blind)]
    problem = seen.problem or _too_much_gone(len(gone), len(known), sure, empty=not there)
    if problem:
        gone = []
    read, touched = list[Found](), list[Found]()
    for path, one in there.items():
        old = before.get(path)
        if settled_before_ns is not None and one.mtime_ns > settled_before_ns:
            continue
        if old is None or old.key in again or old.scheme != scheme:
            read.append(replace(one, known=old))
        elif (old.size, old.mtime_ns) != (one.size, one.mtime_ns):
            (touched if _same_bytes(one, old) else read).append(replace(one, known=old))
    if gone:
        read, gone = _renamed(read, gone)
    return Changes(read=tuple(read), touched=tuple(touched), gone=tuple(gone), problem=problem)


def sha256(path: Path) -> str:
    """Hash of a file's bytes. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def many_gone(gone: int, known: int) -> bool:
    """Whether so many things that vanish together are rather a mistake or a drive that is away than meant."""
    return gone >= _MANY and gone * 2 > known


def _too_much_gone(gone: int, known: int, sure: bool, *, empty: bool) -> str:
    if gone and empty:
        return "It is empty now. The articles of its files are kept until the files are back or the source is removed."
    if not sure and many_gone(gone, known):
        return (
            f"{gone} of its {known} files are gone at once. Their articles are kept; if the files are to be gone, "
            "`agent-assist knowledge reindex` takes the articles out."
        )
    return ""


def _hidden(path: str, blind: Sequence[str]) -> bool:
    return any(path.startswith(folder + os.sep) for folder in blind)


def _same_bytes(found: Found, old: SourceFile) -> bool:
    if old.state is not FileState.READ or old.size != found.size:
        return False
    return _hash_or_nothing(found.path) == old.sha256


def _renamed(read: Sequence[Found], gone: Sequence[SourceFile]) -> tuple[list[Found], list[SourceFile]]:
    """New files that are known under a name that is gone."""
    lost = {one.sha256: one for one in gone if one.sha256}
    sizes = {one.size for one in lost.values()}
    result = []
    for found in read:
        if found.known is None and found.size in sizes:
            old = lost.pop(_hash_or_nothing(found.path), None)
            found = replace(found, known=old)
        result.append(found)
    renamed = {found.known.key for found in result if found.known}
    return result, [one for one in gone if one.key not in renamed]


def _hash_or_nothing(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""
