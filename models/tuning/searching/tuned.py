"""Search first, then train what is kept by the best configuration: `agent-assist train … --search`."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.run import Outcome, Report, train
from models.tuning.finish import markdown, publish
from models.tuning.searching.search import Found, Plan, search
from models.tuning.searching.study import TrialRow

_TRIALS_FILE = "trials.jsonl"
_SECTION = """\
## Search
{method} search of {count} configurations beside the one that was given, each trained and measured on {folds} folds. The
best one came to a mean score of {score:.3f} ({values}). A score that was chosen among many flatters; the figures above
were measured anew.

{table}"""


def search_and_train(
    task: str,
    rows: Sequence[Row],
    base: TrainConfig,
    plan: Plan,
    out: Path,
    *,
    models: Path,
    report: Report,
    validation: Sequence[Row] | None = None,
    work: Path,
) -> Outcome:
    """The artefact of the best configuration, whose card tells of the search and has its trials beside it."""
    found = search(task, rows, base, plan, models=models, folder=work / "search", report=report)
    outcome = train(
        task, rows, found.config, work / "best" / out.name,
        models=models, report=report, validation=validation, work=work / "final",
    )  # fmt: skip
    fields = {
        "search": {
            "method": plan.method,
            "trials": len(found.trials) - 1,
            "folds": found.folds,
            "score": found.score,
            "as_given": found.trials[0].score,
            "best": found.values,
        }
    }
    lines = "".join(msgspec.json.encode(row).decode() + "\n" for row in found.trials)
    card = publish(outcome.folder, out, fields, section=_section(found, plan), files={_TRIALS_FILE: lines})
    return Outcome(score=outcome.score, card=card, folder=out)


def _section(found: Found, plan: Plan) -> str:
    best_first = sorted(found.trials, key=lambda row: (row.score is None, -(row.score or 0.0)))
    return _SECTION.format(
        method={"grid": "Grid", "random": "Random", "bayes": "Bayesian (TPE)"}[plan.method],
        count=len(found.trials) - 1,
        folds=found.folds,
        score=found.score,
        values=_told(found.values) or "as it was given",
        table=markdown(("trial", "state", "score", "folds", "values"), [_cells(row) for row in best_first]),
    )


def _cells(row: TrialRow) -> tuple[str, ...]:
    score = "" if row.score is None else f"{row.score:.3f}"
    return (
        str(row.number),
        row.state,
        score,
        " ".join(f"{one:.3f}" for one in row.folds),
        _told(row.values) if row.number else "as given",
    )


def _told(values: dict[str, object]) -> str:
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()
    )
