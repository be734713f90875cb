"""Fits all heads of a plan: from extracted features to the tensors that `Heads` loads.

How strong the regularisation is, how scores become probabilities and where thresholds lie is a `Recipe`. It is found
on examples that the fit has not seen, out of fold or held out, and can be used again for a fit on all examples.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.understanding.corpus import Example
from models.understanding.extract import Extracted
from models.understanding.fit_entities import fit_entities
from models.understanding.fit_sentences import Design, HeadTask, HeadWeights, fit_head, fit_with
from models.understanding.lexical import bag, rarities, weigh
from models.understanding.logistic import Loss
from models.understanding.plan import HeadPlan
from models.understanding.recipe import Recipe, find_recipe
from models.understanding.tags import tag_units

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trained:
    """Tensors by name, the fields of the card that belong to them, and the recipe they were made by."""

    tensors: dict[str, Floats]
    card: dict[str, Any]
    recipe: Recipe


def example_weights(rows: Indices) -> Floats:
    """Each row counts once, however many expansions it has."""
    return np.asarray(1.0 / np.bincount(rows)[rows], np.float32)


def intent_targets(examples: Sequence[Example], intents: Sequence[str]) -> Floats:
    """[examples, intents] of 0 and 1; an intent that is not among `intents` is left out."""
    place = {name: index for index, name in enumerate(intents)}
    targets = np.zeros((len(examples), len(intents)), np.float32)
    for row, example in enumerate(examples):
        for name in example.intents:
            if name in place:
                targets[row, place[name]] = 1.0
    return targets


def train_heads(
    examples: Sequence[Example],
    extracted: Extracted,
    chosen: Indices,
    plan: HeadPlan,
    *,
    held: Indices | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
) -> Trained:
    """Train on the examples numbered `chosen`.

    The recipe is the given one, else it is found on the examples `held`, else out of fold on `chosen` themselves.
    """
    part = [examples[index] for index in chosen.tolist()]
    rows = np.unique([one.row for one in part], return_inverse=True)[1].astype(np.int64)
    weights = example_weights(rows)
    tensors: dict[str, Floats] = {}
    card: dict[str, Any] = {}
    tasks = _tasks(part, plan)
    if tasks:
        bags = [bag(one.text) for one in part]
        rarity = rarities(bags)
        inside = Design(extracted.sentences[chosen], [weigh(one, rarity) for one in bags])
        if recipe is None:
            fitted, recipe = _with_recipe(examples, extracted, inside, rarity, rows, weights, plan, tasks, held)
        else:
            fitted = {task.name: fit_with(task, inside, weights, recipe.strengths[task.name]) for task in tasks}
        tensors = _folded(fitted, recipe) | {"rarity": rarity}
        card = {"intents": list(plan.intents), "scope_threshold": recipe.scope_threshold}
        card["strengths"] = {name: asdict(one) for name, one in recipe.strengths.items()}
    if plan.tracks:
        places = [extracted.units[index] for index in chosen.tolist()]
        tags = [tag_units(one.spans, units.spans, plan.tracks) for one, units in zip(part, places, strict=True)]
        vectors = [extracted.unit_vectors[index] for index in chosen.tolist()]
        tensors |= fit_entities(vectors, places, tags, weights, plan.tracks, seed=seed).tensors()
        card["entity_tracks"] = [list(track) for track in plan.tracks]
    return Trained(tensors, card, recipe or Recipe())


def _with_recipe(
    examples: Sequence[Example],
    extracted: Extracted,
    inside: Design,
    rarity: Floats,
    rows: Indices,
    weights: Floats,
    plan: HeadPlan,
    tasks: Sequence[HeadTask],
    held: Indices | None,
) -> tuple[dict[str, HeadWeights], Recipe]:
    if held is None or not len(held):
        fitted = {task.name: fit_head(task, inside, rows, weights, plan.l2) for task in tasks}
        targets, counts = {task.name: task.targets for task in tasks}, weights
    else:
        unseen = [examples[index] for index in held.tolist()]
        outside = Design(extracted.sentences[held], [weigh(bag(one.text), rarity) for one in unseen])
        others = {task.name: task for task in _tasks(unseen, plan)}
        fitted = {
            task.name: fit_head(task, inside, rows, weights, plan.l2, held=(outside, others[task.name].targets))
            for task in tasks
        }
        targets = {name: task.targets for name, task in others.items()}
        counts = example_weights(np.unique([one.row for one in unseen], return_inverse=True)[1].astype(np.int64))
    return fitted, find_recipe(fitted, targets, counts)


def _tasks(part: Sequence[Example], plan: HeadPlan) -> list[HeadTask]:
    tasks: list[HeadTask] = []
    if plan.intents:
        tasks.append(HeadTask("intent", intent_targets(part, plan.intents), Loss.ONE_VS_REST, half=True))
    if plan.scope:
        foreign = np.array([[not one.intents] for one in part], np.float32)
        tasks.append(HeadTask("scope", foreign, Loss.ONE_VS_REST, half=False))
    for name, labels in (("sentiment", plan.sentiments), ("urgency", plan.urgencies)):
        if labels:
            values = [labels.index(getattr(one, name)) for one in part]
            targets = np.asarray(np.eye(len(labels), dtype=np.float32)[values])
            tasks.append(HeadTask(name, targets, Loss.SOFTMAX, half=False))
    return tasks


def _folded(fitted: dict[str, HeadWeights], recipe: Recipe) -> dict[str, Floats]:
    """Calibration folded into the weights."""
    tensors: dict[str, Floats] = {}
    for name, head in fitted.items():
        factor, add = recipe.scales.get(name, (1.0, 0.0))
        tensors |= {f"{name}.dense": head.dense * factor, f"{name}.lexical": head.lexical * factor}
        tensors[f"{name}.bias"] = head.bias * factor + add
    if "intent" in fitted:
        tensors |= {"thresholds": np.asarray(recipe.thresholds), "scope_mix": np.asarray(recipe.scope_mix)}
    return {name: np.asarray(value, np.float32) for name, value in tensors.items()}
