"""What people do with the shop's articles: write, change, compare, take back, review."""

from agent_assist.services.articles.citations import CitationService
from agent_assist.services.articles.conflicts import ConflictService
from agent_assist.services.articles.drafts import ArticleDraftService
from agent_assist.services.articles.editing import ArticleService
from agent_assist.services.articles.expiry import ExpiryService
from agent_assist.services.articles.from_tickets import TicketArticleService

__all__ = [
    "ArticleDraftService",
    "ArticleService",
    "CitationService",
    "ConflictService",
    "ExpiryService",
    "TicketArticleService",
]
