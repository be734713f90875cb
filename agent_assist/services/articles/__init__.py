"""What people do with the shop's articles: write, change, compare, take back, review."""

from agent_assist.services.articles.editing import ArticleService
from agent_assist.services.articles.expiry import ExpiryService

__all__ = ["ArticleService", "ExpiryService"]
