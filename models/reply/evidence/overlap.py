"""What a question and a clause share in letters: the plainest clue, and one that needs no learning.

Words of Latin script count by their beginnings ("return", "returned"), Chinese by characters and pairs of them. A term
weighs by how few of the clauses before the reader have it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.engine.protocol import Turn
from models.reply.evidence.notes import ORDER, Clause, Unit

FEATURES = 6
_STEM = 5
_SINGLE = 0.4  # of a single character, beside a pair
_WORD = re.compile(r"[a-z]+|\d+(?:[.:]\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def overlap(thread: Sequence[Turn], units: Sequence[Unit], clauses: Sequence[Clause]) -> NDArray[np.float32]:
    """[clauses, FEATURES]: what the newest message shares with the clause, with its unit under its title, what the
    turns before share with the unit; each of the first two beside the most of any clause; whether it is an order's."""
    bags = [terms(unit.title + " " + unit.text) for unit in units]
    own = [terms(clause.text) for clause in clauses]
    seen: Counter[str] = Counter()
    for bag in bags:
        seen.update(bag)
    weights = {
        term: math.log(1 + len(bags) / count) * (_SINGLE if len(term) == 1 else 1.0) for term, count in seen.items()
    }
    asked = terms(thread[-1].text if thread else "")
    before = terms(" ".join(turn.text for turn in thread[-3:-1]))
    rows = [
        (
            _shared(asked, own[place], weights),
            _shared(asked, bags[clause.unit], weights),
            _shared(before, bags[clause.unit], weights),
        )
        for place, clause in enumerate(clauses)
    ]
    found = np.zeros((len(clauses), FEATURES), np.float32)
    if rows:
        found[:, :3] = np.array(rows, np.float32) / 5.0
        found[:, 3:5] = found[:, :2] - found[:, :2].max(0)
        found[:, 5] = [units[clause.unit].passage == ORDER for clause in clauses]
    return found


def terms(text: str) -> frozenset[str]:
    """The terms of a text."""
    folded = text.casefold()
    found = {word[:_STEM] if word[0].isalpha() else word for word in _WORD.findall(folded)}
    for run in _HAN.findall(folded):
        found.update(run)
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return frozenset(found)


def _shared(asked: frozenset[str], held: frozenset[str], weights: dict[str, float]) -> float:
    return sum(weights.get(term, 0.0) for term in asked & held)
