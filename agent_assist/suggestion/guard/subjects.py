"""Whether a value that the sources hold is told of the same thing there.

Of the statements with which the draft's claim could be meant, those compete that differ in value. What they have in
common says nothing; what only one of them says (exchange against return, model A against model B) decides.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.suggestion.guard.claims import Claim
from agent_assist.suggestion.guard.contexts import Statement
from agent_assist.suggestion.guard.lookup import same_claim
from agent_assist.suggestion.guard.weights import telling

# Tuned on the first half of tests/benchmarks/fact_guard_drafts.jsonl.
LEAST = 0.3
LEAD = 1.25
# What the customer wrote supports a value less than what the shop wrote.
THREAD = 0.6
OTHER_UNIT = 0.5
# What a sentence begins with is mostly what it is about.
TOPIC = 1.5
# How much it counts against a statement that words beside its value are not in the draft.
MISSING = 0.8
_CLOSE = 0.6
# What the customer asked about counts as said, faintly.
_ASKED = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of the evidence; `weight` below 1 for the customer's words."""

    statement: Statement
    weight: float = 1.0


class Subjects:
    """The statements of some evidence, ready to be compared with a draft's; made once for many checks."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._weighers: dict[str, _Weigher] = {}

    def is_told_of_another(self, mine: Statement, beside: Sequence[Statement], asked: frozenset[str]) -> bool:
        """Whether the value of `mine` belongs to something else; `beside` are the draft's other claims."""
        weigh = self._weigher(mine.claim)
        same = [place for place in weigh.rivals if same_claim(place.statement.claim, mine.claim)]
        others = [place for place in weigh.rivals if place.weight == 1.0 and place not in same]
        same += self._other_units(mine)
        if not same or not others:
            return False
        own = max(weigh.likeness(mine, place.statement, asked) * place.weight for place in same)
        likeness, other = max(
            ((weigh.likeness(mine, place.statement, asked), place) for place in others), key=lambda rated: rated[0]
        )
        if likeness < LEAST or likeness < own * LEAD:
            return False
        return not _is_claimed(other, beside, weigh, likeness, asked)

    def _weigher(self, claim: Claim) -> "_Weigher":
        if claim.group not in self._weighers:
            rivals = [place for place in self._places if _may_compete(place.statement.claim, claim)]
            self._weighers[claim.group] = _Weigher(rivals)
        return self._weighers[claim.group]

    def _other_units(self, mine: Statement) -> list[Place]:
        """Where a number stands with another unit: 50节 supports 50位 only where nothing better fits."""
        if not mine.claim.group.startswith("number"):
            return []
        return [
            Place(place.statement, place.weight * OTHER_UNIT)
            for place in self._places
            if place.statement.claim.group.startswith(("number", "amount", "percentage"))
            and not _may_compete(place.statement.claim, mine.claim)
            and mine.claim.keys <= {key.split(" ")[0].removesuffix(".00") for key in place.statement.claim.keys}
        ]


def _may_compete(one: Claim, other: Claim) -> bool:
    """Of one kind; a number in a table has no unit."""
    return one.group == other.group or (
        "number" in (one.group, other.group) and one.group.startswith("number") and other.group.startswith("number")
    )


def _is_claimed(
    place: Place, beside: Sequence[Statement], weigh: "_Weigher", likeness: float, asked: frozenset[str]
) -> bool:
    """Whether another claim of the draft says that very statement, and says it better."""
    return any(
        same_claim(one.claim, place.statement.claim) and weigh.likeness(one, place.statement, asked) >= likeness
        for one in beside
        if one.claim.group == place.statement.claim.group
    )


class _Weigher:
    """Likeness of two statements by the words that tell the competing ones apart."""

    def __init__(self, rivals: Sequence[Place]) -> None:
        self.rivals = rivals
        seen: dict[str, float] = defaultdict(float)
        for rival in rivals:
            for word, weight in rival.statement.words.items():
                seen[word] += weight * weight
        self._rarity = {word: telling(word, total, len(rivals)) for word, total in seen.items()}

    def likeness(self, mine: Statement, other: Statement, asked: frozenset[str]) -> float:
        """Shared telling words against those that only the other one has close by."""
        shared = missing = 0.0
        for word, weight in other.words.items():
            rarity = self._rarity.get(word, 0.0)
            if not rarity:
                continue
            own = mine.words.get(word, 0.0)
            if own and word in mine.topic:
                own *= TOPIC
            if own < _ASKED and word in asked:
                own = _ASKED
            if own:
                shared += own * weight * rarity
            elif weight > _CLOSE:
                missing += weight * rarity
        return shared / math.sqrt(1.0 + MISSING * missing)
