"""The process in which what other people made is read or decoded: how it is started, and what it may not do.

Whatever a file does to the libraries, it does it in there: bounded in memory, unable to write, without our secrets.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_FROZEN_NAME = "agent-assist-reader"
_SECRETS = ("PASSPHRASE", "PASSWORD", "TOKEN", "SECRET", "_KEY")


def command(module: str, *, frozen: Sequence[str] = ()) -> list[str]:
    """Command line of a child: this interpreter with `module`, or the executable beside a frozen one with `frozen`."""
    if getattr(sys, "frozen", False):
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).with_name(_FROZEN_NAME + suffix)), *frozen]
    # -P: a folder named `agent_assist` where the user happens to be must not stand in for ours.
    return [sys.executable, "-P", "-m", module]


def environment() -> dict[str, str]:
    """Ours without what is none of the child's business, should a file take it over."""
    return {name: value for name, value in os.environ.items() if not name.upper().endswith(_SECRETS)}


def own_output() -> BinaryIO:
    """In the child: standard output for the replies alone. What a library prints must not stand between them."""
    sys.stdout.flush()
    replies = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    return replies


def limit(memory_bytes: int) -> None:
    """In the child: bounds on memory, files written and core dumps, where the system has them."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (("RLIMIT_AS", memory_bytes), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        with suppress(ValueError, OSError, AttributeError):  # macOS refuses some of them
            resource.setrlimit(getattr(resource, name), (most, most))


def send(replies: BinaryIO, message: bytes) -> None:
    """In the child: write to the parent; ends the process where that one is gone."""
    try:
        replies.write(message)
        replies.flush()
    except BrokenPipeError:  # nobody is left to hear of it
        os._exit(0)
