"""Fits the heads that are kept on features of the trunk as it will run, and reads rows with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import detect_language
from agent_assist.domain.understanding import OUT_OF_SCOPE, SENTIMENTS, URGENCIES
from models.metrics.spans import TypedSpan
from models.training.dataset.rows import Row, entity_names, label_names, read_text
from models.understanding.corpus import Example
from models.understanding.entities.tags import tracks_of
from models.understanding.fitting.extract import Extracted
from models.understanding.fitting.fit import Trained, train_heads
from models.understanding.fitting.plan import HeadPlan, own_strengths
from models.understanding.fitting.recipe import Recipe
from models.understanding.heads import Heads, sigmoid

Indices = NDArray[np.int64]
# With fewer rows outside, the rows inside choose the regularisation after all.
_FEWEST_TO_CHOOSE = 4


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Which heads are fitted on which rows (by number): those that read the whole message, and the entity head.

    `background` are the foreign messages behind the rows. `left_out` are sentences about labels that the rows have and
    no head learns.
    """

    sentences: HeadPlan
    labelled: Indices
    entities: HeadPlan
    marked: Indices
    background: Indices
    left_out: tuple[str, ...]


def plan_heads(rows: Sequence[Row], task: str, *, background: int = 0) -> Fits:
    """The heads of a task that the rows can teach. Heads of whole messages are fitted on the same rows together.

    Behind the rows stand as many foreign messages as `background` says.
    """
    names = label_names(rows) if task != "entities" else ()
    types = entity_names(rows) if task != "intent" else ()
    scales = ("sentiment", "urgency") if task == "understanding" else ()
    varied = [name for name in scales if len({getattr(row, name) for row in rows} - {""}) > 1]
    asked = (["labels"] if names else []) + varied
    labelled = [index for index, row in enumerate(rows) if asked and getattr(row, asked[0])]
    whole = [name for name in asked if all(getattr(rows[index], name) for index in labelled)]
    return Fits(
        sentences=HeadPlan(
            intents=names,
            exclusive=all(len(rows[index].labels) == 1 for index in labelled),
            scope=bool(names) and (background > 0 or any(row.labels == (OUT_OF_SCOPE,) for row in rows)),
            strengths=own_strengths(len(labelled), max(1, len(names))),
            sentiments=SENTIMENTS if "sentiment" in whole else (),
            urgencies=URGENCIES if "urgency" in whole else (),
        ),
        labelled=np.array(labelled, np.int64),
        entities=HeadPlan(tracks=tracks_of(types, (row.spans or () for row in rows))),
        marked=np.array([index for index, row in enumerate(rows) if row.spans is not None], np.int64),
        background=np.arange(len(rows), len(rows) + background),
        left_out=tuple(f"Some rows with {asked[0]} have no {name}." for name in asked if name not in whole),
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
    examples: Sequence[Example], extracted: Extracted, fits: Fits, *, inside: Indices, outside: Indices, tuned: bool
) -> tuple[Recipe, list[Prediction]]:
    """Fit on some rows and read the others; returns the recipe for a fit on all.

    A tuned trunk has seen the labels of the rows inside, so that only rows outside say how strong the regularisation
    must be. Then each half of those is read by heads whose recipe the other half chose.
    """
    # One net says well enough how good several will be, in a third of the time.
    fits = replace(fits, entities=replace(fits.entities, entity_fit=replace(fits.entities.entity_fit, nets=1)))
    unseen = np.intersect1d(outside, fits.labelled)
    if not tuned or len(unseen) < _FEWEST_TO_CHOOSE:
        trained = fit(examples, extracted, fits, inside)
        return trained.recipe, read(trained, examples, extracted, outside)
    halves = np.array_split(outside, 2)
    told: dict[int, Prediction] = {}
    entities = replace(fits, labelled=outside[:0])
    sentences = replace(fits, marked=outside[:0])
    for chosen, others in (halves, halves[::-1]):
        trained = fit(examples, extracted, sentences, inside, held=chosen)
        told |= zip(others.tolist(), read(trained, examples, extracted, others), strict=True)
    recipe = fit(examples, extracted, sentences, inside, held=outside).recipe
    if len(fits.marked):
        found = read(fit(examples, extracted, entities, inside), examples, extracted, outside)
        told |= {
            index: replace(told[index], spans=one.spans) for index, one in zip(outside.tolist(), found, strict=True)
        }
    return recipe, [told[index] for index in outside.tolist()]


def fit(
    examples: Sequence[Example],
    extracted: Extracted,
    fits: Fits,
    chosen: Indices,
    *,
    held: Indices | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
) -> Trained:
    """All heads on those of the chosen rows that teach them; without a recipe it is found, on `held` where given."""
    whole, marked = (np.intersect1d(chosen, rows) for rows in (fits.labelled, fits.marked))
    found = [Trained({}, {}, recipe or Recipe())]
    if len(marked) and fits.entities.tracks:
        found.append(train_heads(examples, extracted, marked, fits.entities, seed=seed))
    if len(whole):
        unseen = None if held is None else np.intersect1d(held, fits.labelled)
        found.append(_sentence_heads(examples, extracted, whole, fits, unseen, recipe))
    return Trained(
        {name: value for one in found for name, value in one.tensors.items()},
        {name: value for one in found for name, value in one.card.items()},
        found[-1].recipe,
    )


def _sentence_heads(
    examples: Sequence[Example],
    extracted: Extracted,
    whole: Indices,
    fits: Fits,
    held: Indices | None,
    recipe: Recipe | None,
) -> Trained:
    background = fits.background if len(fits.background) else None
    return train_heads(examples, extracted, whole, fits.sentences, background=background, held=held, recipe=recipe)


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
