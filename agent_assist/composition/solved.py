"""Solved tickets beside open ones, and questions that nothing answers."""

from typing import TYPE_CHECKING

from agent_assist.services.gaps import GapService
from agent_assist.services.similar import SimilarService
from agent_assist.services.solved.encoder import QuestionEncoder
from agent_assist.storage.gaps import GapStore
from agent_assist.storage.solved import SolvedStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def solved_store(app: "App") -> SolvedStore:
    """Answered questions; one for all, because it keeps their codes in memory."""
    return SolvedStore(app.database)


def question_encoder(app: "App") -> QuestionEncoder:
    """Questions as vectors."""
    return QuestionEncoder(store=app.solved_store, engine=app.engine, events=app.events)


def similar(app: "App") -> SimilarService:
    """Solved tickets that are like an open one."""
    return SimilarService(
        solved=app.solved_store, encoder=app.question_encoder, settings=app.settings, events=app.events
    )


def gaps(app: "App") -> GapService:
    """Questions that nothing answers."""
    return GapService(
        gaps=GapStore(app.database),
        solved=app.solved_store,
        tickets=TicketStore(app.database),
        knowledge=app.knowledge,
        encoder=app.question_encoder,
        settings=app.settings,
    )
