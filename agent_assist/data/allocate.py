"""Dealing rows out to parts of wanted sizes, groups whole and labels evenly.

Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011), rarest label first, with groups of rows in place of
rows. scikit-learn's splitters refuse labels with a single row, know no rows with several labels, and with groups count
these instead of rows.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from agent_assist.data.row import Row

Unit = Sequence[int]
"""Places of rows that stay together."""


def units_of(groups: Sequence[int]) -> list[list[int]]:
    """The places of each group, in order of their first ones."""
    units: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        units.setdefault(group, []).append(place)
    return list(units.values())


def strata(row: Row) -> tuple[str, ...]:
    """What a row counts as: its labels, else the types of its entities."""
    return row.labels or tuple(sorted({span.type for span in row.spans or ()})) or ("",)


def allocate(
    units: Sequence[Unit], shares: Mapping[str, float], *, seed: int, labels: Sequence[Sequence[str]] | None = None
) -> dict[str, list[int]]:
    """The places of each part, sorted; `shares` add up to 1 and are shares of rows.

    With `labels` (of each place) every label is spread over the parts by their shares; one that is too rare for that
    goes to the first part first.
    """
    chance = random.Random(seed)
    order = sorted(chance.sample(units, len(units)), key=len, reverse=True)
    return _Dealer(shares, order, labels).deal()


class _Dealer:
    """How much each part still wants of each label, and in all."""

    def __init__(
        self, shares: Mapping[str, float], order: Sequence[Unit], labels: Sequence[Sequence[str]] | None
    ) -> None:
        self._order = order
        self._counts = [
            Counter(label for place in unit for label in labels[place]) if labels else None for unit in order
        ]
        total = sum(map(len, order))
        wanted = sum((counts for counts in self._counts if counts is not None), Counter[str]())
        self._left = dict(wanted)
        self._room = {name: share * total for name, share in shares.items()}
        self._wants = {
            name: {label: share * count for label, count in wanted.items()} for name, share in shares.items()
        }
        self._parts: dict[str, list[int]] = {name: [] for name in shares}

    def deal(self) -> dict[str, list[int]]:
        open_units = dict(enumerate(self._counts))
        by_label: dict[str, list[int]] = {}
        for number, counts in open_units.items():
            for label in counts or ():
                by_label.setdefault(label, []).append(number)
        while self._left:
            rarest = min(self._left, key=lambda label: (self._left[label], label))
            for number in by_label[rarest]:
                if number in open_units:
                    self._give(number, open_units.pop(number), rarest)
            del self._left[rarest]
        for number in open_units:
            self._give(number, None, None)
        return {name: sorted(places) for name, places in self._parts.items()}

    def _give(self, number: int, counts: Counter[str] | None, label: str | None) -> None:
        """Give a unit to the part that wants most of `label`, then most in all, then the first one."""
        name = max(
            self._parts, key=lambda part: (self._wants[part].get(label or "", 0.0) if label else 0, self._room[part])
        )
        self._parts[name] += self._order[number]
        self._room[name] -= len(self._order[number])
        for one, count in (counts or {}).items():
            self._wants[name][one] -= count
            if one in self._left:
                self._left[one] -= count
