"""How a reply is worded: the tone a shop writes in, and what can be done to a text that stands."""

from enum import StrEnum


class Tone(StrEnum):
    """The tone of a draft."""

    PLAIN = "plain"
    WARM = "warm"
    FORMAL = "formal"
    SHORT = "short"


class Rewording(StrEnum):
    """What to do to a text; its facts stay."""

    WARM = "warm"
    FORMAL = "formal"
    SHORT = "short"
    LONG = "long"
    SIMPLE = "simple"
    CORRECT = "correct"
    TRANSLATE = "translate"
