"""Nearest vectors by codes are the true ones."""

import math
import random
import struct

from agent_assist.knowledge.conflicts.nearest import EXACT, Nearest, cosine


def vectors(count: int) -> list[bytes]:
    """Unit vectors around a common direction, as e5's are; each tenth lies near the one before."""
    dice = random.Random(3)
    base = [dice.gauss(0, 1) for _ in range(384)]
    made: list[list[float]] = []
    for number in range(count):
        if number % 10 == 9:
            values = [value + dice.gauss(0, 0.3) for value in made[-1]]
        else:
            values = [2 * value + dice.gauss(0, 1) for value in base]
        made.append(values)
    lengths = [math.sqrt(sum(value * value for value in values)) for values in made]
    return [
        struct.pack("<384f", *(value / length for value in values))
        for values, length in zip(made, lengths, strict=True)
    ]


def test_the_near_ones_are_found_among_many_and_among_few() -> None:
    for count in (20, EXACT + 50):
        stored = vectors(count)
        nearest = Nearest(stored)
        for vector in stored:
            nearest.add(vector)
        plain = [struct.unpack("<384f", vector) for vector in stored]
        for place in range(9, count, 10):
            found = nearest.find(stored[place], most=4, least=0.9)
            assert [place, place - 1] == [one for one, _ in found[:2]]
            assert math.isclose(found[1][1], cosine(plain[place], plain[place - 1]), rel_tol=1e-6)


def test_nothing_is_found_below_the_least_cosine() -> None:
    stored = vectors(5)
    nearest = Nearest(stored)
    for vector in stored:
        nearest.add(vector)
    assert [place for place, _ in nearest.find(stored[0], most=5, least=0.999)] == [0]
