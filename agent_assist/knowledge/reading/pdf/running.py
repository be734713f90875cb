"""What is no text of a PDF: running heads and feet, page numbers, the lines of a table of contents."""

import re
from collections import Counter
from collections.abc import Sequence

from agent_assist.knowledge.reading.pdf.lines import Line

# Lines at either edge of a page that may be running ones.
_EDGE = 3
_MIN_PAGES = 3
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.?)?\s*\d{1,4}\s*(?:(?:of|/|von)\s*\d{1,4})?\W*|\W*第\s*\d{1,4}\s*页(?:\W*共\s*\d{1,4}\s*页)?\W*",
    re.IGNORECASE,
)

# A table of contents says nothing that its chapters do not say better.
_LEADERS = re.compile(r"(?:[.·…]\s*){5,}\d{0,4}$")


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without what repeats at their edges on more than half of them, page numbers and contents lists."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    most = max(2, len(pages) // 2)
    running = {key for key, count in counts.items() if count > most or (count == len(pages) >= _MIN_PAGES)}
    return [_kept(page, running if len(pages) >= _MIN_PAGES else set()) for page in pages]


def _kept(page: Sequence[Line], running: set[str]) -> list[Line]:
    edges = {id(line) for line in _edges(page)}
    outermost = {id(line) for line in _outermost(page)}
    return [
        line
        for line in page
        if not (id(line) in edges and _key(line) in running)
        and not _LEADERS.search(line.text)
        and not (id(line) in outermost and _PAGE_NUMBER.fullmatch(line.text))
    ]


def _edges(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(by_height) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _outermost(page: Sequence[Line]) -> list[Line]:
    if len(page) < 2:
        return []
    return [max(page, key=lambda line: line.top), min(page, key=lambda line: line.bottom)]


def _key(line: Line) -> str:
    """The line with its numbers alike, which count pages and chapters, and its height on the page."""
    return f"{re.sub(r'[0-9]+', '#', line.text)}@{round(line.bottom / 6)}"
