"""The parts of a Markdown or plain text that should stay whole: paragraphs, list items, table rows, code, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•·]|\d{1,3}[.)、．]|[（(]\d{1,3}[)）])[ \t]*\S")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`text[start:end]` is one part; `path` holds the headings above it, outermost first.

    `level` is 1 to 6 for a heading and 0 for the rest. `header` is the first row of the table that a row belongs to.
    """

    start: int
    end: int
    path: tuple[str, ...] = ()
    level: int = 0
    header: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the line feed
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def parse_blocks(text: str) -> list[Block]:
    """The blocks of `text` in order; they do not overlap and leave out nothing but blank lines."""
    lines = _lines(text)
    blocks: list[Block] = []
    headings: list[tuple[int, str]] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.blank:
            index += 1
            continue
        level, title, after = _heading(lines, index)
        if level:
            headings = [item for item in headings if item[0] < level]
            headings.append((level, title))
        path = tuple(title for _, title in headings)
        if level:
            blocks.append(Block(start=line.start, end=lines[after - 1].end, path=path, level=level))
        else:
            after = _body(lines, index, path, blocks)
        index = after
    return blocks


def _lines(text: str) -> list[_Line]:
    lines = []
    position = 0
    for piece in text.split("\n"):
        lines.append(_Line(position, position + len(piece), piece))
        position += len(piece) + 1
    return lines


def _heading(lines: list[_Line], index: int) -> tuple[int, str, int]:
    """Level (0 for no heading), title and the index after it."""
    line = lines[index].text
    if match := _HEADING.match(line):
        return len(match[1]), match[2], index + 1
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    if (rule := _SETEXT.match(following)) and not (_ITEM.match(line) or "|" in line or _SETEXT.match(line)):
        return 1 if rule[1][0] == "=" else 2, line.strip(), index + 2
    return 0, "", index


def _body(lines: list[_Line], index: int, path: tuple[str, ...], blocks: list[Block]) -> int:
    """Append the block or blocks that begin at `index`; returns the index after them."""
    if match := _FENCE.match(lines[index].text):
        after = next((i + 1 for i in range(index + 1, len(lines)) if lines[i].text.lstrip().startswith(match[1])), 0)
        after = after or len(lines)
        blocks.append(Block(start=lines[index].start, end=lines[after - 1].end, path=path))
        return after
    if index + 1 < len(lines) and "|" in lines[index].text and _TABLE_RULE.match(lines[index + 1].text):
        return _table(lines, index, path, blocks)
    after = index + 1
    while after < len(lines) and not _ends_paragraph(lines, after):
        after += 1
    blocks.append(Block(start=lines[index].start, end=lines[after - 1].end, path=path))
    return after


def _table(lines: list[_Line], index: int, path: tuple[str, ...], blocks: list[Block]) -> int:
    header = lines[index].text.strip()
    # The header and its rule are one block with the first row: alone they say nothing.
    after = index + 2
    first = True
    while after < len(lines) and "|" in lines[after].text:
        start = lines[index].start if first else lines[after].start
        blocks.append(Block(start=start, end=lines[after].end, path=path, header="" if first else header))
        first = False
        after += 1
    if first:
        blocks.append(Block(start=lines[index].start, end=lines[index + 1].end, path=path))
    return after


def _ends_paragraph(lines: list[_Line], index: int) -> bool:
    line = lines[index]
    return bool(
        line.blank
        or _ITEM.match(line.text)
        or _HEADING.match(line.text)
        or _FENCE.match(line.text)
        or ("|" in line.text and index + 1 < len(lines) and _TABLE_RULE.match(lines[index + 1].text))
    )


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """`(start, end)` of the sentences of `text[start:end]`, each with the white space behind it."""
    position = start
    for match in re.compile(r"(?:[。！？!?；;…]+[”’」』）)\"]*|\.(?=\s)|\n)\s*").finditer(text, start, end):
        if match.end() > position:
            yield position, match.end()
            position = match.end()
    if position < end:
        yield position, end
