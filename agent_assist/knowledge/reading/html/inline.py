"""The words of an inline stretch of HTML, with the links that may stay."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from agent_assist.knowledge.reading.inert import inert_words, safe_link

_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_ALL_BOLD = re.compile(r"\*\*[^*]+\*\*")
_MAX_DEPTH = 100
# Links of a heading to itself.
_MARKS_OF_A_PLACE = frozenset({"#", "¶", "§", "🔗"})


def inline_text(node: LexborNode) -> str:
    """Words of one node; `\\n` stands for a forced line break. White space is not yet folded at the edges."""
    return _text(node, 0)


def one_line(node: LexborNode) -> str:
    """Words of a heading or a cell, on one line and without emphasis."""
    return " ".join(fold(inline_text(node)).split("\n")).replace("**", "")


def paragraph(words: Iterable[str]) -> str:
    """Words as a paragraph. Emphasis stays where it is the whole line, which then stands for a heading."""
    return "\n".join(
        line if _ALL_BOLD.fullmatch(line) else line.replace("**", "") for line in fold("".join(words)).split("\n")
    )


def fold(text: str) -> str:
    """White space as a browser shows it: single blanks, lines without blanks at their ends."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n")


def _text(node: LexborNode, depth: int) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return inert_words(_SPACES.sub(" ", node.text_content or ""))
    if tag == "br":
        return "\n"
    if tag == "img":
        return inert_words(_SPACES.sub(" ", (node.attributes.get("alt") or "").strip()))
    if depth > _MAX_DEPTH:
        return inert_words(node.text(separator=" "))
    inner = "".join(_text(child, depth + 1) for child in node.iter(include_text=True))
    if tag == "a":
        return _link(inner, node.attributes.get("href") or "")
    if tag in {"strong", "b"}:
        return _bold(inner)
    return inner


def _bold(inner: str) -> str:
    words = inner.strip()
    if not words or "\n" in words or "**" in words:
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{before}**{words}**{after}"


def _link(inner: str, address: str) -> str:
    label = fold(inner).replace("\n", " ")
    if label in _MARKS_OF_A_PLACE:
        return ""
    kept = safe_link(address)
    if not kept or not label or "](" in label:
        return inner
    if label == kept or kept in {f"mailto:{label}", f"tel:{label}"}:
        return label
    return f"[{label.replace('[', '(').replace(']', ')')}]({kept})"
