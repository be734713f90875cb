"""The text of an HTML mail as a reader sees it, quoted mail marked with `> ` as in plain text.

selectolax parses the way browsers do, so broken mail HTML comes out whole; it is small, MIT and carries wheels
(html2text is GPL, BeautifulSoup is slower by an order of magnitude and needs a parser of its own choice).
"""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SKIPPED = frozenset({"script", "style", "head", "title", "meta", "link", "template", "noscript", "-comment"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "table", "tr", "ul", "ol", "li", "dl", "dt", "dd", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "fieldset", "center"}
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
# Deeper nesting is no mail a person wrote; its text is taken without structure.
_MAX_DEPTH = 200
# The parser's time grows with the square of the depth: 0.02 s at this one, minutes at a hundred times it.
_MAX_OPEN = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z]+)")
# Tags that close themselves or are closed by the next of their kind.
_SHALLOW = frozenset({"br", "img", "hr", "meta", "link", "input", "p", "li", "tr", "td", "th", "dd", "dt", "option"})


def html_to_text(html: str) -> str:
    """Text with a line a block; images and links count by their words only."""
    if _is_too_deep(html):
        return unescape(re.sub(r"<[^>]*>", " ", html)).strip()
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    lines = _Lines()
    _walk(root, lines, 0)
    return lines.text()


def _is_too_deep(html: str) -> bool:
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _SHALLOW:
            depth = max(0, depth - 1) if match[1] else depth + 1
            if depth > _MAX_OPEN:
                return True
    return False


class _Lines:
    """Collects words into lines; `quote` levels of `> ` stand before each."""

    def __init__(self) -> None:
        self.quote = 0
        self._done: list[str] = []
        self._words: list[str] = []

    def add(self, text: str) -> None:
        self._words.append(text)

    def end_line(self, *, blank: bool = False, always: bool = False) -> None:
        line = _SPACES.sub(" ", "".join(self._words).replace("\xa0", " ")).strip()
        self._words = []
        prefix = "> " * self.quote
        if line or always:
            self._done.append(prefix + line)
        if blank and self._done and self._done[-1].strip("> "):
            self._done.append(prefix.rstrip())

    def text(self) -> str:
        self.end_line()
        return "\n".join(self._done)


def _walk(node: LexborNode, lines: _Lines, depth: int) -> None:
    tag = node.tag or ""
    if tag in _SKIPPED:
        return
    if tag == "-text":
        lines.add(node.text_content or "")
    elif tag == "br":
        lines.end_line(always=True)
    elif depth > _MAX_DEPTH:
        lines.add(node.text(separator=" "))
    elif tag == "blockquote":
        _quoted(node, lines, depth)
    else:
        _plain(node, tag, lines, depth)


def _quoted(node: LexborNode, lines: _Lines, depth: int) -> None:
    lines.end_line()
    lines.quote += 1
    _children(node, lines, depth)
    lines.end_line()
    lines.quote -= 1


def _plain(node: LexborNode, tag: str, lines: _Lines, depth: int) -> None:
    block = tag in _BLOCKS
    if block:
        lines.end_line()
    if tag == "li":
        lines.add("- ")
    if tag == "hr":
        lines.end_line(always=True)
    _children(node, lines, depth)
    if tag in {"td", "th"}:
        lines.add("  ")
    if block:
        lines.end_line(blank=tag in _SPACED)


def _children(node: LexborNode, lines: _Lines, depth: int) -> None:
    for child in node.iter(include_text=True):
        _walk(child, lines, depth + 1)
