"""An article's Markdown as blocks of spans that know their place in the source. No Qt.

Nothing in a text loads or acts: HTML is shown as the characters it is, pictures as their description, links as their
words with the address beside them. A line break stays one, as support texts are written line by line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from agent_assist.domain.knowledge import Article, ArticleKind

if TYPE_CHECKING:  # takes longer to import than the rest of the screen
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A longer text is shown as it is written: laying it out as Markdown would keep the window waiting.
LONGEST = 20_000


class BlockKind(StrEnum):
    """How a block looks."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    RULE = "rule"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `start` is where it stands in the source, -1 for what was put in here."""

    text: str
    start: int = -1
    bold: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the article, or a table: `rows` of cells of spans, the first row its head.

    `level` is that of a heading (1 to 6) or how deep an item or quote lies (from 1); `mark` is an item's bullet.
    """

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    mark: str = ""
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()


def is_markdown(article: Article) -> bool:
    """Whether an article is laid out; what is sent word for word is shown as it is written."""
    return article.kind is ArticleKind.ARTICLE and len(article.text) <= LONGEST


def blocks_of(text: str) -> list[Block]:
    """An article as it is read."""
    return _Reader(text).read()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("html_inline").disable("html_block")


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int


@dataclass(slots=True)
class _Reader:
    """Goes through the parser's tokens; `_place` is how far the source has been read."""

    source: str
    blocks: list[Block] = field(default_factory=list)
    _place: int = 0
    _lists: list[_List] = field(default_factory=list)
    _quotes: int = 0
    _heading: int = 0
    _marked: bool = True
    _rows: list[list[tuple[Span, ...]]] | None = None

    def read(self) -> list[Block]:
        lines = _starts(self.source)
        for token in _parser().parse(self.source):
            if token.map is not None and token.map[0] < len(lines):
                self._place = max(self._place, lines[token.map[0]])
            self._take(token)
        return self.blocks

    def _take(self, token: "Token") -> None:
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "heading_close":
                self._heading = 0
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                self._lists.append(_List(ordered, int(token.attrGet("start") or 1) - 1 if ordered else 0))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._lists[-1].number += 1
                self._marked = False
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "fence" | "code_block":
                self._code(token.content)
            case "hr":
                self.blocks.append(Block(BlockKind.RULE))
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])
            case "table_close":
                rows = tuple(tuple(row) for row in self._rows or ())
                self.blocks.append(Block(BlockKind.TABLE, rows=rows))
                self._rows = None
            case "inline":
                self._inline(token)

    def _inline(self, token: "Token") -> None:
        lines = list(self._spans(token.children or ()))
        if self._rows is not None and self._rows:
            self._rows[-1].append(tuple(span for line in lines for span in line))
            return
        for line in lines:
            self.blocks.append(self._block(tuple(line)))

    def _block(self, spans: tuple[Span, ...]) -> Block:
        if self._heading:
            return Block(BlockKind.HEADING, spans, self._heading)
        if self._lists:
            last = self._lists[-1]
            mark = "" if self._marked else f"{last.number}." if last.ordered else "•"
            self._marked = True
            return Block(BlockKind.ITEM, spans, len(self._lists), mark)
        if self._quotes:
            return Block(BlockKind.QUOTE, spans, self._quotes)
        return Block(BlockKind.PARAGRAPH, spans)

    def _code(self, content: str) -> None:
        for line in content.rstrip("\n").split("\n"):
            self.blocks.append(Block(BlockKind.CODE, (self._span(line, code=True),)))

    def _spans(self, children: Sequence["Token"]) -> Iterator[list[Span]]:
        """The spans of each line."""
        line: list[Span] = []
        bold = 0
        address = shown = ""
        for child in children:
            match child.type:
                case "softbreak" | "hardbreak":
                    yield line
                    line = []
                case "strong_open" | "em_open":
                    bold += 1
                case "strong_close" | "em_close":
                    bold -= 1
                case "link_open":
                    address, shown = str(child.attrGet("href") or ""), ""
                case "link_close":
                    if address and address not in (shown, f"mailto:{shown}"):
                        line.append(Span(f" ({address})"))
                case "image":
                    line.append(self._span(f"[{child.content}]" if child.content else "[…]"))
                case _ if child.content:
                    shown += child.content
                    line.append(self._span(child.content, bold=bold > 0, code=child.type == "code_inline"))
        yield line

    def _span(self, text: str, *, bold: bool = False, code: bool = False) -> Span:
        start = self.source.find(text, self._place) if text.strip() else -1
        if start >= 0:
            self._place = start + len(text)
        return Span(text, start, bold, code)


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
