"""Fits all heads of a plan: from extracted features to the tensors that `Heads` loads.

How strong the regularisation is, how scores become probabilities and where thresholds lie is a `Recipe`. It is found
on examples that the fit has not seen, out of fold or held out, and can be used again for a fit on all examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.understanding.corpus import Example
from models.understanding.entities.clues import CLUES
from models.understanding.entities.fit import fit_entities, stacked
from models.understanding.entities.tags import tag_units
from models.understanding.fitting.extract import Extracted
from models.understanding.fitting.logistic import Loss
from models.understanding.fitting.plan import HeadPlan
from models.understanding.fitting.recipe import Recipe, find_recipe
from models.understanding.fitting.sentences import Design, HeadTask, HeadWeights, fit_head, fit_with, logits
from models.understanding.lexical import bag, rarities, weigh

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
    background: Indices | None = None,
    held: Indices | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
) -> Trained:
    """Train on the examples numbered `chosen`.

    The recipe is the given one, else it is found on the examples `held`, else out of fold on `chosen` themselves.
    `background` are foreign messages, none of them the shop's own: they tell the scope head what lies outside where no
    example does, and nothing else is learned from them.
    """
    part = [examples[index] for index in chosen.tolist()]
    tensors: dict[str, Floats] = {}
    card: dict[str, Any] = {}
    if plan.reads_messages:
        lesson = _Lesson.of(examples, extracted, chosen, background, plan)
        if recipe is None:
            fitted, recipe = lesson.with_recipe(examples, extracted, held)
        else:
            fitted = lesson.fitted(recipe)
        tensors = _folded(fitted, recipe) | {"rarity": lesson.rarity}
        card = {"intents": list(plan.intents), "scope_threshold": recipe.scope_threshold}
        card["strengths"] = {name: asdict(one) for name, one in recipe.strengths.items()}
    if plan.tracks:
        places = [extracted.units[index] for index in chosen.tolist()]
        tags = [tag_units(one.spans, units.spans, plan.tracks) for one, units in zip(part, places, strict=True)]
        vectors = [extracted.unit_vectors[index] for index in chosen.tolist()]
        counts = example_weights(_row_numbers(part))
        nets = fit_entities(vectors, places, tags, counts, plan.tracks, how=plan.entity_fit, seed=seed)
        tensors |= stacked(nets)
        card["entity_clues"] = CLUES
        card["entity_tracks"] = [list(track) for track in plan.tracks]
    return Trained(tensors, card, recipe or Recipe())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """What the heads of whole messages learn from: the design of the examples and of the background behind them, their
    row numbers and weights, and the tasks. The first `own` are the examples."""

    plan: HeadPlan
    design: Design
    rarity: Floats
    rows: Indices
    weights: Floats
    tasks: list[HeadTask]
    own: int

    @classmethod
    def of(
        cls,
        examples: Sequence[Example],
        extracted: Extracted,
        chosen: Indices,
        background: Indices | None,
        plan: HeadPlan,
    ) -> "_Lesson":
        shown = chosen if background is None else np.concatenate([chosen, background])
        part = [examples[index] for index in shown.tolist()]
        bags = [bag(one.text) for one in part]
        rarity = rarities(bags[: len(chosen)])
        rows = _row_numbers(part)
        return cls(
            plan=plan,
            design=Design(extracted.sentences[shown], [weigh(one, rarity) for one in bags]),
            rarity=rarity,
            rows=rows,
            weights=example_weights(rows),
            tasks=_tasks(part, plan, own=len(chosen)),
            own=len(chosen),
        )

    def fitted(self, recipe: Recipe) -> dict[str, HeadWeights]:
        """All heads, as strong as the recipe says."""
        found: dict[str, HeadWeights] = {}
        for task in self.tasks:
            given = self._unclaimed(task, found)
            found[task.name] = fit_with(given, self.design, self.weights, recipe.strengths[task.name])
        return found

    def with_recipe(
        self, examples: Sequence[Example], extracted: Extracted, held: Indices | None
    ) -> tuple[dict[str, HeadWeights], Recipe]:
        """All heads, and the recipe found on the examples `held`, else out of fold."""
        found: dict[str, HeadWeights] = {}
        if held is None or not len(held):
            for task in self.tasks:
                head = fit_head(self._unclaimed(task, found), self.design, self.rows, self.weights, self.plan.strengths)
                found[task.name] = replace(head, unseen=head.unseen[: self.own])
            truth = {task.name: task.take(np.arange(self.own)) for task in self.tasks}
            counts = self.weights[: self.own]
        else:
            unseen = [examples[index] for index in held.tolist()]
            outside = Design(extracted.sentences[held], [weigh(bag(one.text), self.rarity) for one in unseen])
            truth = {task.name: task for task in _tasks(unseen, self.plan, own=len(unseen))}
            for task in self.tasks:
                given, other = self._unclaimed(task, found), (outside, truth[task.name])
                found[task.name] = fit_head(
                    given, self.design, self.rows, self.weights, self.plan.strengths, held=other
                )
            counts = example_weights(_row_numbers(unseen))
        return found, find_recipe(found, {name: task.targets for name, task in truth.items()}, counts)

    def _unclaimed(self, task: HeadTask, found: Mapping[str, HeadWeights]) -> HeadTask:
        """The scope's task without the background that an intent claims: it is not foreign to this shop."""
        if task.name != "scope" or self.own == len(self.rows):
            return task
        best = logits(found["intent"], self.design).max(axis=1)
        claimed = best >= np.median(best[: self.own])
        claimed[: self.own] = False
        return replace(task, counts=np.where(claimed, np.float32(0), task.counts))


def _row_numbers(part: Sequence[Example]) -> Indices:
    return np.unique([one.row for one in part], return_inverse=True)[1].astype(np.int64)


def _tasks(part: Sequence[Example], plan: HeadPlan, *, own: int) -> list[HeadTask]:
    """`part` are `own` examples and the background behind them."""
    mine = np.asarray(np.arange(len(part)) < own, np.float32)
    foreign = np.array([not one.intents for one in part])
    tasks: list[HeadTask] = []
    if plan.intents:
        targets = intent_targets(part, plan.intents)
        loss = Loss.SOFTMAX if plan.exclusive else Loss.ONE_VS_REST
        counts = mine * ~foreign if plan.exclusive else mine
        tasks.append(HeadTask("intent", targets, loss, half=True, counts=counts.astype(np.float32)))
    if plan.scope:
        outside = foreign.astype(np.float32)[:, None]
        tasks.append(HeadTask("scope", outside, Loss.ONE_VS_REST, half=plan.half_scope, counts=np.ones_like(mine)))
    for name, labels in (("sentiment", plan.sentiments), ("urgency", plan.urgencies)):
        if labels:
            values = [labels.index(getattr(one, name)) for one in part]
            scale = np.asarray(np.eye(len(labels), dtype=np.float32)[values])
            tasks.append(HeadTask(name, scale, Loss.SOFTMAX, half=False, counts=mine))
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
