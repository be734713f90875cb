"""The shop's knowledge: articles out of files, passages, the index, and hybrid search over it."""

from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge.index import IndexPlan, KnowledgeIndex
from agent_assist.knowledge.queries import thread_query
from agent_assist.knowledge.readers import read_articles
from agent_assist.knowledge.search import Searcher
from agent_assist.knowledge.splitter import split_article

__all__ = ["IndexPlan", "KnowledgeIndex", "RejectedRow", "Searcher", "read_articles", "split_article", "thread_query"]
