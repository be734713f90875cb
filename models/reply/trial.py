"""Notes which model is being loaded, so that an engine that died over it is not asked to again.

A note lies beside the models while one loads, and is locked by the process that wrote it: one whose lock is free was
left by an engine that died. What is known of such deaths is kept until the model is chosen anew.
"""

import json
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)
# The first may have been the machine's fault: a power cut, or too little memory at that moment.
DEATHS_ALLOWED = 2
DEATHS_FILE = ".deaths.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """How often engines died over a model, and with how many layers on the graphics card the last one."""

    deaths: int
    gpu_layers: int


class Trials:
    """The notes of a models folder. A folder that cannot be written to is used without."""

    def __init__(self, models_dir: Path) -> None:
        self._folder = models_dir / "reply"
        self._note = self._folder / f".loading-{os.getpid()}.json"
        self._lock: FileLock | None = None

    def died(self, name: str) -> Death | None:
        """What is known of engines that died over that model since it was added or chosen.

        Notes that dead ones left are counted first.
        """
        with suppress(OSError):
            self._count_left()
        known = _read(self._folder / DEATHS_FILE).get(name)
        if not isinstance(known, dict):
            return None
        card = self._folder / name / "model.json"
        if card.is_file() and card.stat().st_mtime > known.get("at", 0.0):
            return None
        return Death(deaths=int(known.get("deaths", 1)), gpu_layers=int(known.get("gpu_layers", 0)))

    def begin(self, name: str, gpu_layers: int) -> None:
        """The model is tried now."""
        try:
            if self._lock is None:
                lock = FileLock(self._note.with_suffix(".lock"))
                lock.acquire(timeout=0)
                self._lock = lock
            _write(self._note, {"name": name, "gpu_layers": gpu_layers})
        except (OSError, Timeout) as error:
            logger.info("no note is kept of what is loaded: %s", error)

    def end(self) -> None:
        """It works, or this process leaves in order."""
        with suppress(OSError):
            self._note.unlink(missing_ok=True)
            if self._lock is not None:
                self._lock.release()
                Path(self._lock.lock_file).unlink(missing_ok=True)
                self._lock = None

    def leave(self) -> None:
        """The process ends in order, whoever of it is loading: its model is not to blame."""
        with suppress(OSError):
            self._note.unlink(missing_ok=True)
            self._note.with_suffix(".lock").unlink(missing_ok=True)

    def _count_left(self) -> None:
        for note in self._folder.glob(".loading-*.json"):
            if note == self._note and self._lock is not None:
                continue
            lock = FileLock(note.with_suffix(".lock"))
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue  # that engine lives
            try:
                left = _read(note)
                if isinstance(name := left.get("name"), str):
                    self._add(name, int(left.get("gpu_layers", 0)))
                note.unlink(missing_ok=True)
            finally:
                lock.release()
                Path(lock.lock_file).unlink(missing_ok=True)

    def _add(self, name: str, gpu_layers: int) -> None:
        path = self._folder / DEATHS_FILE
        known = _read(path)
        before = known.get(name)
        # Deaths on the graphics card say nothing of the CPU.
        deaths = 1
        if isinstance(before, dict) and before.get("gpu_layers") == gpu_layers:
            deaths += int(before.get("deaths", 0))
        known[name] = {"deaths": deaths, "gpu_layers": gpu_layers, "at": time.time()}
        _write(path, known)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
