"""A document as articles: one for its running text, and a FAQ for each question that it answers."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article, ArticleKind
from agent_assist.domain.language import detect_language
from agent_assist.errors import ImportRowError
from agent_assist.files.rows import RejectedRow
from agent_assist.files.text import content_id
from agent_assist.files.walk import rejected
from agent_assist.knowledge.blocks import parse_blocks
from agent_assist.knowledge.reading.fields import make_article
from agent_assist.knowledge.reading.questions import Pair, find_pairs, speaks_of_questions


def document_articles(values: Mapping[str, Any], path: Path) -> Iterator[Article | RejectedRow]:
    """The articles of the document with these fields; `text` is its Markdown.

    All have the document's standing. A question's doc_id is the document's with "#" and a digest of the question, so
    that a changed answer replaces the old one. A document that says itself what it is (a question, a macro) stays one.
    """
    try:
        whole = make_article(values, source=str(path))
    except ImportRowError as error:
        yield rejected(path, error.reason)
        return
    pairs = [] if values.get("kind") or whole.question else find_pairs(whole.text, title=whole.title)
    rest = _without(whole.text, pairs)
    if not rest and len(pairs) == 1:
        yield _faq(whole, pairs[0], whole.doc_id)
        return
    if rest:
        yield dataclasses.replace(whole, text=rest)
    seen: dict[str, int] = {}
    for pair in pairs:
        count = seen[pair.question] = seen.get(pair.question, 0) + 1
        key = (pair.question, *([str(count)] if count > 1 else []))
        yield _faq(whole, pair, f"{whole.doc_id}#{content_id('q', key)[:12]}")


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


def _without(text: str, pairs: Sequence[Pair]) -> str:
    """The text around the pairs; "" where headings are all that is left."""
    if not pairs:
        return text
    pieces = []
    position = 0
    for pair in pairs:
        pieces.append(text[position : pair.start].strip())
        position = pair.end
    pieces.append(text[position:].strip())
    return _with_content("\n\n".join(filter(None, pieces)))


def _with_content(text: str) -> str:
    """`text` without headings that have nothing below them any more, except the one that begins it."""
    blocks = parse_blocks(text)
    if all(block.level for block in blocks):
        return ""
    pieces: list[str] = []
    end = len(text)
    below = 0  # level of the last heading, seen from the end, that leads to content; 7 for content itself
    for block in reversed(blocks):
        if block.level and block.level >= below and block is not blocks[0]:
            pieces.append(text[block.end : end].strip())
            end = block.start
        else:
            below = block.level or 7
    pieces.append(text[:end].strip())
    return "\n\n".join(filter(None, reversed(pieces)))
