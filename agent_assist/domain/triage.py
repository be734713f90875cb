"""What agents do with tickets beside answering them: whose they are, when they come back, that they are done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MoveKind(StrEnum):
    """One way to put tickets elsewhere; `WOKEN` ends a snooze before its time."""

    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    DONE = "done"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One act on one or many tickets, undone as a whole.

    `id` sorts by time. `ticket_ids` are those that it changed, in the order given. `assignee` is meant by `ASSIGNED`
    (empty for nobody), `until` by `SNOOZED`.
    """

    id: str
    at: datetime
    actor: str
    kind: MoveKind
    ticket_ids: tuple[str, ...] = ()
    assignee: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Tickets that a move was taken back for, and how many were left since something else happened to them."""

    move: Move
    ticket_ids: tuple[str, ...]
    left: int
