"""How a run goes about it: whether the trunk is tuned, for how many epochs, by what its steps take on this machine."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.training.config import TrainConfig
from models.training.material import Material

Mode = Literal["frozen", "full", "lora"]
# Rows that are learned in a tuning, each as often as it comes by. Scores on held-out rows of banking77 (ten a label)
# and sofmattress hardly moved after the fourth epoch; out of scope was told a little better after more.
_VISITS = 12_000
_MOST_EPOCHS, _FEWEST_EPOCHS = 12, 5
# Fewer epochs than this are not worth a trunk of one's own.
_LEAST = 2
REFIT_BELOW = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`batch` rows a step and process; `refit` = what is kept learns from all rows; `reason` is a sentence."""

    mode: Mode
    epochs: int
    batch: int
    refit: bool
    reason: str


def make_plan(material: Material, config: TrainConfig, *, seconds_per_row: Callable[[int], float]) -> Plan:
    """`seconds_per_row(batch)` measures; it is asked only where the answer depends on it."""
    rows, parts = material.own, material.parts
    refit = not material.given and (len(parts) > 1 or (config.refit_on_all and rows < REFIT_BELOW))
    epochs = config.epochs or usual_epochs(rows)
    batch = config.batch or usual_batch(rows)

    def plan(mode: Mode, epochs: int, reason: str) -> Plan:
        return Plan(mode=mode, epochs=epochs if mode != "frozen" else 0, batch=batch, refit=refit, reason=reason)

    if config.trunk != "auto":
        return plan(config.trunk, epochs, "as the configuration says")
    each = seconds_per_row(batch)
    visits = sum(len(part.inside) for part in parts) + (rows if refit else 0)
    fitting = math.floor(60.0 * config.budget_minutes / max(1e-9, each * visits))
    told = f"a row takes {1000 * each:.0f} ms, an epoch {each * visits / 60:.1f} minutes over all tunings"
    if fitting < min(_LEAST, epochs):
        return plan("frozen", 0, f"{told}: too long for {config.budget_minutes:g} minutes")
    return plan(
        "full", min(epochs, fitting), f"{told}; {min(epochs, fitting)} fit into {config.budget_minutes:g} minutes"
    )


def usual_epochs(rows: int) -> int:
    """By the number of rows."""
    return min(_MOST_EPOCHS, max(_FEWEST_EPOCHS, round(_VISITS / rows)))


def usual_batch(rows: int) -> int:
    """By the number of rows: enough steps for few, enough labels beside each other for many."""
    return 32 if rows < 500 else 48 if rows < 2000 else 96
