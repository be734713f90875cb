"""From out-of-fold logits to probabilities and thresholds."""

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# A second intent is told only from a probability inside these bounds: outside, a small sample set the threshold.
_LOWEST, _HIGHEST = 0.3, 0.6
# Examples' worth of belief in the common threshold when one intent's own is chosen.
_PRIOR = 40.0


def platt(inputs: Floats, truth: Floats, weights: Floats) -> Floats:
    """Coefficients c such that sigmoid(inputs @ c[:-1] + c[-1]) is calibrated; inputs [n, k], truth [n] of 0 and 1."""
    x = torch.from_numpy(np.concatenate([inputs, np.ones((len(inputs), 1), np.float32)], axis=1))
    y, w = torch.from_numpy(truth), torch.from_numpy(weights / weights.sum())
    coefficients = torch.zeros(x.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([coefficients], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ coefficients, y, weight=w, reduction="sum")
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    fitted: Floats = coefficients.detach().numpy()
    return fitted


def temperature(logits: Floats, targets: Floats, weights: Floats) -> float:
    """The factor on softmax logits that minimises the negative log likelihood."""
    best, lowest = 1.0, np.inf
    for factor in np.geomspace(0.5, 4.0, 40):
        scaled = logits * factor
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_probabilities = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        loss = -float((weights[:, None] * targets * log_probabilities).sum())
        if loss < lowest:
            best, lowest = float(factor), loss
    return best


def intent_thresholds(probabilities: Floats, truth: Floats, weights: Floats) -> Floats:
    """Per intent the threshold of the best F1, drawn towards the common one where examples are few."""
    grid = np.linspace(_LOWEST, _HIGHEST, 31)
    common = _best_threshold(probabilities, truth, weights[:, None], grid)
    found = []
    for label in range(truth.shape[1]):
        own = _best_threshold(probabilities[:, label], truth[:, label], weights, grid)
        count = float((truth[:, label] * weights).sum())
        found.append((own * count + common * _PRIOR) / (count + _PRIOR))
    return np.asarray(found, np.float32)


def _best_threshold(probabilities: Floats, truth: Floats, weights: Floats, grid: NDArray[np.float64]) -> float:
    def f1(threshold: float) -> float:
        told = probabilities >= threshold
        hits = float((weights * told * truth).sum())
        return 2 * hits / max(1e-9, float((weights * told).sum() + (weights * truth).sum()))

    return float(max(grid, key=f1))
