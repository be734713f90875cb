"""Texts worded anew, and threads in short."""

from typing import TYPE_CHECKING

from agent_assist.services.rewriting import RewriteService
from agent_assist.services.small_models import Ways
from agent_assist.services.summaries import SummaryService
from agent_assist.storage.summaries import SummaryStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def ways(app: "App") -> Ways:
    """What may be asked of a small model, and how."""
    return Ways(knowledge=app.knowledge, settings=app.settings)


def rewriting(app: "App") -> RewriteService:
    """A text in another tone, length or language."""
    return RewriteService(engine=app.engine, reply_checks=app.reply_checks, ways=app.ways)


def summaries(app: "App") -> SummaryService:
    """A long thread in a few lines."""
    return SummaryService(
        engine=app.engine, tickets=TicketStore(app.database), summaries=SummaryStore(app.database), ways=app.ways
    )
