"""What the window needs from the services, as protocols, so that screens run over the real ones and over doubles.

Their types are imported for checking alone: the window is painted before the services are imported, which takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ui.ports.desk import (
    Attachments,
    Customers,
    Feedback,
    ImportReport,
    Lookup,
    Progress,
    RejectedRow,
    Similar,
    Tickets,
    TicketView,
    Triage,
)
from ui.ports.drafting import Canned, Prefetch, ReplyChecks, Rewriting, Suggestions, Summaries
from ui.ports.knowledge import (
    ArticleDrafts,
    Articles,
    Citations,
    Conflicts,
    Expiry,
    Gaps,
    Indexing,
    Knowledge,
    KnowledgeReport,
    Previews,
    Samples,
    TicketArticles,
)
from ui.ports.program import ModelCard, Models, ModelState, Preferences, SelfTest

if TYPE_CHECKING:
    from agent_assist.domain.events import DomainEvent

__all__ = [
    "ArticleDrafts",
    "Articles",
    "Attachments",
    "Canned",
    "Citations",
    "Conflicts",
    "Customers",
    "Events",
    "Expiry",
    "Feedback",
    "Gaps",
    "ImportReport",
    "Indexing",
    "Knowledge",
    "KnowledgeReport",
    "Lookup",
    "ModelCard",
    "ModelState",
    "Models",
    "Preferences",
    "Prefetch",
    "Previews",
    "Progress",
    "RejectedRow",
    "ReplyChecks",
    "Rewriting",
    "Samples",
    "SelfTest",
    "Services",
    "Similar",
    "Suggestions",
    "Summaries",
    "TicketArticles",
    "TicketView",
    "Tickets",
    "Triage",
]


class Events(Protocol):
    """The event bus."""

    def subscribe(self, listener: Callable[[DomainEvent], None], /) -> Callable[[], None]: ...


class Services(Protocol):
    """The services of an open profile (`agent_assist.composition.App`)."""

    @property
    def events(self) -> Events: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def triage(self) -> Triage: ...
    @property
    def suggestions(self) -> Suggestions: ...
    @property
    def rewriting(self) -> Rewriting: ...
    @property
    def summaries(self) -> Summaries: ...
    @property
    def prefetch(self) -> Prefetch: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def lookup(self) -> Lookup: ...
    @property
    def similar(self) -> Similar: ...
    @property
    def reply_checks(self) -> ReplyChecks: ...
    @property
    def canned(self) -> Canned: ...
    @property
    def knowledge(self) -> Knowledge: ...
    @property
    def samples(self) -> Samples: ...
    @property
    def settings(self) -> Preferences: ...
    @property
    def models(self) -> Models: ...
    @property
    def self_test(self) -> SelfTest: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def article_drafts(self) -> ArticleDrafts: ...
    @property
    def citations(self) -> Citations: ...
    @property
    def expiry(self) -> Expiry: ...
    @property
    def previews(self) -> Previews: ...
    @property
    def indexing(self) -> Indexing: ...
    @property
    def conflicts(self) -> Conflicts: ...
    @property
    def gaps(self) -> Gaps: ...
    @property
    def ticket_articles(self) -> TicketArticles: ...
