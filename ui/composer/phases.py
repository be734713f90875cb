"""What the suggestion card shows, and what a second press confirms. No Qt."""

from enum import StrEnum

from agent_assist.domain.feedback import RejectReason
from ui.ports import TicketView


class Phase(StrEnum):
    """What the suggestion card shows."""

    IDLE = "idle"
    SEARCHING = "searching"
    WRITING = "writing"
    READY = "ready"
    NONE = "none"
    AWAY = "away"
    REJECTED = "rejected"
    ANSWERED = "answered"
    STOPPED = "stopped"


class Confirm(StrEnum):
    """What a second press of "send as it is", or of "send" for `EDITED`, would confirm."""

    UNSUPPORTED = "unsupported"
    EDITED = "edited"
    OWN_TEXT = "own_text"


def rejected(view: TicketView) -> RejectReason | None:
    """Why the present suggestion was rejected, if it was and that was not taken back."""
    for event in view.events:
        if event.reason is not None and event.ticket_version == view.ticket.version:
            return event.reason
    return None
