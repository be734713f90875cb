"""Markdown and plain text files, with or without front matter."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article
from agent_assist.files.encoding import detect_encoding
from agent_assist.files.rows import RejectedRow
from agent_assist.files.walk import refuse
from agent_assist.knowledge.reading.document import document_articles
from agent_assist.knowledge.reading.fields import LISTS, field_of
from agent_assist.knowledge.reading.place import doc_id_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_H1 = re.compile(r"^ {0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def read_text_file(path: Path, root: Path) -> Iterator[Article | RejectedRow]:
    """The articles of a Markdown or text file: the text, and a FAQ for each question that it answers."""
    if (refusal := refuse(path)) is not None:
        yield refusal
        return
    text = path.read_text(encoding=detect_encoding(path), errors="replace")
    head: dict[str, Any] = {}
    if path.suffix.lower() != ".txt" and (match := _FRONT_MATTER.match(text.replace("\r\n", "\n"))):
        head = _front_matter(match[1])
        text = text.replace("\r\n", "\n")[match.end() :]
    values = {"id": doc_id_of(path.with_suffix(""), root), "title": _title(path, text), **head, "text": text}
    yield from document_articles(values, path)


def _front_matter(block: str) -> dict[str, Any]:
    """`key: value` lines; lists as `[a, b]` or separated by commas."""
    values: dict[str, Any] = {}
    for line in block.splitlines():
        name, colon, value = line.partition(":")
        key, value = field_of(name.strip()), value.strip().strip("\"'")
        if colon and key and key != "text" and value:
            if key in LISTS:
                values[key] = [part.strip(" \"'") for part in re.split(r"[,，|;；]", value.strip("[]")) if part.strip()]
            else:
                values[key] = value
    return values


def _title(path: Path, text: str) -> str:
    if path.suffix.lower() != ".txt" and (match := _H1.search(text)):
        return match[1]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    ends_like_a_sentence = first.endswith(tuple("。.!！?？,，;；:："))
    return first if 0 < len(first) <= 40 and not ends_like_a_sentence else path.stem
