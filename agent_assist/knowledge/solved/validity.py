"""Whether a reply that was sent may still hold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from agent_assist.domain.knowledge import Article, ArticleStatus
from agent_assist.domain.solved import OutdatedReason
from agent_assist.domain.suggestion import Source, SourceKind

_MONTH = timedelta(days=365.2425 / 12)


def outdated(
    *, sent: datetime, sources: Sequence[Source], articles: Mapping[str, Article], now: datetime, months: int
) -> tuple[OutdatedReason, ...]:
    """Why a reply of `sent` that rested on `sources` may hold no more. `articles` are those that are there now."""
    found = [OutdatedReason.OLD] if now - sent > months * _MONTH else []
    for source in sources:
        if source.kind is SourceKind.ARTICLE:
            found += _of_article(source, articles.get(source.doc_id), now)
    return tuple(dict.fromkeys(found))


def _of_article(source: Source, article: Article | None, now: datetime) -> Iterator[OutdatedReason]:
    if article is None:
        yield OutdatedReason.ARTICLE_GONE
        return
    if article.status is not ArticleStatus.APPROVED:
        yield OutdatedReason.ARTICLE_BLOCKED
    if article.valid_until is not None and article.valid_until <= now:
        yield OutdatedReason.ARTICLE_EXPIRED
    if article.text[source.start : source.end] != source.passage:
        yield OutdatedReason.ARTICLE_CHANGED
