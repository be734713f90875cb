"""The trials of a search as optuna keeps them: in SQLite, so that a kill costs at most the fold that was under way."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import optuna
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from models.tuning.searching.space import Values
from models.tuning.searching.trials import STOPS

Method = Literal["grid", "random", "bayes"]
# Trials before the first may be given up, and before the Bayesian search leaves chance behind.
_WARM_UP, _STARTUP = 4, 6
_STATES = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
_ASIDE, _REASON, _FIXED = "set_aside", "reason", "fixed_params"


class TrialRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table. Number 0 is the configuration as it was given; `state` is "complete", "pruned" or "failed".

    `score` is the mean of the `folds`; of a pruned trial only the folds before its end are there. `reason` says why
    one failed.
    """

    number: int
    state: str
    score: float | None
    values: Values
    folds: tuple[float, ...] = ()
    seconds: float = 0.0
    reason: str = ""


def open_study(path: Path, name: str) -> optuna.Study:
    """The study of that name in the file; a trial that was under way when the process was killed is queued again."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{path}",
        study_name=name,
        load_if_exists=True,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=_WARM_UP, n_warmup_steps=0, n_min_trials=2),
    )
    waiting = [trial.system_attrs.get(_FIXED) for trial in study.get_trials(states=[TrialState.WAITING])]
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        if trial.params not in waiting:
            study.enqueue_trial(trial.params)
        study._storage.set_trial_user_attr(trial._trial_id, _ASIDE, True)
        study.tell(trial.number, state=TrialState.FAIL)
    return study


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that came to an end of their own."""
    return [trial for trial in study.get_trials(states=list(_STATES)) if not trial.user_attrs.get(_ASIDE)]


def set_aside(study: optuna.Study, trial: optuna.Trial) -> None:
    """A trial that is not to be carried out, and does not count."""
    trial.set_user_attr(_ASIDE, True)
    study.tell(trial, state=TrialState.FAIL)


def sampler(method: Method, seed: int, *, trials: int, attempt: int = 0) -> BaseSampler:
    """What chooses the next point after so many trials; made anew for each, so that a kill changes nothing.

    Where the point of the first attempt was tried already, chance chooses.
    """
    seed = int.from_bytes(hashlib.sha256(f"{seed}:{trials}:{attempt}".encode()).digest()[:4], "big")
    if method == "bayes" and not attempt:
        return TPESampler(seed=seed, n_startup_trials=_STARTUP)
    return RandomSampler(seed=seed)


def note_reason(trial: optuna.Trial, reason: str) -> None:
    """Why a trial failed."""
    trial.set_user_attr(_REASON, reason)


def as_row(trial: FrozenTrial, number: int) -> TrialRow:
    """A finished trial as a row of the table."""
    values: dict[str, Any] = trial.params
    return TrialRow(
        number=number,
        state=_STATES[trial.state],
        score=None if trial.value is None or trial.state is not TrialState.COMPLETE else round(trial.value, 4),
        values=values,
        folds=fold_scores(trial.intermediate_values),
        seconds=round(trial.duration.total_seconds(), 1) if trial.duration else 0.0,
        reason=str(trial.user_attrs.get(_REASON, "")),
    )


def fold_scores(told: Mapping[int, float]) -> tuple[float, ...]:
    """Of what was told on the way, by stop, the scores of whole folds."""
    return tuple(round(value, 4) for stop, value in sorted(told.items()) if stop % STOPS == 0)
