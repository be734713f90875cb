"""Tables of questions or of products inside a document: their rows mean the same as in a file of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article
from agent_assist.errors import ImportRowError
from agent_assist.files.table import Header, find_header
from agent_assist.knowledge.blocks import Block, parse_blocks
from agent_assist.knowledge.reading.rows import LAYOUTS, record_article

_LAYOUTS = [layout for layout in LAYOUTS if layout.name in {"faq", "products"}]
_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*--[ \t:|-]*")
_BETWEEN = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedTable:
    """`text[start:end]` is a Markdown table; `articles` are its rows, without the document's own fields."""

    articles: tuple[Article, ...]
    start: int
    end: int


def find_tables(text: str) -> list[EmbeddedTable]:
    """The tables of `text` of which every row is a question with its answer, or every row a product."""
    if "|" not in text:
        return []
    tables = (_table(text, group) for group in _groups(text, parse_blocks(text)))
    return [table for table in tables if table is not None]


def _groups(text: str, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks of each table: the first holds the header, too; the others name it."""
    group: list[Block] = []
    for block in blocks:
        if group and block.header:
            group.append(block)
            continue
        if group:
            yield group
        lines = text[block.start : block.end].split("\n", 2)
        group = [block] if len(lines) == 3 and "|" in lines[0] and _RULE.fullmatch(lines[1]) else []
    if group:
        yield group


def _table(text: str, group: Sequence[Block]) -> EmbeddedTable | None:
    start, end = group[0].start, group[-1].end
    first, _, *rows = text[start:end].split("\n")
    header = find_header(_cells(first), _LAYOUTS)
    if header is None:
        return None
    try:
        articles = tuple(article for row in rows if (article := _article(header, row)) is not None)
    except ImportRowError:
        return None  # it only looks like one, and stays the text that it is
    return EmbeddedTable(articles=articles, start=start, end=end) if articles else None


def _article(header: Header, row: str) -> Article | None:
    record = header.record(0, _cells(row))
    return record_article(record, source="") if record is not None else None


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.replace("\\|", "|").strip() for cell in _BETWEEN.split(inner)]
