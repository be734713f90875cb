"""One configuration's score: the mean over folds, each read by what was trained without it."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.dataset.split import Part
from models.training.run import Report, train
from models.understanding.choice import TRUNK_FOLDER
from models.understanding.heads import CARD_FILE, WEIGHTS_FILE

Told = Callable[[float, int], None]
"""Hears a score on the way, and at which of the `STOPS` of all folds; what it raises ends the trial."""
# Points of a fold at which trials are compared: three while the trunk is tuned, one at its end.
STOPS = 4
# Intervals of a trial are thrown away.
_RESAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Where and on what configurations are tried; folds that are done are found again after a kill."""

    task: str
    rows: Sequence[Row]
    folds: Sequence[Part]
    models: Path
    folder: Path

    def score(self, config: TrainConfig, *, told: Told, report: Report) -> float:
        """Mean main score over the folds. Raises what `told` raises, and `UnusableError`."""
        config = msgspec.structs.replace(config, resamples=_RESAMPLES)
        place = self.folder / _key(config)
        scores = []
        for number, fold in enumerate(self.folds):
            watch = _Watch(told=told, report=report, before=STOPS * number)
            scores.append(self._fold(place / fold.name, fold, config, watch))
            told(scores[-1], STOPS * (number + 1))
        return sum(scores) / len(scores)

    def forget(self, config: TrainConfig) -> None:
        """What a trial that was given up has left."""
        shutil.rmtree(self.folder / _key(msgspec.structs.replace(config, resamples=_RESAMPLES)), ignore_errors=True)

    def _fold(self, place: Path, fold: Part, config: TrainConfig, watch: "_Watch") -> float:
        inside, outside = ([self.rows[index] for index in chosen] for chosen in (fold.inside, fold.outside))
        outcome = train(
            self.task, inside, config, place / "model",
            models=self.models, report=watch, validation=outside, work=place / "work",
        )  # fmt: skip
        # The card stays, which says that the fold is done; the weights are of no use.
        shutil.rmtree(place / "work", ignore_errors=True)
        shutil.rmtree(place / "model" / TRUNK_FOLDER, ignore_errors=True)
        (place / "model" / WEIGHTS_FILE).unlink(missing_ok=True)
        assert (place / "model" / CARD_FILE).is_file()
        return float(outcome.card["score"])  # as a fold says that is found again


@dataclass(slots=True, kw_only=True)
class _Watch:
    """Passes a fold's events on, and tells the scores of its epochs."""

    told: Told
    report: Report
    before: int
    stop: int = 0

    def __call__(self, event: dict[str, Any]) -> None:
        self.report(event)
        if event["event"] != "epoch":
            return
        stop = STOPS * event["epoch"] // event["epochs"]
        scores = [value for name, value in event.items() if name not in {"event", "part", "epoch", "epochs"}]
        if scores and self.stop < stop < STOPS:
            self.stop = stop
            self.told(float(scores[0]), self.before + stop)


def _key(config: TrainConfig) -> str:
    told = msgspec.json.encode(msgspec.to_builtins(config), order="deterministic")
    return hashlib.sha256(told).hexdigest()[:16]
