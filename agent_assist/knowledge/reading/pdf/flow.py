"""Lines of a PDF as Markdown: which of them are one paragraph, a heading, an item, a row of a table."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agent_assist.domain.language import is_han
from agent_assist.knowledge.reading.inert import inert_words
from agent_assist.knowledge.reading.pdf.lines import Line
from agent_assist.knowledge.reading.tables import markdown_table

_MAX_HEADING = 100
_LEVELS = 4
_BULLET = re.compile(r"^[•·●▪■◦‣∙○◆➢–—\uf0b7\uf0a7-]\s*(?=\S)")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.)、]|[（(]\d{1,2}[)）])\s*(?=\S)")
_ASKS = re.compile(r"^(?:Q|A|Question|Answer|问题?|答案?|回答)\s*\d{0,2}\s*[:：.]", re.IGNORECASE)
_SENTENCE_END = ("。", ".", "！", "!", "？", "?", "；", ";", "：", ":", "”", '"')
_WIDE_CELL = 60
_NO_WORD = re.compile(r"[^\w-]")
_HYPHENATED_WORD = re.compile(r"\w+(?:-\w+)+")


class Flow:
    """Puts the lines of one document together; its body text's size tells headings from the rest."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._body = _body_size(lines)
        larger = {line.size for line in lines if line.size > self._body * 1.12 and len(line.text) <= _MAX_HEADING}
        self._levels = {size: min(n, _LEVELS) for n, size in enumerate(sorted(larger, reverse=True), start=1)}
        self._bold_level = min(len(self._levels) + 1, _LEVELS + 1)
        self._right = {page: max(one.right for one in lines if one.page == page) for page in _pages(lines)}
        self._hyphenated = {word.lower() for line in lines for word in _HYPHENATED_WORD.findall(line.text)}

    @property
    def title(self) -> str:
        """The first line of the largest size on the first pages; "" where all text is of one size."""
        largest = [line for line in self._lines if self._levels.get(line.size) == 1 and line.page <= 1]
        return next((text for text, _ in self._headings(largest[:3])), "")

    def markdown(self) -> str:
        """The document's blocks with blank lines between; the items of a list without."""
        pieces: list[str] = []
        item = False
        for block in self._blocks():
            is_item = bool(_item(block))
            pieces.append(("\n" if item and is_item else "\n\n") + block)
            item = is_item
        return "".join(pieces).strip()

    def _headings(self, lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
        """Headings of one level that follow each other closely are one, broken into lines."""
        words: list[str] = []
        for n, line in enumerate(lines):
            words.append(line.text)
            if n + 1 == len(lines) or not _close(line, lines[n + 1]):
                yield inert_words(" ".join(words) if not _ends_han(words) else "".join(words)), self._level(line)
                words = []

    def _blocks(self) -> Iterator[str]:
        n = 0
        while n < len(self._lines):
            end = self._run(n)
            group = self._lines[n:end]
            if level := self._level(group[0]):
                yield from (f"{'#' * level} {text}" for text, _ in self._headings(group))
            elif len(group[0].cells) > 1 and len(group) > 1:
                yield markdown_table(_table(group))
            else:
                yield self._paragraph(group)
            n = end

    def _run(self, begin: int) -> int:
        """Index after the last line that belongs to the block which begins at `begin`."""
        first = self._lines[begin]
        end = begin + 1
        level = self._level(first)
        if not level and _is_row(first):
            while end < len(self._lines) and _is_row(self._lines[end]) and not self._level(self._lines[end]):
                end += 1
            if end > begin + 1:
                return end
        while end < len(self._lines) and self._goes_on(self._lines[end - 1], self._lines[end], level):
            end += 1
        return end

    def _goes_on(self, line: Line, following: Line, level: int) -> bool:
        if self._level(following) != level or following.size != line.size:
            return False
        if level:
            return _close(line, following)
        if line.hyphenated:
            return True
        if _item(following.text) or _ASKS.match(following.text) or _is_row(following):
            return False
        ended = line.text.endswith(_SENTENCE_END)
        if following.page != line.page:
            return not ended and following.page == line.page + 1
        # A line that stops well before the margin is the last of its paragraph.
        short = line.right < self._right[line.page] - 6 * line.size
        return _close(line, following) and not (short and (ended or not self._is_wide(line)))

    def _is_wide(self, line: Line) -> bool:
        return line.right > self._right[line.page] * 0.5

    def _level(self, line: Line) -> int:
        """1 to 5 for a heading, 0 for the rest."""
        if len(line.text) > _MAX_HEADING or len(line.cells) > 1:
            return 0
        if line.size in self._levels:
            return self._levels[line.size]
        ends = line.text.endswith(("。", ".", "，", ",", "；", ";"))
        return self._bold_level if line.bold and line.size >= self._body and not ends and not _item(line.text) else 0

    def _paragraph(self, lines: Sequence[Line]) -> str:
        text = lines[0].text
        for line, following in pairwise(lines):
            text = self._joined(text, following.text, hyphenated=line.hyphenated or text.endswith("-"))
        text = inert_words(text)
        return f"- {text[match.end() :]}" if (match := _BULLET.match(text)) else text

    def _joined(self, text: str, following: str, *, hyphenated: bool) -> str:
        if hyphenated and following[:1].islower():
            stem = text.removesuffix("-")
            word = f"{_NO_WORD.split(stem)[-1]}-{_NO_WORD.split(following)[0]}"
            return stem + ("-" if word.lower() in self._hyphenated else "") + following
        if hyphenated:
            return text.removesuffix("-") + "-" + following
        without_blank = _is_wide_char(text[-1:]) and _is_wide_char(following[:1])
        return text + ("" if without_blank else " ") + following


def _body_size(lines: Sequence[Line]) -> float:
    """The size that most characters are set in."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[line.size] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _pages(lines: Sequence[Line]) -> set[int]:
    return {line.page for line in lines}


def _item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def _is_row(line: Line) -> bool:
    return len(line.cells) > 1 and max(len(cell.text) for cell in line.cells) <= _WIDE_CELL


def _table(lines: Sequence[Line]) -> list[list[str]]:
    """Rows of cells; each cell stands in the column whose middle is nearest, of the row with most cells."""
    columns = [(cell.left + cell.right) / 2 for cell in max(lines, key=lambda line: len(line.cells)).cells]
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            middle = (cell.left + cell.right) / 2
            nearest = min(range(len(columns)), key=lambda n: abs(columns[n] - middle))
            row[nearest] = f"{row[nearest]} {inert_words(cell.text)}".strip()
        rows.append(row)
    return rows


def _close(line: Line, following: Line) -> bool:
    """Lines of one paragraph: not further apart than lines usually are."""
    return following.page == line.page and -line.size < line.bottom - following.top < 0.7 * line.size


def _ends_han(words: Sequence[str]) -> bool:
    return bool(words) and _is_wide_char(words[0][-1:])


def _is_wide_char(char: str) -> bool:
    return bool(char) and (
        is_han(char) or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" or char in "“”‘’…—"
    )
