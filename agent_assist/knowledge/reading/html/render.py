"""A cleaned tree as Markdown: headings, paragraphs, lists, tables, quotations."""

from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from agent_assist.knowledge.reading.html.inline import inline_text, one_line, paragraph
from agent_assist.knowledge.reading.html.tables import table_rows
from agent_assist.knowledge.reading.inert import inert_words
from agent_assist.knowledge.reading.questions import is_question, speaks_of_questions
from agent_assist.knowledge.reading.tables import markdown_table

BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "table", "ul", "ol", "li", "dl", "dt", "dd", "pre"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "details", "summary", "figure", "figcaption", "hr", "address"}
    | {"aside", "nav", "body", "html", "center", "dialog", "caption"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAX_DEPTH = 150


class Renderer:
    """Renders one page. It remembers the level of the last heading, below which questions are put."""

    def __init__(self, *, title: str) -> None:
        self._level = 1
        # The level of the heading that speaks of questions, 0 for the title of the page, 7 for none.
        self._asking = 0 if speaks_of_questions(title) else 7

    def blocks(self, node: LexborNode, depth: int = 0) -> Iterator[str]:
        """The Markdown blocks inside `node`, without blank lines between."""
        words: list[str] = []
        for child in node.iter(include_text=True):
            if not _holds_block(child):
                words.append(inline_text(child))
                continue
            yield from _paragraph(words)
            words.clear()
            yield from self._block(child, depth + 1)
        yield from _paragraph(words)

    def _block(self, node: LexborNode, depth: int) -> Iterator[str]:
        tag = node.tag or ""
        if depth > _MAX_DEPTH:
            yield from _paragraph([inert_words(node.text(separator=" "))])
        elif tag in _HEADINGS:
            yield from self._heading(node, _HEADINGS[tag])
        elif tag in {"ul", "ol"}:
            yield from self._list(node, depth)
        elif tag == "table":
            yield from self._table(node, depth)
        elif tag == "dl":
            yield from self._definitions(node, depth)
        elif tag == "details":
            yield from self._details(node, depth)
        elif tag == "blockquote":
            yield from ("\n".join(f"> {line}" for line in block.split("\n")) for block in self.blocks(node, depth))
        elif tag == "pre":
            yield from filter(None, [inert_words(node.text()).strip("\n")])
        else:
            yield from self.blocks(node, depth)

    def _heading(self, node: LexborNode, level: int) -> Iterator[str]:
        if title := one_line(node):
            self._level = level
            if level <= self._asking and self._asking:
                self._asking = level if speaks_of_questions(title) else 7
            yield f"{'#' * level} {title}"

    def _list(self, node: LexborNode, depth: int) -> Iterator[str]:
        number = _whole(node.attributes.get("start"), 1)
        items = []
        for child in node.iter():
            inner = "\n".join(self.blocks(child, depth) if child.tag == "li" else self._block(child, depth))
            if not inner:
                continue
            mark = f"{number}. " if node.tag == "ol" else "- "
            items.append(mark + inner.replace("\n", "\n" + " " * len(mark)) if child.tag == "li" else inner)
            number += child.tag == "li"
        yield from filter(None, ["\n".join(items)])

    def _table(self, node: LexborNode, depth: int) -> Iterator[str]:
        rows = table_rows(node)
        if rows is None:  # a table that only lays out a page
            for cell in node.css("td, th, caption"):
                if not _inside(cell, node):
                    yield from self.blocks(cell, depth)
            return
        if (caption := node.css_first("caption")) is not None:
            yield from filter(None, [one_line(caption)])
        yield from filter(None, [markdown_table(rows)])

    def _definitions(self, node: LexborNode, depth: int) -> Iterator[str]:
        pairs = list(_pairs(node))
        asked = self._asking < 7 or any(is_question(one_line(term)) for term, _ in pairs)
        lines = []
        for term, meanings in pairs:
            if asked:
                yield from self._asked(one_line(term), (b for one in meanings for b in self.blocks(one, depth)))
            else:
                lines.append(f"- {one_line(term)}: {' '.join(map(one_line, meanings))}")
        yield from filter(None, ["\n".join(lines)])

    def _details(self, node: LexborNode, depth: int) -> Iterator[str]:
        summary = node.css_first("summary")
        title = one_line(summary) if summary is not None else ""
        if summary is not None:
            summary.decompose()
        yield from self._asked(title, self.blocks(node, depth))

    def _asked(self, title: str, answer: Iterable[str]) -> Iterator[str]:
        """A part that a question or a name stands above, as a heading below the last one."""
        if title:
            yield f"{'#' * min(6, self._level + 1)} {title}"
        level = self._level
        self._level = min(5, level + 1)
        yield from answer
        self._level = level


def _paragraph(words: list[str]) -> Iterator[str]:
    if text := paragraph(words):
        yield text


def _holds_block(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag == "-text":
        return False
    return tag in BLOCKS or node.css_first(_ANY_BLOCK) is not None


_ANY_BLOCK = ", ".join(sorted(BLOCKS - {"body", "html"}))


def _pairs(node: LexborNode) -> Iterator[tuple[LexborNode, list[LexborNode]]]:
    term: LexborNode | None = None
    meanings: list[LexborNode] = []
    for child in node.css("dt, dd"):
        if child.tag == "dd":
            meanings.append(child)
            continue
        if term is not None and meanings:
            yield term, meanings
        term, meanings = child, []
    if term is not None:
        yield term, meanings


def _inside(cell: LexborNode, table: LexborNode) -> bool:
    """True for a cell that lies in another cell of the table, and so comes with that one."""
    parent = cell.parent
    while parent is not None and parent.mem_id != table.mem_id:
        if parent.tag in {"td", "th"}:
            return True
        parent = parent.parent
    return False


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
