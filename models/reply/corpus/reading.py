"""Rows as the writer meets them: the notes cut to a few units, and the clauses that a reader took for the answer.

The reader errs now and then, so some rows name a wrong clause, or none: what the notes say has to be read all the same.
"""

import random
from dataclasses import dataclass, replace

from msgspec import structs

from models.reply.corpus.evidence import Evidence, evidence, shared_terms, terms
from models.reply.corpus.rows import Row
from models.reply.evidence.choosing import MOST_KEYS
from models.reply.evidence.notes import ORDER, narrowed

_OTHERS = (0, 1, 1, 2)  # units beside those that answer
_OTHERS_ALONE = (1, 2, 2, 3)  # units where none answers
_FALSE_KEY, _NO_KEY, _ONE_TOO_MANY = 0.10, 0.07, 0.12  # of the rows that are answered
_FALSE_KEY_ALONE = 0.45  # of those that are not


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A row with its notes cut, and the clauses in their `keys`."""

    row: Row
    keys: tuple[str, ...]


def read(row: Row, rng: random.Random) -> Read:
    """The row as a reader with this many errors would leave it."""
    found = evidence(row)
    asked = terms(row.draft.thread[-1].text)
    near = sorted(
        range(len(found.clauses)),
        key=lambda place: (-shared_terms(asked, terms(_whole_unit(found, place))), rng.random()),
    )
    false = next((place for place in near if place not in found.held), None)
    keys = sorted(found.held)[:MOST_KEYS]
    chance = rng.random()
    if not found.held:
        keys = [false] if false is not None and chance < _FALSE_KEY_ALONE else []
    elif chance < _FALSE_KEY and false is not None:
        keys = [false]
    elif chance < _FALSE_KEY + _NO_KEY:
        keys = []
    elif chance < _FALSE_KEY + _NO_KEY + _ONE_TOO_MANY and false is not None:
        keys = sorted([*keys, false])
    wanted = {found.clauses[place].unit for place in (*found.held, *keys)}
    room = rng.choice(_OTHERS if found.held else _OTHERS_ALONE)
    for place in near:
        if room <= 0:
            break
        unit = found.clauses[place].unit
        if unit not in wanted and found.units[unit].passage != ORDER:
            wanted.add(unit)
            room -= 1
    kept = [found.units[place] for place in sorted(wanted) if found.units[place].passage != ORDER]
    draft = structs.replace(row.draft, passages=narrowed(row.draft.passages, kept))
    return Read(row=replace(row, draft=draft), keys=tuple(found.clauses[place].text for place in keys))


def _whole_unit(found: Evidence, place: int) -> str:
    unit = found.units[found.clauses[place].unit]
    return f"{unit.title} {unit.text} {found.clauses[place].text}"
