"""What the list of tickets needs: the first thing that a window shows."""

from typing import TYPE_CHECKING

from agent_assist.services.clock import ResponseClock
from agent_assist.services.reading import ReadingService
from agent_assist.services.tickets import TicketService
from agent_assist.services.triage import TriageService
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.moves import MoveStore
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def reading(app: "App") -> ReadingService:
    """Understanding of stored tickets."""
    return ReadingService(tickets=TicketStore(app.database), engine=app.engine, events=app.events)


def clock(app: "App") -> ResponseClock:
    """When replies are due."""
    return ResponseClock(app.settings)


def tickets(app: "App") -> TicketService:
    """The inbox."""
    return TicketService(
        tickets=TicketStore(app.database),
        importer=lambda: app.importer,
        shop=ShopStore(app.database),
        log=FeedbackLog(app.database),
        reading=app.reading,
        clock=app.clock,
        settings=app.settings,
    )


def triage(app: "App") -> TriageService:
    """Whose tickets are, and when they come back."""
    return TriageService(
        tickets=TicketStore(app.database),
        moves=MoveStore(app.database),
        clock=app.clock,
        settings=app.settings,
        events=app.events,
    )
