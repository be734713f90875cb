"""Copies a user's model files beside the others: whole or not at all, checked for room, hashed on the way."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from agent_assist.errors import InputError, StorageFaultError

_BLOCK = 1 << 20
_PREFIX = ".new-"
# Room that stays free on the disk, for the profile's own writes.
KEPT_FREE = 200_000_000


@contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """An empty folder that becomes `target` when the block ends well.

    What a program left that was killed on the way is swept out first. Raises `InputError` while another program takes
    a model in.
    """
    parent = target.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(parent / ".taking-in.lock")
        lock.acquire(timeout=5)
    except Timeout as error:
        raise InputError("Another program is just adding a model; try again when it is done.") from error
    except OSError as error:
        raise StorageFaultError(f"The folder {parent} cannot be written to: {error.strerror}.") from error
    try:
        for left in parent.glob(f"{_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{target.name}.", dir=parent))
        try:
            yield work
            work.chmod(0o755)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def check_room(folder: Path, needed: int) -> None:
    """Raise `InputError` where the disk of `folder` has not `needed` bytes to spare."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if needed + KEPT_FREE > free:
        raise InputError(
            f"There is not enough room on the disk: the model takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are "
            f"free at {folder}. Remove a model with `agent-assist models remove NAME`, or free some space."
        )


def copy_files(
    names: Mapping[Path, str], work: Path, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, str]:
    """Copy files into `work` under the given relative names; returns name -> SHA-256.

    `progress(done, total)` counts bytes. Raises `InputError` where a file cannot be read, `StorageFaultError` where the
    disk fails.
    """
    total = sum(source.stat().st_size for source in names)
    check_room(work, total)
    hashes: dict[str, str] = {}
    done = 0
    for source, name in names.items():
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            with source.open("rb") as stream, target.open("wb") as out:
                while block := stream.read(_BLOCK):
                    out.write(block)
                    digest.update(block)
                    done += len(block)
                    progress(done, total)
                out.flush()
                os.fsync(out.fileno())  # the folder gets its name after its content is on the disk
        except OSError as error:
            raise StorageFaultError(f"{source.name} could not be copied: {error.strerror}.") from error
        hashes[name] = digest.hexdigest()
    return hashes
