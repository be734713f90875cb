"""Texts and rows that belong together: chains of near texts, rows of one conversation."""

from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, islice

from agent_assist.data.near import PERMUTATIONS, check_threshold, near_ones, rows_a_band, sketch
from agent_assist.data.row import Row

# So many members of a cluster are compared at once; once one of them is near, the others need not be.
_AT_ONCE = 64


class Sets:
    """Numbers 0 to `count` - 1 in sets that are joined (union-find)."""

    def __init__(self, count: int) -> None:
        """Each number alone."""
        self._parents = list(range(count))

    def find(self, number: int) -> int:
        """The number that stands for the set of `number`."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make two sets one."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parents[second] = first

    def join_equal(self, values: Sequence[Hashable]) -> None:
        """Join the numbers whose values are equal."""
        firsts: dict[Hashable, int] = {}
        for number, value in enumerate(values):
            self.join(firsts.setdefault(value, number), number)

    def all(self) -> list[int]:
        """For each number the one that stands for its set."""
        return [self.find(number) for number in range(len(self._parents))]


def groups_of(rows: Sequence[Row], *, near: float, conversations: bool = True) -> list[int]:
    """A number for each row, equal for rows that may not be torn apart.

    These are rows whose texts are equal or at least `near` similar, by chains too, and rows of one conversation.
    """
    check_threshold(near)
    sets = Sets(len(rows))
    keys = [row.key for row in rows]
    sets.join_equal(keys)
    if conversations:
        sets.join_equal([row.conversation or number for number, row in enumerate(rows)])
    if near < 1:
        _join_near(sets, keys, near)
    return sets.all()


def _join_near(sets: Sets, keys: Sequence[str], near: float) -> None:
    rows = rows_a_band(near)
    # Texts that share a band, by the set they were in when they came.
    bands: dict[tuple[int, bytes], dict[int, list[int]]] = {}
    firsts: dict[str, int] = {}
    for number, key in enumerate(keys):
        if firsts.setdefault(key, number) != number:
            continue
        values = sketch(key).hashvalues
        places = [(start, values[start : start + rows].tobytes()) for start in range(0, PERMUTATIONS - rows + 1, rows)]
        shared = [bands.setdefault(place, {}) for place in places]
        for others in _candidates(sets, number, shared):
            for place in near_ones(key, [keys[other] for other in others], threshold=near):
                sets.join(number, others[place])
        own = sets.find(number)
        for band in shared:
            band.setdefault(own, []).append(number)


def _candidates(sets: Sets, number: int, shared: Sequence[dict[int, list[int]]]) -> Iterator[list[int]]:
    """Texts to compare with, some at a time: one of each set first, then none of a set that has been joined."""
    members: dict[int, list[list[int]]] = {}
    for band in shared:
        for name, numbers in band.items():
            members.setdefault(sets.find(name), []).append(numbers)
    firsts = [lists[0][0] for lists in members.values()]
    yield firsts
    few: set[int] = set()
    many: list[list[list[int]]] = []
    for lists in members.values():
        if sum(map(len, lists)) <= _AT_ONCE:
            few.update(*lists)
        else:
            many.append(lists)
    yield [other for other in few.difference(firsts) if sets.find(other) != sets.find(number)]
    for lists in many:
        everyone = chain.from_iterable(lists)  # some twice, which costs less than telling
        while (some := list(islice(everyone, _AT_ONCE))) and sets.find(some[0]) != sets.find(number):
            yield some
