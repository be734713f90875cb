"""Searches a space for the configuration with the best mean score over folds: every point of a grid, at random, or by a
model of what was good so far (tree-structured Parzen estimators, Bergstra et al. 2011), all by optuna.

A trial that does worse than the median of the others at the same point is given up. A search that was killed goes on
with the trial that it was in, and its folds that were done; the next points depend on the seed and the trials before
alone.
"""

import hashlib
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import optuna
from optuna.trial import TrialState

from models.training.config import TrainConfig
from models.training.dataset.rows import Row, data_hash, usable
from models.training.dataset.split import folds_of
from models.training.errors import UnusableError
from models.training.run import Report
from models.tuning.searching.space import DEFAULT, DEFAULT_GRID, Space, Values, check_worth, choose, configured, grid
from models.tuning.searching.study import (
    Method,
    TrialRow,
    as_row,
    finished,
    fold_scores,
    note_reason,
    open_study,
    sampler,
    set_aside,
)
from models.tuning.searching.trials import Trials

_TRIALS = 20
# Points that are asked for before a space counts as tried out.
_ATTEMPTS = 20
_AS_GIVEN = "as_given"
# What a configuration that drives the weights to infinity may end in.
_DIVERGED = (ValueError, RuntimeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to search: `trials` 0 means every point of a grid, else 20; `space` None the default one."""

    method: Method
    trials: int = 0
    folds: int = 3
    space: Space | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best configuration, what of it was found, its mean score over `folds` folds, and every trial."""

    config: TrainConfig
    values: Values
    score: float
    folds: int
    trials: list[TrialRow]


def search(
    task: str, rows: Sequence[Row], base: TrainConfig, plan: Plan, *, models: Path, folder: Path, report: Report
) -> Found:
    """Search around `base`; `folder` keeps the trials, so that the same call goes on after a kill.

    The configuration as it is is tried too, and stays where nothing is better. Reports {"event": "trial", "total", and
    the fields of `TrialRow`} a trial. Raises `UnusableError` where rows or space cannot be used, or every trial failed.
    """
    own = usable(rows, task)
    if base.processes > 1:
        raise UnusableError("A search runs in one process; leave processes out of the configuration.")
    space = plan.space or (DEFAULT_GRID if plan.method == "grid" else DEFAULT)
    check_worth(space, base)
    folder.mkdir(parents=True, exist_ok=True)
    folds = folds_of(own, folds=plan.folds, seed=base.seed)
    data = _short(task, data_hash(own), plan.folds)
    run = _Search(
        plan=plan,
        space=space,
        base=base,
        study=open_study(folder / "trials.db", _short(data, plan.method, space, base)),
        trials=Trials(task=task, rows=own, folds=folds, models=models, folder=folder / data),
        report=report,
    )
    best = run.go()
    return Found(
        config=configured(base, best.values),
        values=best.values,
        score=best.score or 0.0,
        folds=len(folds),
        trials=run.rows,
    )


@dataclass(slots=True, kw_only=True)
class _Search:
    plan: Plan
    space: Space
    base: TrainConfig
    study: optuna.Study
    trials: Trials
    report: Report
    rows: list[TrialRow] = field(default_factory=list)
    points: list[Values] = field(default_factory=list)
    tried: set[TrainConfig] = field(default_factory=set)
    total: int = 0

    def go(self) -> TrialRow:
        """All trials; returns the best one."""
        if self.plan.method == "grid":
            self.points = grid(self.space, self.base)[: self.plan.trials or None]
        self.total = len(self.points) or self.plan.trials or _TRIALS
        self._note(self._as_given())
        self.tried.add(self.base)
        for number, trial in enumerate(finished(self.study)[: self.total], start=1):
            self.tried.add(configured(self.base, trial.params))
            self._note(as_row(trial, number))
        while len(self.rows) <= self.total and (asked := self._ask()) is not None:
            self._try(*asked)
        done = [row for row in self.rows if row.score is not None]
        if not done:
            raise UnusableError("Every trial failed: " + next(row.reason for row in self.rows[::-1] if row.reason))
        return max(done, key=lambda row: (row.score or 0.0, -row.number))

    def _as_given(self) -> TrialRow:
        """The configuration without the search."""
        kept = self.study.user_attrs.get(_AS_GIVEN)
        if kept is not None:
            return msgspec.convert(kept, TrialRow)
        row = self._tried_as_given()
        self.study.set_user_attr(_AS_GIVEN, msgspec.to_builtins(row))
        return row

    def _tried_as_given(self) -> TrialRow:
        began = time.monotonic()
        told: dict[int, float] = {}
        try:
            score = self.trials.score(self.base, told=lambda value, stop: told.update({stop: value}), report=self._hear)
        except _DIVERGED as error:
            return TrialRow(number=0, state="failed", score=None, values={}, reason=_reason(error))
        return TrialRow(
            number=0,
            state="complete",
            score=round(score, 4),
            values={},
            folds=fold_scores(told),
            seconds=round(time.monotonic() - began, 1),
        )

    def _ask(self) -> tuple[optuna.Trial, TrainConfig] | None:
        """The next configuration; None where none is found that was not tried."""
        before = len(self.rows) - 1
        if self.points and not self.study.get_trials(deepcopy=False, states=[TrialState.WAITING]):
            self.study.enqueue_trial(self.points[before])
        for attempt in range(_ATTEMPTS):
            self.study.sampler = sampler(self.plan.method, self.base.seed, trials=before, attempt=attempt)
            trial = self.study.ask()
            config = configured(self.base, choose(self.space, self.base, trial))
            if self.points or config not in self.tried:
                self.tried.add(config)
                return trial, config
            set_aside(self.study, trial)
        return None

    def _try(self, trial: optuna.Trial, config: TrainConfig) -> None:
        def told(value: float, stop: int) -> None:
            if not math.isfinite(value):
                raise ArithmeticError("the score is no number")
            trial.report(value, stop)
            if trial.should_prune():
                raise optuna.TrialPruned

        try:
            score = self.trials.score(config, told=told, report=self._hear)
            self.study.tell(trial, score)
        except optuna.TrialPruned:
            self.study.tell(trial, state=TrialState.PRUNED)
            self.trials.forget(config)
        except _DIVERGED as error:
            note_reason(trial, _reason(error))
            self.study.tell(trial, state=TrialState.FAIL)
            self.trials.forget(config)
        self._note(as_row(finished(self.study)[-1], len(self.rows)))

    def _note(self, row: TrialRow) -> None:
        self.rows.append(row)
        self.report({"event": "trial", "total": self.total, **msgspec.to_builtins(row)})

    def _hear(self, event: dict[str, Any]) -> None:
        """Of a trial's own events only the epochs."""
        if event["event"] == "epoch":
            self.report({**event, "part": f"trial {len(self.rows)} {event['part']}"})


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _short(*told: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:16]
