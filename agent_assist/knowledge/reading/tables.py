"""Rows of cells as a Markdown table, which `knowledge.blocks` keeps row by row with its header."""

from collections.abc import Sequence


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """The first row is the header. Blank rows and columns are left out; "" where nothing is left."""
    width = max(map(len, rows), default=0)
    even = [[*row, *[""] * (width - len(row))] for row in rows if any(cell.strip() for cell in row)]
    kept = [column for column in range(width) if any(row[column].strip() for row in even)]
    if not even or not kept:
        return ""
    lines = [_line([row[column] for column in kept]) for row in even]
    return "\n".join([lines[0], "|" + " --- |" * len(kept), *lines[1:]])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
