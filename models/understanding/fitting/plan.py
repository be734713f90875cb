"""What heads are fitted, on which labels, and how they are chosen and calibrated."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.understanding import SENTIMENTS, URGENCIES
from models.understanding.corpus import Example
from models.understanding.entities.fit import USUAL, EntityFit
from models.understanding.entities.tags import Tracks, tracks_of
from models.understanding.fitting.sentences import FEW_ROWS, MANY_ROWS, Strength

# Likelihood out of fold would go lower still, but shops write otherwise than the corpus: messages from elsewhere were
# read best from 80 to 160 (bench_understanding.py).
STARTER_STRENGTHS = (Strength(80.0, 25.0), Strength(160.0, 25.0))
STARTER_ENTITIES = EntityFit(epochs=12, rate=2e-3, smoothing=0.0, nets=1)
# Where the rows come from the shop that will be read.
_OWN_L2 = (2.0, 6.0, 20.0, 60.0)
# Rows a label from which n-grams count in full. Held-out rows do not choose this: they are written like those that a
# tuned trunk has seen, and any weight reads them well.
_MANY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPlan:
    """An empty tuple means no such head. `scope` asks for a head of its own for being out of scope, which needs
    examples without intents or a background of foreign messages; without it the best intent's score decides alone.
    `half_scope` = that head sees the last layer only. `exclusive` = of every example in scope exactly one intent holds.
    """

    intents: tuple[str, ...] = ()
    exclusive: bool = False
    scope: bool = False
    half_scope: bool = True
    sentiments: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    tracks: Tracks = ()
    strengths: tuple[Strength, ...] = tuple(Strength(l2) for l2 in _OWN_L2)
    entity_fit: EntityFit = USUAL

    @property
    def reads_messages(self) -> bool:
        """Whether any head reads whole messages."""
        return bool(self.intents or self.scope or self.sentiments or self.urgencies)


def own_strengths(rows: int, labels: int) -> tuple[Strength, ...]:
    """What is tried for so many rows with so many labels."""
    lexical = MANY_ROWS if rows >= _MANY * labels else FEW_ROWS
    return tuple(Strength(l2, lexical) for l2 in _OWN_L2)


def starter_plan(examples: Sequence[Example]) -> HeadPlan:
    """Every head over the labels of the taxonomy."""
    taxonomy = load_taxonomy()
    types = tuple(name for name, label in taxonomy.entities.items() if label.source == "head")
    return HeadPlan(
        intents=tuple(taxonomy.intents),
        scope=True,
        half_scope=False,
        sentiments=SENTIMENTS,
        urgencies=URGENCIES,
        tracks=tracks_of(types, (one.spans for one in examples)),
        strengths=STARTER_STRENGTHS,
        entity_fit=STARTER_ENTITIES,
    )
