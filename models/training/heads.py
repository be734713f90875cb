"""Fits the heads that are kept on features of the trunk as it will run, and reads rows with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import detect_language
from agent_assist.domain.understanding import OUT_OF_SCOPE, SENTIMENTS, URGENCIES
from models.metrics.spans import TypedSpan
from models.training.reading import read_text
from models.training.rows import Row, entity_names, label_names
from models.understanding.corpus import Example
from models.understanding.extract import Extracted
from models.understanding.heads import Heads, sigmoid
from models.understanding.plan import HeadPlan
from models.understanding.recipe import Recipe
from models.understanding.tags import tracks_of
from models.understanding.training import Trained, train_heads

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one row: the best intent and its probability, all intents told, the probability of being out of scope and
    whether it is refused, sentiment and urgency ("" without such a head), and the spans of the entity head."""

    intent: str
    sure: float
    told: tuple[str, ...]
    outside: float
    refused: bool
    sentiment: str
    urgency: str
    spans: frozenset[TypedSpan]


def plan_heads(rows: Sequence[Row], task: str) -> HeadPlan:
    """The heads of a task that the rows can teach."""
    names = label_names(rows) if task != "entities" else ()
    types = entity_names(rows) if task != "intent" else ()
    whole = task == "understanding"

    def scale(labels: tuple[str, ...], name: str) -> tuple[str, ...]:
        values = {getattr(row, name) for row in rows}
        return labels if whole and "" not in values and len(values) > 1 else ()

    return HeadPlan(
        intents=names,
        scope=bool(names) and any(row.labels == (OUT_OF_SCOPE,) for row in rows),
        sentiments=scale(SENTIMENTS, "sentiment"),
        urgencies=scale(URGENCIES, "urgency"),
        tracks=tracks_of(types, (row.spans or () for row in rows)),
    )


def as_examples(rows: Sequence[Row], task: str) -> list[Example]:
    """The rows as the heads are fitted on them."""
    return [
        Example(
            row=number,
            language=detect_language(row.text).value,
            text=read_text(row, task),
            intents=row.labels if row.in_scope else (),
            sentiment=row.sentiment,
            urgency=row.urgency,
            spans=row.spans or (),
        )
        for number, row in enumerate(rows)
    ]


def fit_and_read(
    examples: Sequence[Example], extracted: Extracted, plan: HeadPlan, *, inside: Indices, outside: Indices, tuned: bool
) -> tuple[Recipe, list[Prediction]]:
    """Fit on some rows and read the others; returns the recipe for a fit on all.

    A tuned trunk has seen the labels of the rows inside, so that only rows outside say how strong the regularisation
    must be. Then each half of those is read by heads whose recipe the other half chose.
    """
    if not tuned or plan == HeadPlan(tracks=plan.tracks, l2=plan.l2):  # the entity head has no recipe
        trained = train_heads(examples, extracted, inside, plan)
        return trained.recipe, read(trained, examples, extracted, outside)
    sentences = replace(plan, tracks=())
    told: dict[int, Prediction] = {}
    halves = outside[0::2], outside[1::2]
    for chosen, unseen in (halves, halves[::-1]):
        trained = train_heads(examples, extracted, inside, sentences, held=chosen)
        told |= zip(unseen.tolist(), read(trained, examples, extracted, unseen), strict=True)
    recipe = train_heads(examples, extracted, inside, sentences, held=outside).recipe
    if plan.tracks:
        entities = train_heads(examples, extracted, inside, HeadPlan(tracks=plan.tracks))
        found = zip(outside.tolist(), read(entities, examples, extracted, outside), strict=True)
        told = {index: replace(told[index], spans=one.spans) for index, one in found}
    return recipe, [told[index] for index in outside.tolist()]


def read(trained: Trained, examples: Sequence[Example], extracted: Extracted, chosen: Indices) -> list[Prediction]:
    """What heads say of some rows."""
    heads = Heads.of_tensors(trained.tensors, {"version": "", **trained.card})
    scores = heads.score(extracted.sentences[chosen], [examples[index].text for index in chosen.tolist()])
    found = []
    for place, index in enumerate(chosen.tolist()):
        row = scores.row(place)
        reading = heads.read(row)
        best = reading.intents[0] if reading.intents else None
        spans = (
            heads.entity.find(extracted.units[index], extracted.unit_vectors[index].astype(np.float32))
            if heads.entity
            else []
        )
        found.append(
            Prediction(
                intent=best.label if best else "",
                sure=best.score if best else 0.0,
                told=tuple(one.label for one in reading.intents),
                outside=float(sigmoid(row.scope)[0]),
                refused=not reading.in_scope,
                sentiment=reading.sentiment.label if "sentiment" in heads.sentence else "",
                urgency=reading.urgency.label if "urgency" in heads.sentence else "",
                spans=frozenset(TypedSpan(one.type, one.start, one.end) for one in spans),
            )
        )
    return found
