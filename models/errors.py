"""Errors inside the engine and the trainers."""


class Stopped(Exception):
    """The work was asked to stop and did."""
