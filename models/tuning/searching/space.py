"""What a search may try: for each setting a list of values or a range, from a file or by default."""

import itertools
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np

from models.training.config import TrainConfig
from models.training.config_file import as_config
from models.training.errors import UnusableError

Values = dict[str, Any]
# Settings that say nothing where the trunk stays as it is: all but these.
_ALWAYS = frozenset(
    {"encoder", "trunk", "held_out", "folds", "refit_on_all", "resamples", "seed", "precision", "device", "threads"}
)
# Settings of the run and not of the model; with some of them trials would rest on different rows.
_FIXED = ("held_out", "folds", "refit_on_all", "resamples", "seed", "slips", "processes", "checkpoint_seconds")


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `low` to `high`, both included: on a logarithmic scale, in steps of `step`, or anywhere. A grid takes
    `points` of it."""

    low: float
    high: float
    log: bool = False
    step: float = 0.0
    points: int = 3


Space = Mapping[str, tuple[Any, ...] | Range]


class Chooser(Protocol):
    """Chooses a value a setting: an optuna trial."""

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        """One of some values."""

    def suggest_float(self, name: str, low: float, high: float, *, step: float | None, log: bool) -> float:
        """A number."""

    def suggest_int(self, name: str, low: int, high: int, *, step: int, log: bool) -> int:
        """A whole number."""


DEFAULT: Space = {
    "trunk": ("frozen", "full", "lora"),
    "rate": Range(low=1e-5, high=3e-4, log=True),
    "head_rate": Range(low=3e-4, high=1e-2, log=True),
    "epochs": (4, 8, 16),
    "dropout": Range(low=0.0, high=0.3, step=0.05),
    "label_smoothing": (0.0, 0.05, 0.1, 0.2),
    "soup": (0.0, 0.25, 0.5, 0.75),
    "l2": (0.0, 1e-6, 1e-5, 1e-4),
}
# Every point of a grid is tried: only what matters most.
DEFAULT_GRID: Space = {
    "trunk": ("frozen", "full"),
    "rate": (1e-5, 3e-5, 1e-4),
    "epochs": (6, 12),
    "soup": (0.0, 0.5),
}


def read_space(path: Path, task: str, *, shown: str = "") -> Space:
    """From a TOML or JSON file: NAME = [values] or NAME = {low, high, log, step, points}.

    Raises `UnusableError` with a sentence that names the file (as `shown`) and the setting.
    """
    shown = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
        told = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise UnusableError(f"{shown} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UnusableError(f"{shown} is neither TOML nor JSON: {error}.") from error
    if not isinstance(told, dict) or not told:
        raise UnusableError(f"{shown} names no settings; write for example rate = {{low = 1e-5, high = 1e-4}}.")
    try:
        return {name: _checked(name, value, task) for name, value in told.items()}
    except UnusableError as error:
        raise UnusableError(f"{shown}: {error}") from error


def _checked(name: str, told: Any, task: str) -> tuple[Any, ...] | Range:
    if name in _FIXED:
        raise UnusableError(f"{name} cannot be searched; set it in the configuration.")
    if isinstance(told, list) and told:
        return tuple(getattr(as_config({name: value}, task), name) for value in told)
    try:
        found = msgspec.convert(told, Range)
    except msgspec.ValidationError as error:
        raise UnusableError(f"{name} must be a list of values or {{low, high, log, step, points}}: {error}.") from error
    for value in (found.low, found.high):
        as_config({name: int(value) if value.is_integer() and _whole(name) else value}, task)
    if isinstance(getattr(TrainConfig(), name), bool | str):
        raise UnusableError(f"{name} has no range; give a list of values.")
    if not found.low < found.high or found.step < 0 or found.points < 2:
        raise UnusableError(f"The range of {name} must go up and have 2 points or more.")
    if found.log and (found.low <= 0 or found.step):
        raise UnusableError(f"The range of {name} with log = true begins above 0 and has no step.")
    return found


def active(name: str, values: Mapping[str, Any]) -> bool:
    """Whether a setting says anything beside the other values."""
    if values["trunk"] == "frozen":
        return name in _ALWAYS
    return not name.startswith("lora_") or values["trunk"] in {"lora", "auto"}


def choose(space: Space, base: TrainConfig, chooser: Chooser) -> Values:
    """One point of the space; settings that would say nothing there are left out."""
    chosen: Values = {}
    for name in _ordered(space):
        if active(name, msgspec.to_builtins(base) | chosen):
            chosen[name] = _suggested(name, space[name], chooser)
    return chosen


def grid(space: Space, base: TrainConfig) -> list[Values]:
    """Every point, each once."""
    found: dict[str, Values] = {}
    names = _ordered(space)
    for point in itertools.product(*(_points(name, space[name]) for name in names)):
        values = dict(zip(names, point, strict=True))
        told = msgspec.to_builtins(base) | values
        kept = {name: value for name, value in values.items() if active(name, told)}
        found[json.dumps(kept, sort_keys=True)] = kept
    return list(found.values())


def configured(base: TrainConfig, values: Values) -> TrainConfig:
    """The configuration with the values of a point."""
    return msgspec.structs.replace(base, **values)


def check_worth(space: Space, base: TrainConfig) -> None:
    """Raises `UnusableError` where no setting of the space says anything."""
    if "trunk" not in space and not any(active(name, msgspec.to_builtins(base)) for name in space):
        raise UnusableError('With trunk = "frozen" nothing of this space is used; put trunk into it.')


def _ordered(space: Space) -> list[str]:
    """What decides whether others count comes first."""
    return sorted(space, key=lambda name: name != "trunk")


def _points(name: str, told: tuple[Any, ...] | Range) -> Iterator[Any]:
    if not isinstance(told, Range):
        yield from told
        return
    spread: Callable[..., Any] = np.geomspace if told.log else np.linspace
    for value in spread(told.low, told.high, told.points).tolist():
        yield round(value) if _whole(name) else float(f"{value:.6g}")


def _suggested(name: str, told: tuple[Any, ...] | Range, chooser: Chooser) -> Any:
    if not isinstance(told, Range):
        return chooser.suggest_categorical(name, told)
    if _whole(name):
        return chooser.suggest_int(name, int(told.low), int(told.high), step=int(told.step) or 1, log=told.log)
    return chooser.suggest_float(name, told.low, told.high, step=told.step or None, log=told.log)


def _whole(name: str) -> bool:
    return isinstance(getattr(TrainConfig(), name, None), int)
