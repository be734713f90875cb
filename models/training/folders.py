"""Folders that appear whole or not at all."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.training.errors import UnusableError

_PATIENCE = 10  # seconds


@contextmanager
def working(work: Path | None) -> Iterator[Path]:
    """The folder `work`, made where it is missing; without one a temporary folder."""
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
        yield work
    else:
        with tempfile.TemporaryDirectory(prefix="agent-assist-training-") as made:
            yield Path(made)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`, whose place it takes when the block ends well; else all is as it was."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield fresh
        fresh.chmod(0o755)  # mkdtemp made it private to one user
        old = fresh.with_name(fresh.name + ".old")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process is inside such a block of this folder. Waits a little for one whose reader was killed.

    Raises `UnusableError` where another one stays. Where the system has no `fcntl` nothing is guarded.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder / "lock").open("w") as file:
        for waited in range(_PATIENCE * 10):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if waited == _PATIENCE * 10 - 1:
                    raise UnusableError(
                        "The same training goes on in another process; wait for it or end it."
                    ) from error
                time.sleep(0.1)
        yield
