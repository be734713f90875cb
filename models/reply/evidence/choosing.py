"""From the probabilities of clauses to what the writer is shown: a few units, and the clauses that answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from models.reply.evidence.notes import ORDER, Clause, Unit

MOST_UNITS, MOST_KEYS = 3, 3
# From here on a clause is taken for an answer; below, the best one alone, as long as it is not out of the question.
_KEY, _LEAST_KEY = 0.5, 0.15
_LEAST_UNIT = 0.01
# What a reply has to say: the likeliest clause, and those that are nearly as likely.
_SAID, _NEAR = 0.3, 0.7
# A clause that answers another question better answers this one too from here on.
_SHARED = 0.7


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


def choose_each(
    units: Sequence[Unit], clauses: Sequence[Clause], readings: Sequence[Sequence[float]]
) -> tuple[Chosen, tuple[Chosen, ...]]:
    """What is shown for several questions, and what was chosen for each; `readings` are the chances for each.

    Every question with an answer has a key; as many units stay as one question has, or one for each.
    """
    readings = _own(readings)
    each = tuple(choose(units, clauses, reading) for reading in readings)
    if len(each) < 2:
        return (each[0] if each else choose(units, clauses, ())), each
    best = [max(column) for column in zip(*readings, strict=True)]
    places = list(
        dict.fromkeys(_in_turn([_by_chance(one.answers, row) for one, row in zip(each, readings, strict=True)]))
    )
    keys = sorted(places[: max(MOST_KEYS, len(each))])
    kept: list[int] = []
    for place in (*places, *_by_chance(range(len(clauses)), best)):
        unit = clauses[place].unit
        if unit in kept or units[unit].passage == ORDER:
            continue
        if len(kept) < max(MOST_UNITS, len(each)) and (best[place] >= _LEAST_UNIT or not kept):
            kept.append(unit)
    shown = Chosen(
        tuple(units[number] for number in sorted(kept)),
        tuple(clauses[place].text for place in keys),
        tuple(keys),
        tuple(sorted(places)),
        max(best, default=0.0),
    )
    return shown, each


def _own(readings: Sequence[Sequence[float]]) -> Sequence[Sequence[float]]:
    """Without what a question owes to its neighbour: the clause that answers another one better, and it hardly."""
    tops = [max(range(len(reading)), key=reading.__getitem__, default=-1) for reading in readings]
    own = [list(reading) for reading in readings]
    for number, reading in enumerate(readings):
        for other, place in enumerate(tops):
            if other != number and place >= 0 and reading[place] < min(_SHARED, readings[other][place]):
                own[number][place] = 0.0
    return own


def _by_chance(places: Iterable[int], chances: Sequence[float]) -> list[int]:
    return sorted(places, key=lambda place: -chances[place])


def _in_turn(lists: Sequence[Sequence[int]]) -> Iterator[int]:
    """The first of each list, then the second of each, and so on."""
    for row in zip_longest(*lists):
        yield from (place for place in row if place is not None)


def _to_say(likeliest: Sequence[int], chances: Sequence[float]) -> list[int]:
    if not likeliest or chances[likeliest[0]] < _LEAST_KEY:
        return []
    least = max(_SAID, _NEAR * chances[likeliest[0]])
    return [likeliest[0], *(place for place in likeliest[1:] if chances[place] >= least)]
