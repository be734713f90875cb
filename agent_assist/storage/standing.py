"""Whether what a kept suggestion rests on is still there: an article may have changed meanwhile."""

from datetime import datetime

from agent_assist.domain.knowledge import Article
from agent_assist.domain.suggestion import Source, SourceKind, Suggestion
from agent_assist.storage import article_versions as versions
from agent_assist.storage.codec import decode
from agent_assist.storage.connection import Connection


def still_stands(connection: Connection, suggestion: Suggestion, now: datetime) -> bool:
    """Whether every article among the sources says what was cited, is approved, and holds at `now`."""
    return all(_holds(connection, source, now) for source in suggestion.sources if source.kind is SourceKind.ARTICLE)


def _holds(connection: Connection, source: Source, now: datetime) -> bool:
    row = connection.execute("SELECT body FROM articles WHERE doc_id = ?", (source.doc_id,)).fetchone()
    if row is None:
        return versions.newest(connection, source.doc_id) is None  # never one of ours, so not taken back either
    article = decode(row["body"], Article)
    return article.usable_at(now) and article.text[source.start : source.end] == source.passage
