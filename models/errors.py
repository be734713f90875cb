"""Errors inside the engine and the trainers."""


class Stopped(Exception):
    """The work was asked to stop and did."""


class CannotLearnError(Exception):
    """The models in use cannot learn from corrections; the message is a sentence that says why."""
