"""From the probabilities of clauses to what the writer is shown: a few units, and the clauses that answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.reply.evidence.notes import ORDER, Clause, Unit

MOST_UNITS, MOST_KEYS = 3, 3
# From here on a clause is taken for an answer; below, the best one alone, as long as it is not out of the question.
_KEY, _LEAST_KEY = 0.5, 0.15
_LEAST_UNIT = 0.01
# What a reply has to say: the likeliest clause, and those that are nearly as likely.
_SAID, _NEAR = 0.3, 0.7


@dataclass(frozen=True, slots=True)
class Chosen:
    """All in reading order; `places` are those of the keys' clauses, `answers` of the clauses that a reply has to say.

    `answerable` is the likeliest clause's probability.
    """

    units: tuple[Unit, ...]
    keys: tuple[str, ...]
    places: tuple[int, ...]
    answers: tuple[int, ...]
    answerable: float


def choose(units: Sequence[Unit], clauses: Sequence[Clause], chances: Sequence[float]) -> Chosen:
    """`chances` are the probabilities that each clause answers. At least one unit stays, where there is one."""
    likeliest = sorted(range(len(clauses)), key=lambda place: -chances[place])
    keys = [place for place in likeliest[:MOST_KEYS] if chances[place] >= _KEY]
    if not keys:
        keys = [place for place in likeliest[:1] if chances[place] >= _LEAST_KEY]
    kept: list[int] = []
    for place in (*keys, *likeliest):
        unit = clauses[place].unit
        if unit in kept or units[unit].passage == ORDER:
            continue
        if len(kept) < MOST_UNITS and (chances[place] >= _LEAST_UNIT or not kept):
            kept.append(unit)
    return Chosen(
        tuple(units[number] for number in sorted(kept)),
        tuple(clauses[place].text for place in sorted(keys)),
        tuple(sorted(keys)),
        tuple(sorted(_to_say(likeliest[:MOST_KEYS], chances))),
        chances[likeliest[0]] if likeliest else 0.0,
    )


def _to_say(likeliest: Sequence[int], chances: Sequence[float]) -> list[int]:
    if not likeliest or chances[likeliest[0]] < _LEAST_KEY:
        return []
    least = max(_SAID, _NEAR * chances[likeliest[0]])
    return [likeliest[0], *(place for place in likeliest[1:] if chances[place] >= least)]
