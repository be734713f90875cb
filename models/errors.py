"""Errors inside the engine and the trainers."""


class Stopped(Exception):
    """The work was asked to stop and did."""


class RefusedError(Exception):
    """The request cannot be answered; the message is a sentence for people."""


class TooSmallError(RefusedError):
    """The model does not manage a text of `tokens` for this; its limit is `limit` (0: it cannot do this at all)."""

    def __init__(self, message: str, *, tokens: int, limit: int) -> None:
        super().__init__(message)
        self.tokens = tokens
        self.limit = limit


class CannotLearnError(Exception):
    """The models in use cannot learn from corrections; the message is a sentence that says why."""


class NoMemoryError(Exception):
    """The device ran out of memory under the work."""


class BadNumbersError(Exception):
    """A model's logits are no numbers: its weights are damaged, or its device computes wrongly."""


class UnusableModelError(Exception):
    """The file or folder is no model for this program; the message says why and what would be."""
