"""How much a word tells of which statement is meant."""

import math


def telling(word: str, seen: float, count: int) -> float:
    """Nothing for a word of all `count` statements, most for one of a single one; a lone character tells half.

    `seen` is the sum of the word's weights over the statements.
    """
    rarity = math.log((count + 0.5) / (seen + 0.25)) if seen < count else 0.0
    return rarity * (1.0 if len(word) > 1 else 0.5)
