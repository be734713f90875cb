"""How the learning rate goes over a run: it rises in the warm-up, then falls as the schedule says."""

import math

from models.training.config import Schedule

# What is left of the peak at the end of an exponential fall.
_LAST = 0.01


def rate_factor(kind: Schedule, step: int, *, steps: int, warm_up: float) -> float:
    """The share of the peak rate at `step` (from 0) of `steps`; `warm_up` is the share of steps in which it rises."""
    rising = math.ceil(warm_up * steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    done = (step - rising) / max(1, steps - rising)
    if kind == "constant":
        return 1.0
    if kind == "linear":
        return 1.0 - done
    if kind == "exponential":
        return float(_LAST**done)
    return 0.5 * (1.0 + math.cos(math.pi * done))
