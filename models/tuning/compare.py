"""The same rows over several encoders: one table, and the best is the model that is kept (`train … --compare`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from models.training.config import TrainConfig
from models.training.encoders import find_encoder
from models.training.errors import UnusableError
from models.training.rows import Row, usable
from models.training.run import Outcome, Report, train
from models.tuning.finish import publish
from models.tuning.table import Entry, Table, as_markdown, entry_of, figures_of, tell
from models.understanding.predictor import find_model

_HOW = {"frozen": "trunk as it is", "full": "trunk tuned", "lora": "trunk tuned by adapters"}
_SECTION = """\
## Compared
This model is the best of {count} encoders on the same rows and folds. {table}"""


def compare(
    task: str,
    rows: Sequence[Row],
    base: TrainConfig,
    encoders: Sequence[str],
    out: Path,
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    work: Path,
) -> Outcome:
    """Train on each encoder, tell the table, and keep the model with the best score as `out`.

    The folds depend on rows and seed alone, so that they are the same for all. Raises `UnusableError` with a sentence,
    for an encoder that cannot be used before anything is trained.
    """
    names = list(dict.fromkeys(encoders))
    if len(names) < 2:
        raise UnusableError("Comparing needs two different encoders at least.")
    if base.processes > 1:
        raise UnusableError("Comparing runs in one process; leave processes out of the configuration.")
    usable(rows, task)
    for name in names:
        find_encoder(models, name)
    found: list[tuple[Entry, Outcome]] = []
    for number, name in enumerate(names):
        report({"event": "progress", "stage": "encoders", "done": number, "total": len(names)})
        place = work / f"encoder-{number}"
        outcome = train(
            task, rows, msgspec.structs.replace(base, encoder=name), place / out.name,
            models=models, report=_named(report, name), validation=validation, work=place / "work",
        )  # fmt: skip
        found.append((_entry(name, outcome, models), outcome))
    report({"event": "progress", "stage": "encoders", "done": len(names), "total": len(names)})
    table = Table(note=str(found[0][1].card["measured_on"]), rows=tuple(entry for entry, _ in found))
    tell(table, report)
    best = max((outcome for _, outcome in found), key=lambda one: one.score)
    section = _SECTION.format(count=len(table.rows), table=as_markdown(table))
    card = publish(best.folder, out, {"compared": msgspec.to_builtins(table)}, section=section)
    return Outcome(score=best.score, card=card, folder=out)


def _entry(name: str, outcome: Outcome, models: Path) -> Entry:
    card = outcome.card
    told = _HOW[card["trunk"]] + (f", {card['epochs']} epochs" if card["epochs"] else "")
    return entry_of(name or str(card["encoder"]), told, figures_of(card), find_model(models, str(outcome.folder))[1])


def _named(report: Report, name: str) -> Report:
    """Parts behind the name of their encoder."""

    def tell_named(event: dict[str, Any]) -> None:
        report({**event, "part": f"{name} {event['part']}"} if "part" in event else event)

    return tell_named
