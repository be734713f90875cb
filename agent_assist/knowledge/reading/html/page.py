"""One page of HTML: its title and its Markdown."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agent_assist.knowledge.reading.html.clean import check_tags, clean_html
from agent_assist.knowledge.reading.html.inline import one_line
from agent_assist.knowledge.reading.html.render import Renderer

_MARKUP = re.compile(
    r"</(?:p|div|span|li|ul|ol|b|strong|a|h[1-6]|table|td|em|i|u|font)>|<(?:br|hr|p|li|img)\b[^<>]*>", re.I
)

_BLOCK = re.compile(r"</(?:p|div|li|td|h[1-6])>|<br\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`title` is "" where the page names none; `text` is Markdown in which nothing acts or loads."""

    title: str
    text: str


def read_html(html: str) -> Page:
    """Raises ImportRowError for a page that is nested beyond reason."""
    tree = clean_html(html)
    content = _content(tree)
    title = _title(tree, content)
    for node in tree.css("title"):
        node.decompose()
    if content is None:
        return Page(title=title, text="")
    return Page(title=title, text="\n\n".join(Renderer(title=title).blocks(content)))


def words_of_html(text: str) -> str:
    """A text in which a help desk's editor left its HTML, as Markdown; one without tags as it is.

    Raises ImportRowError as `read_html`, and for more tags than an answer has.
    """
    if "<" not in text or not _MARKUP.search(text):
        return text
    # Without blocks the line feeds are the text's own and not the editor's.
    check_tags(text)
    return read_html(text if _BLOCK.search(text) else text.replace("\n", "<br>")).text


def _content(tree: LexborHTMLParser) -> LexborNode | None:
    """The main part where the page names one, else all of it."""
    for wanted in ("main", "[role=main]", "article"):
        found = tree.css(wanted)
        if len(found) == 1 and len(found[0].text(strip=True)) >= 20:
            return found[0]
    return tree.body


def _title(tree: LexborHTMLParser, content: LexborNode | None) -> str:
    for place, wanted in ((content, "h1"), (tree, "h1"), (tree, "title")):
        node = place.css_first(wanted) if place is not None else None
        if node is not None and (title := one_line(node)):
            return title
    return ""
