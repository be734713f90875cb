"""Whether two drafts say the same in nearly the same words."""

from agent_assist.text.comparable import comparison_key

# Share of pairs of characters in common (Dice). Of drafts sampled for one prompt those above differ in a word or a
# sign; below, in a sentence or in how it is put.
NEAR_EQUAL = 0.85


def near_equal(one: str, other: str) -> bool:
    """Whether a person would call them the same answer."""
    first, second = comparison_key(one), comparison_key(other)
    if first == second:
        return True
    pairs, others = _pairs(first), _pairs(second)
    shared = sum(min(count, others.get(pair, 0)) for pair, count in pairs.items())
    return 2 * shared >= NEAR_EQUAL * (sum(pairs.values()) + sum(others.values()))


def _pairs(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for place in range(len(text) - 1):
        pair = text[place : place + 2]
        counts[pair] = counts.get(pair, 0) + 1
    return counts
