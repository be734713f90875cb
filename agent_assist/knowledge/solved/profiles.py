"""Which products a message names."""

from agent_assist.domain.understanding import Understanding
from agent_assist.storage.bigrams import fold

_SHORTEST_NAME = 2


def products_of(understanding: Understanding) -> tuple[str, ...]:
    """Names of products in the message, folded."""
    names = (fold(one.value or one.text) for one in understanding.entities if one.type == "product")
    return tuple(sorted({name for name in names if len(name) >= _SHORTEST_NAME}))
