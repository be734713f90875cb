"""The body of a Word document as HTML: headings, items, tables.

The libraries at hand fall short: mammoth (BSD) builds trees in Python, 0.25 s for a document of one line and more than
the limit for one of 200 pages; python-docx (MIT) leaves out what stands in tracked insertions, and lists, links and
merged cells to us. So the XML is walked here with the standard library's parser, which is written in C.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading.archive import check_archive
from agent_assist.knowledge.reading.docx.package import (
    Package,
    Style,
    W,
    is_on,
    numbering,
    open_package,
    outline,
    value,
)
from agent_assist.knowledge.reading.docx.runs import shown, text_boxes, words
from agent_assist.knowledge.reading.html import Page, read_html

_PLAIN = Style()
_MAX_DEPTH = 8


def read_docx(path: Path) -> Page:
    """Raises ImportRowError for a file that is no Word document, is damaged or would blow up."""
    check_archive(path)
    try:
        package = open_package(path)
    except (ParseError, KeyError) as error:
        raise ImportRowError("The Word document is damaged; save it anew and try again.") from error
    return read_html("\n".join(_Body(package).html(package.body)))


class _Body:
    """Turns paragraphs and tables into HTML; lists go on counting where they were interrupted."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._counted: Counter[tuple[str, int]] = Counter()
        self._open: list[str] = []  # the closing tags of the lists that are open, outermost first

    def html(self, parent: Element) -> Iterator[str]:
        """The HTML of the paragraphs and tables inside `parent`."""
        for child in shown(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._close_lists(0)
                yield from self._table(child)
        yield from self._close_lists(0)

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        properties = paragraph.find(f"{W}pPr")
        style = self._package.styles.get(value(properties, "pStyle"), _PLAIN)
        text = words(paragraph, self._package.links)
        level = outline(properties) or style.level
        number, depth = numbering(properties)
        if not number:
            number, depth = style.number, depth or style.depth
        if text.strip() and not level and number not in {"", "0"}:
            yield from self._item(text, number, min(depth, _MAX_DEPTH))
        elif text.strip():
            yield from self._close_lists(0)
            yield f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"
        for box in text_boxes(paragraph):
            yield from self._close_lists(0)
            yield from self.html(box)

    def _item(self, text: str, number: str, depth: int) -> Iterator[str]:
        yield from self._close_lists(depth + 1)
        tag = "ol" if (number, depth) in self._package.numbered else "ul"
        if len(self._open) == depth + 1 and self._open[-1] != f"</{tag}>":
            yield from self._close_lists(depth)
        while len(self._open) <= depth:
            inner = tag if len(self._open) == depth else "ul"
            yield f'<{inner} start="{self._counted[number, depth] + 1}">' if inner == "ol" else f"<{inner}>"
            self._open.append(f"</{inner}>")
        self._counted[number, depth] += 1
        for deeper in range(depth + 1, _MAX_DEPTH + 1):
            self._counted[number, deeper] = 0
        yield f"<li>{text}</li>"

    def _close_lists(self, depth: int) -> Iterator[str]:
        while len(self._open) > depth:
            yield self._open.pop()

    def _table(self, table: Element) -> Iterator[str]:
        above: dict[int, str] = {}  # column -> the cell that goes on below
        yield "<table>"
        for row in shown(table):
            if row.tag == f"{W}tr" and not is_on(row.find(f"{W}trPr"), "del"):
                yield "<tr>"
                yield from self._row(row, above)
                yield "</tr>"
        yield "</table>"

    def _row(self, row: Element, above: dict[int, str]) -> Iterator[str]:
        column = 0
        for cell in shown(row):
            if cell.tag != f"{W}tc":
                continue
            properties = cell.find(f"{W}tcPr")
            span = value(properties, "gridSpan")
            width = min(int(span), 50) if span.isdecimal() and len(span) < 4 else 1
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            if merged is not None and merged.get(f"{W}val") != "restart" and column in above:
                text = above[column]
            else:
                text = "\n".join(_Body(self._package).html(cell))
            above[column] = text
            yield f'<td colspan="{width}">{text}</td>'
            column += width
