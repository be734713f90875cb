"""What people do with the shop's articles: write, change, compare, take back, review."""

from agent_assist.services.articles.editing import ArticleService

__all__ = ["ArticleService"]
