"""HTML without what acts, hides or surrounds: scripts, styles, forms, hidden parts, navigation.

nh3 (ammonia, the sanitiser of the Rust world; MIT, wheels for every system) does the first step by lists of what is
allowed; selectolax finds what is left to drop.
"""

import re

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading.limits import HTML_DEPTH

_TAGS = frozenset(
    {"html", "head", "body", "title", "main", "article", "section", "div", "header", "footer", "nav", "aside", "p"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "figure"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "blockquote", "pre", "br", "hr", "a", "img"}
    | {"strong", "b", "span", "address", "figcaption", "dialog", "label", "center"}
)
_GONE_WITH_CONTENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "frameset", "object", "embed", "applet"}
    | {"canvas", "audio", "video", "select", "textarea", "datalist", "noembed", "noframes", "xmp", "plaintext"}
)
_EVERYWHERE = {"hidden", "style", "class", "id", "role", "aria-hidden"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "dialog": {"open"},
}
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity|max-height)\s*:\s*0(?:\.0+)?(?:px|em|rem|%|pt)?\s*(?:;|!|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_SURROUNDINGS = frozenset(
    {"nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "sidebar", "footer", "site-footer"}
    | {
        "site-header",
        "cookie",
        "cookies",
        "cookie-banner",
        "cookie-consent",
        "cookie-notice",
        "skip-link",
        "pagination",
    }
    | {
        "sr-only",
        "visually-hidden",
        "screen-reader-text",
        "social-share",
        "share-buttons",
        "related-articles",
        "hidden",
    }
)
_ROLES = frozenset({"navigation", "search", "banner", "contentinfo", "complementary", "menu", "menubar", "dialog"})
_OPEN_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_TAG_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset({"br", "hr", "img"})
# Tags without an end, and those that the next of their kind ends.
_SHALLOW = (
    _VOID
    | {"meta", "link", "input", "col", "area", "source", "wbr", "embed", "param", "track", "base"}
    | {
        *("p", "li", "tr", "td", "th", "dd", "dt", "option", "thead", "tbody", "tfoot", "colgroup"),
    }
)


def clean_html(html: str) -> LexborHTMLParser:
    """The tree of what a reader sees. Raises ImportRowError for nesting that no page of people has."""
    # Tags that are never closed make the first look unsure, so it has a wide limit.
    _check_depth(html, 10 * HTML_DEPTH, _SHALLOW)
    safe = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_GONE_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    _check_depth(safe, HTML_DEPTH, _VOID)
    tree = LexborHTMLParser(safe)
    for node in [node for node in tree.css("*") if _is_hidden(node)]:
        node.decompose()
    for node in [node for node in tree.css("nav, aside, header, footer, [role], [class], [id]") if _surrounds(node)]:
        node.decompose()
    return tree


def check_tags(html: str) -> None:
    """A bound for HTML that is parsed outside of the child, where no clock runs: on the tags that can lie in one
    another, however they are written. The sanitiser takes 0.03 s for 3,000 of them, 34 s for 100,000. Raises
    ImportRowError."""
    count = sum(1 for match in _TAG_NAME.finditer(html) if match[1].lower() not in _SHALLOW)
    if count > 3 * HTML_DEPTH:
        raise ImportRowError("The text holds more HTML than an answer has; save it as a page of its own.")


def _check_depth(html: str, limit: int, shallow: frozenset[str]) -> None:
    """Parsers take time by the square of the depth, so the depth is found before. Raises ImportRowError."""
    depth = 0
    for match in _OPEN_TAG.finditer(html):
        if match[3] or match[2].lower() in shallow:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > limit:
            raise ImportRowError("The page's elements are nested too deeply to be read.")


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if node.tag == "dialog" and "open" not in attributes:
        return True
    if not attributes:
        return False
    style = attributes.get("style") or ""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or _HIDING.search(style):
        return True
    tiny = {"0", "1", "0px", "1px"}
    return node.tag == "img" and (attributes.get("width") in tiny or attributes.get("height") in tiny)


def _surrounds(node: LexborNode) -> bool:
    """True for what stands around a page's content; never for a part that holds the content itself."""
    tag, attributes = node.tag or "", node.attributes
    if tag in {"html", "body", "main", "article"}:
        return False
    named = {*(attributes.get("class") or "").lower().split(), (attributes.get("id") or "").lower()}
    marked = (attributes.get("role") or "").lower() in _ROLES or bool(named & _SURROUNDINGS)
    if tag in {"nav", "aside"}:
        marked = True
    elif tag in {"header", "footer"}:
        marked = marked or not _inside_content(node)
    return marked and node.css_first("h1, main, article") is None


def _inside_content(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in {"main", "article", "section"}:
            return True
        parent = parent.parent
    return False
