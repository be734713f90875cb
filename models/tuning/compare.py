"""The same rows over several encoders: one table, and the best is the model that is kept (`train … --compare`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from models.training.config import TrainConfig
from models.training.dataset.rows import Row, usable
from models.training.encoders import find_encoder
from models.training.errors import UnusableError
from models.training.run import Outcome, Report, train
from models.tuning.costs import size_of, speeds_of
from models.tuning.finish import publish
from models.tuning.table import Table, as_markdown, entry_of, figures_of, tell
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
    found: list[Outcome] = []
    for number, name in enumerate(names):
        report({"event": "progress", "stage": "encoders", "done": number, "total": len(names)})
        place = work / f"encoder-{number}"
        outcome = train(
            task, rows, msgspec.structs.replace(base, encoder=name), place / out.name,
            models=models, report=_named(report, name), validation=validation, work=place / "work",
        )  # fmt: skip
        found.append(outcome)
    report({"event": "progress", "stage": "encoders", "done": len(names), "total": len(names)})
    table = _table(names, found, models)
    tell(table, report)
    best = max(found, key=lambda one: one.score)
    section = _SECTION.format(count=len(table.rows), table=as_markdown(table))
    card = publish(best.folder, out, {"compared": msgspec.to_builtins(table)}, section=section)
    return Outcome(score=best.score, card=card, folder=out)


def _table(names: Sequence[str], found: Sequence[Outcome], models: Path) -> Table:
    trunks = [find_model(models, str(outcome.folder))[1] for outcome in found]
    costs = zip(map(size_of, trunks), speeds_of(trunks), strict=True)
    rows = [
        entry_of(name or str(one.card["encoder"]), _how(one.card), figures_of(one.card), *cost)
        for name, one, cost in zip(names, found, costs, strict=True)
    ]
    return Table(note=str(found[0].card["measured_on"]), rows=tuple(rows))


def _how(card: Mapping[str, Any]) -> str:
    return _HOW[card["trunk"]] + (f", {card['epochs']} epochs" if card["epochs"] else "")


def _named(report: Report, name: str) -> Report:
    """Parts behind the name of their encoder."""

    def tell_named(event: dict[str, Any]) -> None:
        report({**event, "part": f"{name} {event['part']}"} if "part" in event else event)

    return tell_named
