"""A thread in four lines, for the colleague who takes it over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The customer's problem, what was done, what is open, the next step; a field may be empty.

    It holds for version `ticket_version` of the ticket and is in `language`. `doubts` are figures of it that no
    message holds, as they are written; `cut`: the end is missing for want of room.
    """

    ticket_id: str
    ticket_version: int
    language: str
    problem: str
    done: str
    open: str
    next: str
    doubts: tuple[str, ...] = ()
    cut: bool = False
    model_version: str = ""
    total_ms: float = 0.0

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The fields by name, in order."""
        return (("problem", self.problem), ("done", self.done), ("open", self.open), ("next", self.next))
