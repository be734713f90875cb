"""What of a thread is read: the newest customer message, and for a short one the customer's turn before it.

"那黑色的呢" or a bare order number says little alone. Such a message is read a second time behind the last thing the
customer said, and the two readings of its intent are mixed by the reader. Sentiment, urgency and entities are
always those of the message itself. A long message stands alone and costs nothing more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_assist.domain.language import is_han
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn

# A Han character counts as two letters.
_SHORT = 36
_CONTEXT_CHARS = 200
_SEPARATOR = "。"
# How much the reading behind the customer's turn before counts for a short message: the less, the surer the message
# alone is ("谢谢" after a complaint is thanks, a bare order number is whatever was asked before).
LEAST_CONTEXT, MOST_CONTEXT = 0.25, 0.85
# Doubt about the message alone counts so many times for the reading with context.
_DOUBT = 2.0


def newest_customer_text(thread: Sequence[Turn]) -> tuple[str, int]:
    """The newest customer message and its index; the last turn where the customer never wrote; ("", -1) if empty."""
    for index in range(len(thread) - 1, -1, -1):
        if thread[index].role is Role.CUSTOMER:
            return thread[index].text, index
    return (thread[-1].text, len(thread) - 1) if thread else ("", -1)


def with_context(thread: Sequence[Turn]) -> str | None:
    """The newest customer message behind the customer's turn before it; None where it stands alone."""
    text, index = newest_customer_text(thread)
    if not _is_short(text):
        return None
    before = [turn.text.strip() for turn in thread[: max(index, 0)] if turn.role is Role.CUSTOMER]
    before = [one for one in before if one]
    if not before:
        return None
    return behind(before[-1], text)


def behind(before: str, text: str) -> str:
    """A message behind the one before it, as one text."""
    return f"{before[-_CONTEXT_CHARS:]}{_SEPARATOR}{text}"


def _is_short(text: str) -> bool:
    if len(text) > _SHORT:
        return False
    return sum(2 if is_han(char) else 1 for char in text) <= _SHORT


def context_share(intents: NDArray[np.float32]) -> float:
    """The share of the reading with context, from the intents' logits [labels] of the message alone."""
    surest = 1.0 / (1.0 + np.exp(-float(intents.max()))) if intents.size else 1.0
    return float(np.clip(_DOUBT * (1.0 - surest), LEAST_CONTEXT, MOST_CONTEXT))
