"""The cells of an HTML table, spans filled in."""

from selectolax.lexbor import LexborNode

from agent_assist.knowledge.reading.html.inline import fold, inline_text

_MAX_SPAN = 50
_MAX_CELLS = 500_000


def table_rows(table: LexborNode) -> list[list[str]] | None:
    """Rows of cells; a cell that spans several stands in each of them. None for a table that only lays out a page."""
    # A node's own selector finds the node itself, too.
    if len(table.css("table")) > 1 or table.attributes.get("role") in {"presentation", "none"}:
        return None
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column -> rows that its cell still reaches into, its text
    cells = 0
    for row in table.css("tr"):
        line = _row(row, below)
        cells += len(line)
        if cells > _MAX_CELLS:
            break
        rows.append(line)
    return rows if max(map(len, rows), default=0) > 1 else None


def _row(row: LexborNode, below: dict[int, tuple[int, str]]) -> list[str]:
    line: list[str] = []
    for cell in row.css("td, th"):
        _fill(line, below)
        text = _cell(cell)
        for _ in range(_span(cell, "colspan")):
            if (rest := _span(cell, "rowspan") - 1) > 0:
                below[len(line)] = (rest, text)
            line.append(text)
    _fill(line, below)
    return line


def _fill(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(line) in below:
        rest, text = below.pop(len(line))
        if rest > 1:
            below[len(line)] = (rest - 1, text)
        line.append(text)


def _cell(cell: LexborNode) -> str:
    parts = [
        inline_text(child) + ("\n" if child.tag in {"p", "div", "li"} else "") for child in cell.iter(include_text=True)
    ]
    return " ".join(fold("".join(parts)).split("\n")).replace("**", "")


def _span(cell: LexborNode, name: str) -> int:
    text = cell.attributes.get(name) or "1"
    return min(_MAX_SPAN, max(1, int(text))) if text.isdecimal() and len(text) < 5 else 1
