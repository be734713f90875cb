"""Regularisation, calibration and thresholds, found on examples that the fit has not seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.understanding.fitting import calibrate
from models.understanding.fitting.sentences import HeadWeights, Strength
from models.understanding.heads import mix_scope, sigmoid

Floats = NDArray[np.float32]
# What turning a question away wrongly costs beside letting a foreign one through.
_WRONG_REFUSAL = 2.0
# How many of an example's best intents calibrate the scores.
_TOLD = 3
# Without foreign examples to learn from: the share of the shop's own messages that may be turned away.
_BLIND_REFUSALS = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """`strengths` and `scales` (factor, shift of the logits) a head; `thresholds` an intent; `scope_mix` makes the
    scope score of [own logit, best intent logit, 1]; from `scope_threshold` on a text is refused."""

    strengths: dict[str, Strength] = field(default_factory=dict)
    scales: dict[str, tuple[float, float]] = field(default_factory=dict)
    thresholds: tuple[float, ...] = ()
    scope_mix: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scope_threshold: float = 1.0


def find_recipe(fitted: Mapping[str, HeadWeights], targets: Mapping[str, Floats], weights: Floats) -> Recipe:
    """From each head's logits on unseen examples, their targets and weights."""
    scales: dict[str, tuple[float, float]] = {}
    for name in ("sentiment", "urgency"):
        if name in fitted:
            scales[name] = (calibrate.temperature(fitted[name].unseen, targets[name], weights), 0.0)
    strengths = {name: head.strength for name, head in fitted.items()}
    if "intent" not in fitted:
        return Recipe(strengths=strengths, scales=scales)
    truth, raw = targets["intent"], fitted["intent"].unseen
    # Probabilities are told of an example's best intents: over all labels the many easy noes would decide.
    top = np.argsort(-raw, axis=1)[:, :_TOLD]
    repeated = np.repeat(weights, top.shape[1]).astype(np.float32)
    told, right = (np.take_along_axis(one, top, axis=1).reshape(-1) for one in (raw, truth))
    slope, shift = calibrate.platt(told[:, None], right, repeated).tolist()
    scales["intent"] = (slope, shift)
    intent = np.asarray(slope * raw + shift, np.float32)
    foreign = np.asarray(truth.sum(axis=1) == 0, np.float32)
    mix, threshold = _scope(fitted, intent, foreign, weights)
    return Recipe(
        strengths=strengths,
        scales=scales,
        thresholds=tuple(calibrate.intent_thresholds(sigmoid(intent), truth, weights).tolist()),
        scope_mix=mix,
        scope_threshold=threshold,
    )


def _scope(
    fitted: Mapping[str, HeadWeights], intent: Floats, foreign: Floats, weights: Floats
) -> tuple[tuple[float, float, float], float]:
    best = intent.max(axis=1)
    scope = fitted["scope"].unseen if "scope" in fitted else None
    if not foreign.any():
        return _blind(scope, best), 0.5
    if scope is None:
        slope, shift = calibrate.platt(best[:, None], foreign, weights).tolist()
        mix = (0.0, slope, shift)
    else:
        own, slope, shift = calibrate.platt(np.stack([scope[:, 0], best], axis=1), foreign, weights).tolist()
        mix = (own, slope, shift)
    told = sigmoid(mix_scope(scope, intent, np.array(mix, np.float32)))
    return mix, _scope_threshold(told, foreign, weights)


def _blind(scope: Floats | None, best: Floats) -> tuple[float, float, float]:
    """Without foreign examples of the shop's own: the best intent's logit, and the scope's that was learned from
    foreign messages of elsewhere, count alike, each in its standard deviations over the shop's own messages."""
    own, claim = 0.0, -1.0 / max(1e-6, float(best.std()))
    if scope is not None:
        own = 1.0 / max(1e-6, float(scope[:, 0].std()))
    told = (0.0 if scope is None else own * scope[:, 0]) + claim * best
    return own, claim, -float(np.quantile(told, 1.0 - _BLIND_REFUSALS))


def _scope_threshold(probabilities: Floats, foreign: Floats, weights: Floats) -> float:
    def gain(threshold: float) -> float:
        refused = probabilities >= threshold
        right = float((weights * refused * foreign).sum() / (weights * foreign).sum())
        wrong = float((weights * refused * (1 - foreign)).sum() / max(1e-9, float((weights * (1 - foreign)).sum())))
        return right - _WRONG_REFUSAL * wrong

    return round(float(max(np.linspace(0.1, 0.9, 81), key=gain)), 3)
