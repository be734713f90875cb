"""Fits all heads on some of the examples: from extracted features to the tensors that `Heads` loads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from models.understanding import calibrate
from models.understanding.corpus import Example
from models.understanding.decode import tag_names
from models.understanding.extract import Extracted, tag_tokens
from models.understanding.fit_sentences import HeadTask, HeadWeights, fit_head
from models.understanding.fit_tokens import fit_tokens
from models.understanding.heads import SENTENCE_HEADS, mix_scope, sigmoid
from models.understanding.lexical import bag, rarities, weigh
from models.understanding.logistic import Loss

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
# What turning a question away wrongly costs beside letting a foreign one through.
_WRONG_REFUSAL = 2.0


@dataclass(frozen=True, slots=True)
class Trained:
    """Tensors by name, and the fields of the card that belong to them."""

    tensors: dict[str, Floats]
    card: dict[str, Any]


def entity_types() -> tuple[str, ...]:
    """The types that the token head finds; rules find the others."""
    return tuple(name for name, label in load_taxonomy().entities.items() if label.source == "head")


def example_weights(rows: Indices) -> Floats:
    """Each row counts once, however many expansions it has."""
    return np.asarray(1.0 / np.bincount(rows)[rows], np.float32)


def intent_targets(examples: Sequence[Example], intents: Sequence[str]) -> Floats:
    """[examples, intents] of 0 and 1."""
    place = {name: index for index, name in enumerate(intents)}
    targets = np.zeros((len(examples), len(intents)), np.float32)
    for row, example in enumerate(examples):
        for name in example.intents:
            targets[row, place[name]] = 1.0
    return targets


def one_hot(values: Sequence[str], labels: Sequence[str]) -> Floats:
    """[values, labels]."""
    return np.asarray(np.eye(len(labels), dtype=np.float32)[[labels.index(value) for value in values]])


def train_heads(examples: Sequence[Example], extracted: Extracted, chosen: Indices) -> Trained:
    """Train on the examples numbered `chosen`."""
    part = [examples[index] for index in chosen.tolist()]
    rows = np.unique([one.row for one in part], return_inverse=True)[1].astype(np.int64)
    weights = example_weights(rows)
    bags = [bag(one.text) for one in part]
    rarity = rarities(bags)
    weighed = [weigh(one, rarity) for one in bags]
    sentences = extracted.sentences[chosen]
    fitted = {task.name: fit_head(task, sentences, weighed, rows, weights) for task in _tasks(part, sentences)}
    tensors, card = _calibrated(fitted, part, weights)
    tensors["rarity"] = rarity
    tensors |= _token_tensors(part, extracted, chosen, weights)
    card["l2"] = {name: head.l2 for name, head in fitted.items()}
    return Trained(tensors, card)


def _tasks(part: Sequence[Example], sentences: Floats) -> list[HeadTask]:
    intents = list(load_taxonomy().intents)
    half, whole = sentences.shape[1] // 2, sentences.shape[1]
    foreign = np.array([[not one.intents] for one in part], np.float32)
    sentiment, urgency = [one.sentiment for one in part], [one.urgency for one in part]

    def task(name: str, targets: Floats, loss: Loss, width: int) -> HeadTask:
        return HeadTask(name=name, targets=targets, loss=loss, width=width, score=_log_likelihood(loss))

    return [
        task("intent", intent_targets(part, intents), Loss.ONE_VS_REST, half),
        task("scope", foreign, Loss.ONE_VS_REST, whole),
        task("sentiment", one_hot(sentiment, SENTIMENTS), Loss.SOFTMAX, whole),
        task("urgency", one_hot(urgency, URGENCIES), Loss.SOFTMAX, whole),
    ]


def _log_likelihood(loss: Loss) -> Callable[[Floats, Floats], float]:
    """The score by which regularisation is chosen: mean log likelihood, higher is better."""

    def one_vs_rest(logits: Floats, targets: Floats) -> float:
        return -float(np.logaddexp(0.0, np.where(targets > 0, -logits, logits)).mean())

    def softmax(logits: Floats, targets: Floats) -> float:
        peak = logits.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(logits - peak).sum(axis=1, keepdims=True)) + peak
        return float((targets * (logits - log_sum)).sum(axis=1).mean())

    return softmax if loss is Loss.SOFTMAX else one_vs_rest


def _calibrated(
    fitted: dict[str, HeadWeights], part: Sequence[Example], weights: Floats
) -> tuple[dict[str, Floats], dict[str, Any]]:
    truth = intent_targets(part, list(load_taxonomy().intents))
    foreign = np.array([not one.intents for one in part], np.float32)
    raw = fitted["intent"].out_of_fold
    repeated = np.repeat(weights, truth.shape[1]).astype(np.float32)
    slope, shift = calibrate.platt(raw.reshape(-1, 1), truth.reshape(-1), repeated).tolist()
    intent = (slope * raw + shift).astype(np.float32)
    scope = fitted["scope"].out_of_fold
    mix = calibrate.platt(np.stack([scope[:, 0], intent.max(axis=1)], axis=1), foreign, weights)
    out_of_scope = sigmoid(mix_scope(scope, intent, mix))
    factors: dict[str, tuple[float, float]] = {"intent": (slope, shift), "scope": (1.0, 0.0)}
    for name, labels in (("sentiment", SENTIMENTS), ("urgency", URGENCIES)):
        targets = one_hot([getattr(one, name) for one in part], labels)
        factors[name] = (calibrate.temperature(fitted[name].out_of_fold, targets, weights), 0.0)
    tensors = {"thresholds": calibrate.intent_thresholds(sigmoid(intent), truth, weights), "scope_mix": mix}
    for name in SENTENCE_HEADS:
        factor, add = factors[name]
        head = fitted[name]
        tensors |= {f"{name}.dense": head.dense * factor, f"{name}.lexical": head.lexical * factor}
        tensors[f"{name}.bias"] = head.bias * factor + add
    threshold = _scope_threshold(out_of_scope, foreign, weights)
    return {name: value.astype(np.float32) for name, value in tensors.items()}, {"scope_threshold": threshold}


def _scope_threshold(probabilities: Floats, foreign: Floats, weights: Floats) -> float:
    def gain(threshold: float) -> float:
        refused = probabilities >= threshold
        right = float((weights * refused * foreign).sum() / (weights * foreign).sum())
        wrong = float((weights * refused * (1 - foreign)).sum() / (weights * (1 - foreign)).sum())
        return right - _WRONG_REFUSAL * wrong

    return round(float(max(np.linspace(0.1, 0.9, 81), key=gain)), 3)


def _token_tensors(
    part: Sequence[Example], extracted: Extracted, chosen: Indices, weights: Floats
) -> dict[str, Floats]:
    types = entity_types()
    encoded = [extracted.encoded[index] for index in chosen.tolist()]
    tags = [tag_tokens(one, example.spans, types) for one, example in zip(encoded, part, strict=True)]
    fitted = fit_tokens(
        [extracted.tokens[index] for index in chosen.tolist()], tags, weights.tolist(), tag_count=len(tag_names(types))
    )
    names = ("inner", "inner_bias", "outer", "outer_bias", "transitions")
    return {f"token.{name}": getattr(fitted, name) for name in names}
