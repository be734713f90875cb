"""A run's state on disk: whole or not there, and only for the data and configuration that it belongs to."""

import os
import pickle
import time
from pathlib import Path
from typing import Any

import torch

State = dict[str, Any]


class Checkpoint:
    """One file; `save` replaces it at most every `seconds`."""

    def __init__(self, path: Path, *, fingerprint: str, seconds: float) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._seconds = seconds
        self._last = time.monotonic()

    def load(self) -> State | None:
        """The last state; None where there is none of this run."""
        try:
            state: State = torch.load(self._path, weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
            return None
        return state if state.get("fingerprint") == self._fingerprint else None

    @property
    def due(self) -> bool:
        """Whether the last one is old enough."""
        return time.monotonic() - self._last >= self._seconds

    def save(self, state: State) -> None:
        """Write a state; the old one stays until the new one is whole."""
        partial = self._path.with_suffix(".partial")
        with partial.open("wb") as file:
            torch.save(state | {"fingerprint": self._fingerprint}, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)
        self._last = time.monotonic()

    def remove(self) -> None:
        """What it was for is done."""
        self._path.unlink(missing_ok=True)
