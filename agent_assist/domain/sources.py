"""Files and folders that the shop's knowledge comes from, and how far indexing them is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileState(StrEnum):
    """What became of a file: read, not readable, or left out when a person cancelled indexing."""

    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source as it was when it was read; `error` is the last error or remark, a sentence or "".

    `mtime_ns` is -1 where the file was changing while it was read, so that it is looked at again.
    """

    key: int
    path: str
    size: int
    mtime_ns: int
    sha256: str
    scheme: str
    state: FileState
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource:
    """A file or folder that was added. A watched folder is followed: what changes, comes and goes there does so here.

    `wanted`: not gone through to the end since somebody asked for it. `problem` says why it cannot be gone through.
    """

    key: int
    path: str
    watched: bool
    wanted: bool
    problem: str = ""
    checked_at: datetime | None = None
    files: int = 0
    failed: int = 0
    articles: int = 0


class IndexingState(StrEnum):
    """`STOPPED`: something is to be done and nobody does it, since the program that did has ended."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingProgress:
    """How far the indexing job is, also told as an event.

    Passages count since the job began; `seconds_left` is None while it cannot be told. `pid` is the process at work.
    """

    state: IndexingState = IndexingState.IDLE
    files_done: int = 0
    files_total: int = 0
    files_failed: int = 0
    passages: int = 0
    passages_per_second: float = 0.0
    seconds_left: float | None = None
    pid: int = 0
