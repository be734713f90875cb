"""What of a row the trunk reads."""

from models.encoder.tokens import Encoded
from models.training.rows import Row

# As the reader joins a short message with the customer's turn before it (models.understanding.threads).
_CONTEXT_CHARS = 200
_SEPARATOR = "。"


def read_text(row: Row) -> str:
    """The text, behind the message before where the row names one."""
    before = row.before.strip()
    return f"{before[-_CONTEXT_CHARS:]}{_SEPARATOR}{row.text}" if before else row.text


def cut(encoded: Encoded, tokens: int) -> Encoded:
    """At most `tokens` tokens, the last one staying the end's."""
    if len(encoded.ids) <= tokens:
        return encoded
    return Encoded((*encoded.ids[: tokens - 1], encoded.ids[-1]), (*encoded.offsets[: tokens - 1], encoded.offsets[-1]))
