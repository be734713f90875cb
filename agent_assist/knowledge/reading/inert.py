"""Text that does nothing when it is shown: no picture is loaded, no link runs code, no HTML is HTML.

Articles are shown as Markdown. Whatever their file was, their text passes through here.
"""

import re
from html import unescape

_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Possessive quantifiers: a megabyte of one letter must not take the square of that.
_PICTURE = re.compile(r"!\[([^\[\]\n]*+)\](?:\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)|\[[^\[\]\n]*+\])?")
_LINK = re.compile(r"\[([^\[\]\n]*+)\]\([ \t]*+<?([^()\s<>]*+(?:\([^()\s<>]*+\)[^()\s<>]*+)*+)>?[^()\n]*+\)")
_DEFINITION = re.compile(r"^([ \t>]*\[[^\[\]\n]+\]):[ \t]*(?=\S)", re.MULTILINE)
# `<` begins HTML only with a letter or sign right behind it; <https://…> and <name@shop> are mere addresses.
_TAG = re.compile(r"<(?=[a-zA-Z/!?])(?!https?://[^\s<>]+>|mailto:[^\s<>]+>|[\w.+-]+@[\w.-]+>)")
_UNSAFE_REST = re.compile(r"\]\((?!(?:https?|mailto|tel):)")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
_NEVER_SHOWN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]+")


def inert_markdown(text: str) -> str:
    """Markdown with pictures as their words, unsafe links as their label, and tags that are tags no more."""
    if "![" in text:
        text = _PICTURE.sub(r"\1", text)
        text = text.replace("![", "! [")
    if "](" in text:
        text = _LINK.sub(_kept_link, text)
        text = _UNSAFE_REST.sub("] (", text)
    if "]:" in text:
        text = _DEFINITION.sub(r"\1 : ", text)
    if "<" in text:
        for opening, closing in _NEVER_SHOWN:
            text = _cut_out(text, opening, closing)
        text = _TAG.sub("< ", text)
    return text


def _cut_out(text: str, opening: str, closing: str) -> str:
    """`text` without what lies between the two, upper or lower case; an opening without an end stays."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    pieces = []
    position = 0
    while (start := lower.find(opening, position)) >= 0 and (end := lower.find(closing, start)) >= 0:
        pieces.append(text[position:start])
        position = end + len(closing)
    return "".join([*pieces, text[position:]])


def inert_words(text: str) -> str:
    """Words out of a document in which Markdown means nothing: not even a link is one."""
    if "[" in text:
        text = text.replace("](", "] (").replace("![", "! [")
        text = re.sub(r"\](?=:|\[)", "] ", text)
    return _TAG.sub("< ", text) if "<" in text else text


def safe_link(address: str) -> str:
    """`address` where it may be followed by a click, else ""."""
    plain = _BLANKS.sub("", unescape(address))
    scheme = _SCHEME.match(plain)
    if scheme is None or scheme[0].lower() not in _SAFE_SCHEMES:
        return ""
    return plain.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _kept_link(match: re.Match[str]) -> str:
    address = safe_link(match[2])
    return f"[{match[1]}]({address})" if address else match[1]
