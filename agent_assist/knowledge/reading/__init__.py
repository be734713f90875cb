"""Files become articles: each kind of file with its structure, each row or file that cannot be used with its reason."""

from agent_assist.knowledge.reading.reader import ArticleReader, is_supported, read_articles, read_file

__all__ = ["ArticleReader", "is_supported", "read_articles", "read_file"]
