"""A document as articles: one for its running text, and a FAQ for each question that it answers."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import RejectedRow
from agent_assist.files.text import content_id
from agent_assist.files.walk import rejected
from agent_assist.knowledge.reading.embedded import find_tables
from agent_assist.knowledge.reading.fields import make_article
from agent_assist.knowledge.reading.parts import split_long, without
from agent_assist.knowledge.reading.questions import Pair, find_pairs, speaks_of_questions

_INHERITED = ("owner", "valid_from", "valid_until", "tags", "products", "intents")


def document_articles(values: Mapping[str, Any], path: Path) -> Iterator[Article | RejectedRow]:
    """The articles of the document with these fields; `text` is its Markdown.

    All have the document's standing. A question's doc_id is the document's with "#" and a digest of the question, so
    that a changed answer replaces the old one. A document that says itself what it is (a question, a macro) stays one.
    One that is too long for an article is cut into parts between its headings.
    """
    seen: Counter[str] = Counter()
    try:
        parts = split_long(str(values.get("text") or ""))
        for number, text in enumerate(parts, start=1):
            part = make_article({**values, "text": text}, source=str(path))
            yield from _part(part, number, seen, is_whole=bool(values.get("kind") or part.question))
    except ImportRowError as error:
        yield rejected(path, error.reason)


def _part(part: Article, number: int, seen: Counter[str], *, is_whole: bool) -> Iterator[Article]:
    """The articles of one part; `seen` counts the questions of all."""
    tables = [] if is_whole else find_tables(part.text)
    held = [(table.start, table.end) for table in tables]
    pairs = [] if is_whole else find_pairs(part.text, title=part.title, without=held)
    rest = without(part.text, sorted([*held, *((pair.start, pair.end) for pair in pairs)]))
    if not rest and len(pairs) == 1 and not tables and number == 1:
        yield _faq(part, pairs[0], part.doc_id)
        return
    if rest and number == 1:
        yield dataclasses.replace(part, text=rest)
    elif rest:
        yield dataclasses.replace(
            part, text=rest, doc_id=f"{part.doc_id}#part-{number}", title=f"{part.title[:290]} ({number})"
        )
    for article in (one for table in tables for one in table.articles):
        yield _row(part, article, seen)
    for pair in pairs:
        yield _faq(part, pair, f"{part.doc_id}#{_key('q', pair.question, seen)}")


def _row(part: Article, row: Article, seen: Counter[str]) -> Article:
    """A row of a table in the document, with the document's standing where it has none of its own."""
    key = _key("q", row.question, seen) if row.question else _key("p", row.doc_id, seen)
    inherited = {field: getattr(row, field) or getattr(part, field) for field in _INHERITED}
    status = row.status if row.status is not ArticleStatus.APPROVED else part.status
    visibility = row.visibility if row.visibility is not Visibility.PUBLIC else part.visibility
    return dataclasses.replace(
        row, **inherited, doc_id=f"{part.doc_id}#{key}", source=part.source, status=status, visibility=visibility
    )


def _key(kind: str, name: str, seen: Counter[str]) -> str:
    """A short digest of the name, another one for each time that it comes."""
    seen[name] += 1
    return content_id(kind, (name, *([str(seen[name])] if seen[name] > 1 else [])))[:12]


def _faq(whole: Article, pair: Pair, doc_id: str) -> Article:
    return dataclasses.replace(
        whole,
        doc_id=doc_id,
        title=_title(whole.title, pair)[:300],
        text=pair.answer,
        question=pair.question,
        kind=ArticleKind.FAQ,
        language=detect_language(f"{pair.question} {pair.answer}"),
    )


def _title(document: str, pair: Pair) -> str:
    """The question with what it is about: below "Watch S3" another "How do I charge it?" is meant than below "R5"."""
    above = [title for title in dict.fromkeys((document, *pair.path)) if not speaks_of_questions(title)]
    return " › ".join([*(title for title in above if title != pair.question), pair.question])
