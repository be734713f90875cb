"""Suggestions: asked for, prepared ahead, and products advised."""

from typing import TYPE_CHECKING

from agent_assist.services.prefetch import PrefetchService
from agent_assist.services.recommendation import RecommendationService
from agent_assist.services.suggestions import Candidates, Suggester, SuggestionService
from agent_assist.storage.articles.canned import CannedStore
from agent_assist.storage.offers import OfferStore
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore

if TYPE_CHECKING:
    from agent_assist.composition.app import App


def recommendation(app: "App") -> RecommendationService:
    """Products for wishes."""
    return RecommendationService(
        offers=OfferStore(app.database),
        shop=ShopStore(app.database),
        tickets=TicketStore(app.database),
        engine=app.engine,
        events=app.events,
    )


def suggester(app: "App") -> Suggester:
    """What to reply to a ticket."""
    return Suggester(
        engine=app.engine,
        knowledge=app.knowledge,
        recommendation=app.recommendation,
        shop=ShopStore(app.database),
        product_names=app.product_names,
        canned=CannedStore(app.database),
        settings=app.settings,
    )


def candidates(app: "App") -> Candidates:
    """Several drafts to choose from."""
    return Candidates(engine=app.engine, suggester=app.suggester)


def suggestions(app: "App") -> SuggestionService:
    """Suggestions for the open ticket."""
    return SuggestionService(
        tickets=TicketStore(app.database),
        reading=app.reading,
        suggester=app.suggester,
        candidates=app.candidates,
        when_unanswered=app.gaps.unanswered,
    )


def prefetch(app: "App") -> PrefetchService:
    """Waiting tickets are prepared ahead."""
    return PrefetchService(
        tickets=TicketStore(app.database),
        suggestions=app.suggestions,
        clock=app.clock,
        settings=app.settings,
        events=app.events,
    )
