"""One training run from rows to a folder that the program can use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.training.config import TrainConfig
from models.training.rows import Row

Report = Callable[[dict[str, Any]], None]
"""Hears what happens, one JSON-like event at a time: {"event": "progress" | "step" | "epoch", ...}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to: its main score on rows it had not seen (0 to 1), the card, and the folder of the artefact."""

    score: float
    card: dict[str, Any]
    folder: Path


def train(
    task: str,
    rows: Sequence[Row],
    config: TrainConfig,
    out: Path,
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    work: Path | None = None,
) -> Outcome:
    """Train on `rows` and write the artefact to `out`, complete or not at all.

    `models` is the models folder with the encoders. `validation` are rows to measure on; without them a part of `rows`
    is held out, or they are cross-validated where they are few. `work` keeps checkpoints: the same call goes on from
    them and comes to the same end; without it nothing is kept. Raises `UnusableError` with a sentence.
    """
    raise NotImplementedError
