"""What heads are fitted, on which labels, and how they are chosen and calibrated."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from models.understanding.corpus import Example
from models.understanding.tags import Tracks, tracks_of

# Likelihood out of fold would go lower still, but shops write otherwise than the corpus: messages from elsewhere were
# read best from 80 to 160 (bench_understanding.py).
STARTER_L2 = (80.0, 160.0)
# Where the rows come from the shop that will be read.
OWN_L2 = (2.0, 6.0, 20.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPlan:
    """An empty tuple means no such head. `scope` asks for a head of its own for being out of scope, which needs
    examples without intents; without it the best intent's score decides alone."""

    intents: tuple[str, ...] = ()
    scope: bool = False
    sentiments: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    tracks: Tracks = ()
    l2: tuple[float, ...] = OWN_L2


def starter_plan(examples: Sequence[Example]) -> HeadPlan:
    """Every head over the labels of the taxonomy."""
    taxonomy = load_taxonomy()
    types = tuple(name for name, label in taxonomy.entities.items() if label.source == "head")
    return HeadPlan(
        intents=tuple(taxonomy.intents),
        scope=True,
        sentiments=SENTIMENTS,
        urgencies=URGENCIES,
        tracks=tracks_of(types, (one.spans for one in examples)),
        l2=STARTER_L2,
    )


def plan_for(examples: Sequence[Example]) -> HeadPlan:
    """The heads that rows of a shop's own can teach: each needs at least two different labels."""
    intents = tuple(dict.fromkeys(name for one in examples for name in one.intents))
    types = tuple(dict.fromkeys(span.type for one in examples for span in one.spans))

    def seen(order: tuple[str, ...], values: set[str]) -> tuple[str, ...]:
        return order if len(values & set(order)) > 1 else ()

    return HeadPlan(
        intents=tuple(sorted(intents)),
        scope=bool(intents) and any(not one.intents for one in examples),
        sentiments=seen(SENTIMENTS, {one.sentiment for one in examples}),
        urgencies=seen(URGENCIES, {one.urgency for one in examples}),
        tracks=tracks_of(tuple(sorted(types)), (one.spans for one in examples)),
    )
