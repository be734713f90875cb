"""A draft that no longer fits: why it was withdrawn, and what it said. No Qt."""

from enum import StrEnum


class Why(StrEnum):
    """What happened after the draft was written."""

    MESSAGE = "message"
    KNOWLEDGE = "knowledge"
    ORDER = "order"


class Renewal:
    """`why` a draft was withdrawn (None: none was), its text as `earlier`, and whether somebody is `looking` at it."""

    def __init__(self) -> None:
        self.why: Why | None = None
        self.earlier = ""
        self.looking = False

    def withdraw(self, why: Why, text: str) -> None:
        """Take back what is on the screen; without a text there what was withdrawn before stays to be looked at."""
        self.earlier = text or self.earlier
        self.why = why if self.earlier else None

    def forget(self) -> None:
        """Another ticket, or a reply went out."""
        self.why, self.earlier, self.looking = None, "", False

    def look(self) -> None:
        """Show the withdrawn text, or hide it again."""
        self.looking = self.why is not None and not self.looking
