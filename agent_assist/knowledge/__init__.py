"""The shop's knowledge: articles out of files, passages, the index, and hybrid search over it."""

from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge.index import IndexPlan, KnowledgeIndex, without_vectors
from agent_assist.knowledge.queries import thread_query
from agent_assist.knowledge.reading import ArticleReader, is_supported, read_articles, read_file
from agent_assist.knowledge.searching.search import Searcher
from agent_assist.knowledge.splitter import split_article

__all__ = [
    "ArticleReader",
    "IndexPlan",
    "KnowledgeIndex",
    "RejectedRow",
    "Searcher",
    "is_supported",
    "read_articles",
    "read_file",
    "split_article",
    "thread_query",
    "without_vectors",
]
