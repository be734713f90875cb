"""Cutting a document's Markdown: into parts that fit an article, and around what became articles of its own."""

from collections.abc import Sequence
from itertools import pairwise

from agent_assist.errors import ImportRowError
from agent_assist.files.rows import MAX_TEXT_BYTES, too_long
from agent_assist.knowledge.blocks import parse_blocks
from agent_assist.knowledge.reading.limits import TEXT_CHARS

# Half of what an article may have: blocks come whole, and little is lost where parts are shorter.
_PART_BYTES = MAX_TEXT_BYTES // 2


def split_long(text: str) -> list[str]:
    """`text`, or its parts where it is too long for one article: cut before headings, or else between blocks.

    Raises ImportRowError where it is longer than any document people write.
    """
    if len(text) > TEXT_CHARS:
        raise ImportRowError(f"The text has more than {TEXT_CHARS:,} characters; split it into several files.")
    if not too_long(text):
        return [text]
    cuts = [0]
    size = 0
    for block in parse_blocks(text):
        if size > _PART_BYTES // 2 and (block.level or size > _PART_BYTES):
            cuts.append(block.start)
            size = 0
        size += len(text[block.start : block.end].encode("utf-8", "replace"))
    return [text[begin:end] for begin, end in pairwise([*cuts, len(text)])]


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text around the spans; "" where headings are all that is left."""
    if not spans:
        return text
    pieces = []
    position = 0
    for start, end in spans:
        pieces.append(text[position:start].strip())
        position = end
    pieces.append(text[position:].strip())
    return _with_content("\n\n".join(filter(None, pieces)))


def _with_content(text: str) -> str:
    """`text` without headings that have nothing below them any more, except the one that begins it."""
    blocks = parse_blocks(text)
    if all(block.level for block in blocks):
        return ""
    pieces: list[str] = []
    end = len(text)
    below = 0  # level of the last heading, seen from the end, that leads to content; 7 for content itself
    for block in reversed(blocks):
        if block.level and block.level >= below and block is not blocks[0]:
            pieces.append(text[block.end : end].strip())
            end = block.start
        else:
            below = block.level or 7
    pieces.append(text[:end].strip())
    return "\n\n".join(filter(None, reversed(pieces)))
