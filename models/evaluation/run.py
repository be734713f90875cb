"""What is measured, and what came of it: the records that cross the border to the program."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from models.metrics.intervals import Figure, Resampling
from models.metrics.labels import Confusion, LabelScore

Task = Literal["intent", "entities", "understanding", "retrieval"]
LabelMap = dict[str, list[str]]
Tell = Callable[[dict[str, Any]], None]
"""Hears events: {"event": "progress", "stage", "done", "total"}."""


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """RUN.json. `rows` and `corpus` are JSON Lines; `label_map` names for a label of the rows those of the model.

    A report is written to the folder `out` where one is named.
    """

    task: Task
    models: str
    model: str
    rows: str
    corpus: str = ""
    label_map: LabelMap | None = None
    out: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    resamples: int = 1000
    seed: int = 0

    def resampling(self) -> Resampling:
        """How intervals are made."""
        return Resampling(resamples=self.resamples, seed=self.seed)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. `counts` says on how much; `tables` has a row a label for "intent", "entities" and so on."""

    task: Task
    model: str
    version: str
    counts: dict[str, int]
    figures: dict[str, Figure]
    tables: dict[str, tuple[LabelScore, ...]] = {}
    confusion: Confusion | None = None
    warnings: list[str] = []
    resamples: int = 0
    seed: int = 0


def write_report(report: Report, folder: Path) -> None:
    """Write report.json, and confusion.svg where there is something to confuse."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.json"
    fresh = path.with_suffix(".json.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    fresh.replace(path)
    if report.confusion is not None:
        from models.metrics.drawing import draw_confusion

        draw_confusion(report.confusion, folder / "confusion.svg")
