"""Unanswered questions in groups that one article could answer.

Average linkage over how alike two questions are (agent_assist.knowledge.solved.comparing): unlike with chains of near
ones a group does not run from one topic into the next, and a newcomer moves few. Pairs that share neither an intent nor
a rare word are not looked at and count as unlike, which keeps a thousand questions in plain Python under a second.
"""

import heapq
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import mul

from agent_assist.knowledge.solved import Side, alike, compare, rarity

LEAST = 0.3
"""On average so alike are the questions of a group. On the questions of the sample shop's 68 FAQ two thirds of the
pairs that this puts together belong together, and it finds two fifths of those that do; see
tests/benchmarks/bench_gaps.py."""

_SHARED_WEIGHT = 0.3
_RARE = 12
_PAUSE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What questions are grouped by; `vector` is a unit vector (float32, little-endian) or b""."""

    side: Side
    vector: bytes = b""


class Grouping:
    """The groups of `questions`: call `steps` to the end, then read `groups`."""

    def __init__(self, questions: Sequence[Question], *, least: float = LEAST) -> None:
        self._questions = questions
        self._least = least
        self._values = [_unpacked(question.vector) for question in questions]
        frequencies = Counter(word for question in questions for word in question.side.words)
        self._frequencies = frequencies
        self._weights = rarity(frequencies, len(questions))
        self._members = {place: [place] for place in range(len(questions))}
        self._near: dict[int, dict[int, float]] = defaultdict(dict)
        self._pairs: dict[tuple[int, int], float] = {}

    @property
    def groups(self) -> list[list[int]]:
        """Places of the questions of each group, the one most like the others first."""
        return [self._by_middle(members) for _, members in sorted(self._members.items())]

    def steps(self) -> Iterator[None]:
        """Does the work and gives way now and then."""
        for number, (one, other) in enumerate(self._candidates()):
            if number % _PAUSE == 0:
                yield
            likeness = self._alike(one, other)
            self._pairs[one, other] = likeness
            self._near[one][other] = self._near[other][one] = likeness
        yield from self._merge()

    def _candidates(self) -> list[tuple[int, int]]:
        holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, question in enumerate(self._questions):
            for label, weight in question.side.profile:
                if weight >= _SHARED_WEIGHT:
                    holders["intent", label].append(place)
            for word in question.side.words:
                if self._frequencies[word] <= _RARE:
                    holders["word", word].append(place)
        found = {
            (one, other) for places in holders.values() for at, one in enumerate(places) for other in places[at + 1 :]
        }
        return sorted(found)

    def _alike(self, one: int, other: int) -> float:
        """The mean of both directions, since the words of either can be the fewer."""
        first, second = self._questions[one], self._questions[other]
        cosine = sum(map(mul, self._values[one], self._values[other]))
        both = (
            alike(
                compare(
                    here.side,
                    there.side,
                    cosine=cosine,
                    weights={word: self._weights[word] for word in here.side.words},
                )
            )
            for here, there in ((first, second), (second, first))
        )
        return sum(both) / 2

    def _merge(self) -> Iterator[None]:
        heap = [(-likeness, one, other) for (one, other), likeness in self._pairs.items() if likeness >= self._least]
        heapq.heapify(heap)
        done = 0
        while heap:
            likeness, one, other = heapq.heappop(heap)
            if one in self._members and other in self._members and self._near[one].get(other) == -likeness:
                for place in self._join(one, other):
                    if (nearness := self._near[one][place]) >= self._least:
                        heapq.heappush(heap, (-nearness, min(one, place), max(one, place)))
                done += 1
                if done % _PAUSE == 0:
                    yield

    def _join(self, one: int, other: int) -> list[int]:
        """Put `other` into `one`, the group of the older question; returns the groups that are near."""
        sizes = len(self._members[one]), len(self._members[other])
        self._members[one] += self._members.pop(other)
        theirs = self._near.pop(other)
        mine = self._near[one]
        mine.pop(other), theirs.pop(one)
        for place in {*mine, *theirs}:
            total = sizes[0] * mine.get(place, 0.0) + sizes[1] * theirs.get(place, 0.0)
            mine[place] = self._near[place][one] = total / sum(sizes)
            self._near[place].pop(other, None)
        return sorted(mine)

    def _by_middle(self, members: list[int]) -> list[int]:
        def closeness(place: int) -> float:
            return sum(self._pairs.get((min(place, other), max(place, other)), 0.0) for other in members)

        return sorted(members, key=lambda place: (-closeness(place), place))


def _unpacked(vector: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // 4}f", vector)
