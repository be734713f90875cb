"""One process a run folder."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.training.errors import UnusableError

_PATIENCE = 10  # seconds


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
